/** What an error looks like to the user, and the exit code that goes with it. */

import { describe, expect, test } from 'vitest';
import { describeFailure } from '../../src/cli/failure.ts';
import { SweepError } from '../../src/errors.ts';

function systemError(code: string): Error {
  return Object.assign(new Error(`${code}: not allowed, open '/root/x.yaml'`), { code });
}

describe('without --debug', () => {
  test.each([
    [new SweepError('usage', { message: 'a must be b', hint: 'say c' }), 'a must be b (say c)\n', 1],
    [new SweepError('internal', { message: 'the worker ended' }), 'the worker ended\n', 70],
    [systemError('EACCES'), "EACCES: not allowed, open '/root/x.yaml'\n", 1],
    [systemError('ENOSPC'), "ENOSPC: not allowed, open '/root/x.yaml'\n", 1],
    [
      new TypeError('x is not a function'),
      'nightsweep: internal error: x is not a function (--debug shows the stack)\n',
      70,
    ],
    ['a string', 'nightsweep: internal error: a string (--debug shows the stack)\n', 70],
    [
      new Error('Could not locate the bindings file. Tried: ...'),
      'SQLite must be compiled for this Node, but is not: run `nightsweep setup`\n',
      1,
    ],
  ])('%s is a line', (error, text, exitCode) => {
    expect(describeFailure(error, false)).toEqual({ text, exitCode });
  });
});

test('with --debug the stack is shown, and that of the cause', () => {
  const error = new SweepError('database', { message: 'cannot be opened' });
  error.cause = new RangeError('the real reason');
  const { text, exitCode } = describeFailure(error, true);
  expect(text).toMatch(/^SweepError: cannot be opened\n {4}at .*[^]*\nCaused by: RangeError: the real reason\n {4}at /);
  expect(exitCode).toBe(1);
});
