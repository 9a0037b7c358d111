/** Lines of spans fit their width. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fit, sequence, span, spread, widthOf } from '../../src/dashboard/line.ts';

const spans = fc.array(
  fc.oneof(fc.string(), fc.constantFrom('活性化', '👩‍🔬')).map((text) => span(text)),
  { maxLength: 6 },
);
const text = (line: readonly { readonly text: string }[]): string => line.map((each) => each.text).join('');

describe('lines of spans', () => {
  it('are never wider than asked', () => {
    fc.assert(
      fc.property(spans, spans, fc.nat(60), (left, right, width) => {
        expect(widthOf(fit(left, width, '…'))).toBeLessThanOrEqual(width);
        expect(widthOf(spread(left, right, width, '…'))).toBeLessThanOrEqual(width);
        expect(widthOf(sequence([left, right], width, '…'))).toBeLessThanOrEqual(width);
      }),
    );
  });

  it('show by an ellipsis that something was cut, across spans', () => {
    expect(text(fit([span('abc'), span('def')], 6, '…'))).toBe('abcdef');
    expect(text(fit([span('abc'), span('def')], 5, '…'))).toBe('abcd…');
    expect(text(fit([span('abc'), span('def')], 4, '…'))).toBe('abc…');
    expect(text(fit([span('abc'), span('def')], 3, '…'))).toBe('ab…');
    expect(text(fit([span('abc')], 0, '…'))).toBe('');
  });

  it('put two sides at the two ends, and give up the right one first', () => {
    expect(text(spread([span('ab')], [span('cd')], 8, '…'))).toBe('ab    cd');
    expect(text(spread([span('ab')], [span('cd')], 5, '…'))).toBe('ab');
  });

  it('take whole items as long as they fit', () => {
    const items = [[span('one')], [span('two')], [span('three')]];
    expect(text(sequence(items, 20, '…'))).toBe('one  two  three');
    expect(text(sequence(items, 14, '…'))).toBe('one  two');
    expect(text(sequence(items, 2, '…'))).toBe('o…');
  });
});
