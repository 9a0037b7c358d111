/** Text never takes more columns than it was given, whatever its characters. */

import fc from 'fast-check';
import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import {
  clean,
  columnsOf,
  dropLast,
  padEnd,
  padStart,
  take,
  takeEnd,
  truncate,
  wrap,
} from '../../src/dashboard/text.ts';

const text = fc.string({ unit: fc.oneof(fc.constantFrom('a', 'é', '活', '👩‍🔬', '🇩🇪', '\t', '\u001b'), fc.string()) });

describe('text in terminal columns', () => {
  it('is as wide as each of its characters, whichever way it is measured', () => {
    const characters = Array.from({ length: 0x3000 }, (_, code) => String.fromCharCode(code)).filter(
      (character) => !/\p{Cc}/u.test(character),
    );
    expect(characters.filter((character) => columnsOf(character) !== stringWidth(character))).toEqual([]);
    expect(columnsOf('▸ ■ 活 ×')).toBe(8);
  });

  it('truncates to the width or less, for any text', () => {
    fc.assert(
      fc.property(text, fc.nat(30), (raw, width) => {
        expect(columnsOf(truncate(clean(raw), width, '…'))).toBeLessThanOrEqual(width);
      }),
    );
  });

  it('leaves text alone that fits', () => {
    fc.assert(
      fc.property(text, (raw) => {
        expect(truncate(raw, columnsOf(raw), '…')).toBe(raw);
      }),
    );
  });

  it('pads text that fits to exactly the width', () => {
    fc.assert(
      fc.property(text, fc.nat(30), (raw, extra) => {
        const width = columnsOf(clean(raw)) + extra;
        expect(columnsOf(padEnd(clean(raw), width))).toBe(width);
        expect(columnsOf(padStart(clean(raw), width))).toBe(width);
      }),
    );
  });

  it('lets no control character through', () => {
    expect(clean('a\u001b[2Jb\nc\u009bd\u2028e')).toBe('a [2Jb c d e');
  });

  it('cuts between characters as people see them', () => {
    expect(truncate('活性化関数', 5, '…')).toBe('活性…');
    expect(truncate('活性化関数', 4, '…')).toBe('活…');
    expect(take('👩‍🔬👩‍🔬', 3)).toBe('👩‍🔬');
    expect(truncate('abc', 0, '…')).toBe('');
  });

  it('wraps between words, and loses nothing but blanks', () => {
    fc.assert(
      fc.property(text, fc.integer({ min: 2, max: 30 }), (raw, width) => {
        const lines = wrap(clean(raw), width);
        for (const line of lines) expect(columnsOf(line)).toBeLessThanOrEqual(width);
        expect(lines.join('').replaceAll(' ', '')).toBe(clean(raw).replaceAll(' ', ''));
      }),
    );
    expect(wrap('the disk is  nearly full', 11)).toEqual(['the disk is', 'nearly full']);
    expect(wrap('a 活性化関数 b', 7)).toEqual(['a', '活性化', '関数 b']);
    expect(wrap('', 7)).toEqual(['']);
  });

  it('shows the end of what is longer than its room', () => {
    expect(takeEnd('abc', 2)).toBe('bc');
    expect(takeEnd('a活👩‍🔬', 3)).toBe('👩‍🔬');
    expect(dropLast('a👩‍🔬')).toBe('a');
    expect(dropLast('')).toBe('');
  });
});
