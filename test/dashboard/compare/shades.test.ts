/** Shades follow the rank of a mean, whatever the others are. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SHADES, shadesOf } from '../../../src/dashboard/compare/shades.ts';
import { BY_DROPOUT_AND_L2, cell } from './examples.ts';

const means = fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { minLength: 1, maxLength: 40 });

describe('shades', () => {
  it('are never lighter for a better mean, and equal for equal ones', () => {
    fc.assert(
      fc.property(means, fc.constantFrom('minimize' as const, 'maximize' as const), (values, goal) => {
        const cells = values.map((mean, index) => cell(index, 0, mean));
        const { shadeOf, legend } = shadesOf({ ...BY_DROPOUT_AND_L2, goal, cells });
        for (const a of cells) {
          for (const b of cells) {
            const isBetter = goal === 'minimize' ? a.mean < b.mean : a.mean > b.mean;
            if (isBetter) expect(shadeOf(a)).toBeGreaterThanOrEqual(shadeOf(b));
            if (a.mean === b.mean) expect(shadeOf(a)).toBe(shadeOf(b));
          }
        }
        expect(legend[0]?.level).toBe(SHADES - 1);
        expect(legend.map(({ level }) => level)).toEqual(legend.map(({ level }) => level).toSorted((a, b) => b - a));
      }),
    );
  });

  it('tell good cells apart beside a terrible one', () => {
    const cells = [0.1, 0.2, 0.3, 900].map((mean, index) => cell(index, 0, mean));
    const { shadeOf, legend } = shadesOf({ ...BY_DROPOUT_AND_L2, goal: 'minimize', cells });
    expect(cells.map(shadeOf)).toEqual([3, 2, 1, 0]);
    expect(legend[0]).toEqual({ level: 3, best: 0.1, worst: 0.1 });
  });
});
