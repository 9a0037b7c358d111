/** Sparklines are as wide as asked, and as high as their values. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sparkline } from '../../../src/dashboard/chart/sparkline.ts';
import { columnsOf } from '../../../src/dashboard/text.ts';
import { themeFor } from '../../../src/dashboard/theme.ts';

const UNICODE = themeFor({ LANG: 'en_US.UTF-8' }, 'linux');
const ASCII = themeFor({ LANG: 'C' }, 'linux');

describe('a sparkline', () => {
  it('is as wide as asked, whatever the data, and ASCII where it must be', () => {
    const values = fc.array(fc.oneof(fc.double(), fc.constant(null)), { maxLength: 60 });
    fc.assert(
      fc.property(values, fc.nat(40), (some, width) => {
        expect(columnsOf(sparkline(some, width, UNICODE))).toBe(width);
        expect(sparkline(some, width, ASCII)).toMatch(new RegExp(`^[ -~]{${width}}$`));
      }),
    );
  });

  it('goes from the lowest to the highest level', () => {
    expect(sparkline([1, 2, 3, 4, 5, 6, 7, 8], 8, UNICODE)).toBe('▁▂▃▄▅▆▇█');
    expect(sparkline([1, 2, 3, 4, 5, 6, 7], 7, ASCII)).toBe('.:-=+*#');
  });

  it('takes means where values are many, and the nearest where they are few', () => {
    expect(sparkline([0, 2, 9, 7], 2, UNICODE)).toBe('▁█');
    expect(sparkline([0, 1], 6, UNICODE)).toBe('▁▁▁███');
  });

  it('is blank where nothing is known, and in the middle where nothing changes', () => {
    expect(sparkline([1, null, NaN, 2], 4, UNICODE)).toBe('▁  █');
    expect(sparkline([], 3, UNICODE)).toBe('   ');
    expect(sparkline([5, 5, 5], 3, UNICODE)).toBe('▅▅▅');
  });

  it('goes by logarithms where values span decades, so that the end of a curve shows', () => {
    expect(sparkline([1000, 100, 10, 1], 4, UNICODE)).toBe('█▆▃▁');
  });
});
