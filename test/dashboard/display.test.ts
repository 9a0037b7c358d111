/** Which display a run gets. */

import { describe, expect, it } from 'vitest';
import { chooseMode } from '../../src/dashboard/display.ts';

const terminal = { input: true, output: true };

describe('the choice of a display', () => {
  it('is the dashboard on a terminal', () => {
    expect(chooseMode({}, { TERM: 'xterm-256color' }, terminal)).toBe('dashboard');
  });

  it('is plain lines where it is no terminal, a dumb one, or a machine that looks on', () => {
    expect(chooseMode({}, {}, { input: true, output: false })).toBe('plain');
    expect(chooseMode({}, {}, { input: false, output: true })).toBe('plain');
    expect(chooseMode({}, { TERM: 'dumb' }, terminal)).toBe('plain');
    expect(chooseMode({}, { CI: 'true' }, terminal)).toBe('plain');
  });

  it('is what was asked for', () => {
    expect(chooseMode({ plain: true }, {}, terminal)).toBe('plain');
    expect(chooseMode({ json: true }, { CI: 'true' }, { input: false, output: false })).toBe('json');
  });
});
