/** Keys write, and take back what was written. */

import { describe, expect, it } from 'vitest';
import { typeKey } from '../../../src/dashboard/lists/typing.ts';

const type = (...keys: readonly string[]): string => keys.reduce(typeKey, '');

describe('a line that is typed', () => {
  it('takes characters, and no other keys', () => {
    expect(type('l', 'r', '<', '0', ' ', '活', '😀', 'up', 'tab', 'page-down', 'ctrl-x', '\u0007')).toBe('lr<0 活😀');
  });

  it('is deleted by characters as people see them, by words, and at once', () => {
    expect(type('a', '👩', '\u200d', '🔬', 'backspace')).toBe('a');
    expect(type('backspace')).toBe('');
    expect(type(...'failed lr<0.1 '.split(''), 'ctrl-w')).toBe('failed ');
    expect(type(...'failed'.split(''), 'ctrl-u')).toBe('');
  });
});
