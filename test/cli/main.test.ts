/** The command line as a process: its exit codes, and where its words go. */

import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { packageVersion } from '../../src/package-info.ts';

const main = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));

function nightsweep(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--import', 'tsx', main, ...args], {
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

test('the version is the one of package.json', () => {
  expect(nightsweep('--version')).toEqual({ status: 0, stdout: `${packageVersion}\n`, stderr: '' });
});

test('a misspelt command is a usage error that names the right one', () => {
  const { status, stdout, stderr } = nightsweep('docter');
  expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
  expect(stderr).toMatchInlineSnapshot(`
    "error: unknown command 'docter'
    (Did you mean doctor?)
    (--help shows the commands and their options)
    "
  `);
});
