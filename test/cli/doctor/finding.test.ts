/** How the doctor's findings are printed. */

import { expect, test } from 'vitest';
import { formatFindings } from '../../../src/cli/doctor/finding.ts';

test('findings stand in columns, advice below its finding, and the last line says whether sweeps can run', () => {
  const text = formatFindings([
    { subject: 'Node', grade: 'ok', text: '20.19.0 on linux x64' },
    { subject: 'native backend', grade: 'warning', text: 'no compiler', advice: '`nightsweep setup` tries again' },
    { subject: 'SQLite', grade: 'problem', text: 'not compiled', advice: '`nightsweep setup` compiles it' },
  ]);
  expect(text).toMatchInlineSnapshot(`
    "+ Node            20.19.0 on linux x64
    ! native backend  no compiler
                      \`nightsweep setup\` tries again
    x SQLite          not compiled
                      \`nightsweep setup\` compiles it

    Sweeps cannot run here: 1 problem (x)."
  `);
});

test('warnings alone do not keep sweeps from running', () => {
  const text = formatFindings([{ subject: 'memory', grade: 'warning', text: '1.0 GB', advice: 'use `--workers 1`' }]);
  expect(text.split('\n').at(-1)).toBe('Sweeps run here, with 1 reservation (!).');
});

test('findings without fault end in good news', () => {
  expect(formatFindings([{ subject: 'SQLite', grade: 'ok', text: '3.53.2' }])).toMatch(/\nAll is well\.$/);
});
