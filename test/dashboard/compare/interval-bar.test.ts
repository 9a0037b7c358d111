/** Intervals as bars: always as wide as asked, with the mean inside, on a scale whose ends are said. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { intervalBar, intervalScale, scaleLine } from '../../../src/dashboard/compare/interval-bar.ts';
import type { CompareCell } from '../../../src/dashboard/queries.ts';
import { columnsOf } from '../../../src/dashboard/text.ts';
import { ASCII, UNICODE } from '../views/scene.tsx';
import { cell } from './examples.ts';

const anyCell = fc
  .tuple(fc.double({ min: -1e6, max: 1e6, noNaN: true }), fc.double({ min: 0, max: 1e4, noNaN: true }), fc.boolean())
  .map(([mean, half, single]) => cell(0, 0, mean, { interval: single ? null : [mean - half, mean + half] }));

function barsOf(cells: readonly (CompareCell | undefined)[], width: number, guide: number | null = null): string[] {
  const scale = intervalScale(cells.filter((each) => each !== undefined));
  return cells.map((each) =>
    intervalBar(each, { scale, width, guide, tone: 'accent', glyphs: UNICODE.glyphs })
      .map(({ text }) => text)
      .join(''),
  );
}

describe('an interval bar', () => {
  it('shows where intervals lie on their common scale, and where one is missing', () => {
    const cells = [
      cell(0, 0, 2, { interval: [0, 4] }),
      cell(1, 0, 9, { interval: [8, 10] }),
      cell(2, 0, 5, { n: 1, interval: null }),
      undefined,
    ];
    expect(barsOf(cells, 21, 9)).toEqual([
      '├───●───┤         ┊  ',
      '                ├─●─┤',
      '          ●       ┊  ',
      '                  ┊  ',
    ]);
  });

  it('is as wide as it may be, with one mean', () => {
    fc.assert(
      fc.property(
        fc.array(anyCell, { minLength: 1, maxLength: 8 }),
        fc.integer({ min: 1, max: 90 }),
        (cells, width) => {
          for (const bar of barsOf(cells, width, cells[0]!.mean)) {
            expect(columnsOf(bar)).toBe(width);
            expect(bar.split('●')).toHaveLength(2);
          }
        },
      ),
    );
  });

  it('needs no more than ASCII where there is no more', () => {
    const [each] = [cell(0, 0, 2, { interval: [0, 4] })];
    const options = { scale: intervalScale([each]), width: 9, guide: 3, tone: 'accent', glyphs: ASCII.glyphs } as const;
    expect(intervalBar(each, options).map(({ text }) => text)).toEqual(['|---o---|']);
  });
});

describe('the line of a scale', () => {
  const format = (value: number): string => value.toFixed(2);

  it('says both ends, and round numbers between them where there is room', () => {
    const scale = { low: 0.37, high: 0.92, kind: 'linear' } as const;
    expect(scaleLine(scale, 13, format)).toBe('0.37     0.92');
    expect(scaleLine(scale, 50, format)).toMatchInlineSnapshot(`"0.37               0.6               0.8      0.92"`);
  });

  it('fills its width exactly, blank where it is too narrow', () => {
    fc.assert(
      fc.property(
        fc.array(anyCell, { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 0, max: 120 }),
        (cells, width) => {
          expect(scaleLine(intervalScale(cells), width, format)).toHaveLength(width);
        },
      ),
    );
  });
});
