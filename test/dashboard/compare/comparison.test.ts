/** What levels are called, and which cell is best. */

import { describe, expect, it } from 'vitest';
import { bestCell, isNumeric, labelsOf, shortMeasureFormat } from '../../../src/dashboard/compare/comparison.ts';
import type { Level } from '../../../src/statistics/levels.ts';
import { ASCII, UNICODE } from '../views/scene.tsx';
import { BY_DROPOUT, BY_MOMENTUM, cell, levels } from './examples.ts';

const RANGES: readonly Level[] = [
  { label: '0.00011..0.00022', position: 0.000163, value: undefined },
  { label: '0.014..0.03', position: 0.0214, value: undefined },
];

describe('labels of levels', () => {
  it('are the values, and a sign where a config has none', () => {
    expect(labelsOf(levels(0, 0.9, 'adam', null), 10, UNICODE.glyphs)).toEqual(['0', '0.9', 'adam', '–']);
    expect(labelsOf(levels(null), 10, ASCII.glyphs)).toEqual(['-']);
  });

  it('are cut where they are too long, but for ranges, which go by their middle', () => {
    expect(labelsOf(levels('categorical', 0.1), 5, UNICODE.glyphs)).toEqual(['cate…', '0.1']);
    expect(labelsOf(RANGES, 16, UNICODE.glyphs)).toEqual(['0.00011..0.00022', '0.014..0.03']);
    expect(labelsOf(RANGES, 8, UNICODE.glyphs)).toEqual(['~0.00016', '~0.021']);
    expect(labelsOf(RANGES, 7, UNICODE.glyphs)).toEqual(['~2e-4', '~0.021']);
  });

  it('stand to the right where all of them are numbers, or none', () => {
    expect(isNumeric(levels(1, 2, null))).toBe(true);
    expect(isNumeric(RANGES)).toBe(true);
    expect(isNumeric(levels(1, 'auto'))).toBe(false);
  });
});

describe('the best cell', () => {
  it('depends on the goal', () => {
    expect(bestCell(BY_DROPOUT)?.mean).toBe(0.9793);
    expect(bestCell(BY_MOMENTUM)?.mean).toBe(0.22);
    expect(bestCell({ ...BY_DROPOUT, cells: [] })).toBeUndefined();
  });
});

describe('means in cells', () => {
  it('lose decimals where they are large for their company', () => {
    const means = [0.1, 0.2, 812.5];
    const format = shortMeasureFormat(means.map((mean, index) => cell(index, 0, mean)));
    expect(means.map(format)).toEqual(['0.1000', '0.2000', '812.5']);
  });
});
