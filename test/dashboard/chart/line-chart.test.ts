/** A chart fills its area exactly, whatever the data, and its picture follows them. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Canvas } from '../../../src/dashboard/chart/canvas.ts';
import { drawLineChart, type LineChart, type Point } from '../../../src/dashboard/chart/line-chart.ts';
import { scaleOf, type Scale } from '../../../src/dashboard/chart/scale.ts';
import { columnsOf } from '../../../src/dashboard/text.ts';
import { themeFor, type Stroke, type Theme } from '../../../src/dashboard/theme.ts';

const UNICODE = themeFor({ LANG: 'en_US.UTF-8' }, 'linux');
const ASCII = themeFor({ LANG: 'C' }, 'linux');
const STROKES: readonly Stroke[] = ['solid', 'dotted', 'dashed'];

const stroke = fc.constantFrom(...STROKES);
const value = fc.oneof(
  fc.double(),
  fc.double({ min: 0, max: 3 }),
  fc.constantFrom(null, 0, Number.MIN_VALUE, Number.MAX_VALUE, -Number.MAX_VALUE, NaN, Infinity),
);
const curve = fc.array(value, { maxLength: 30 }).map((ys) => ys.map((y, index): Point => ({ x: index + 1, y })));

function chartOf(curves: readonly (readonly Point[])[], kind: Scale['kind'], rule: number | null = null): LineChart {
  const points = curves.flat();
  return {
    series: curves.map((each, index) => ({ points: each, stroke: STROKES[index % 3]!, tone: 'plain' })),
    x: {
      scale: scaleOf(
        points.map(({ x }) => x),
        'integer',
      ),
      title: 'epoch',
    },
    y: {
      scale: scaleOf(
        points.map(({ y }) => y),
        kind,
      ),
    },
    rule,
  };
}

function draw(chart: LineChart, width: number, height: number, theme: Theme): readonly string[] {
  return drawLineChart(chart, width, height, theme).map((line) => line.map(({ text }) => text).join(''));
}

const points = (...ys: readonly (number | null)[]): readonly Point[] => ys.map((y, index) => ({ x: index + 1, y }));

describe('a chart', () => {
  it('fills its area exactly, in ASCII with ASCII alone', () => {
    fc.assert(
      fc.property(
        fc.array(curve, { maxLength: 3 }),
        fc.constantFrom<Scale['kind']>('linear', 'log'),
        fc.option(fc.integer({ min: -5, max: 40 })),
        fc.nat(120),
        fc.nat(30),
        fc.constantFrom(UNICODE, ASCII),
        (curves, kind, rule, width, height, theme) => {
          const lines = draw(chartOf(curves, kind, rule), width, height, theme);
          expect(lines).toHaveLength(height);
          for (const line of lines) {
            expect(columnsOf(line)).toBe(width);
            if (theme === ASCII) expect(line).toMatch(/^[\x20-\x7e]*$/);
          }
        },
      ),
    );
  });

  it('falls where its curve falls', () => {
    const falling = fc
      .array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 60 })
      .map((ys) => points(...ys.toSorted((a, b) => b - a)));
    fc.assert(
      fc.property(falling, fc.constantFrom(UNICODE, ASCII), (some, theme) => {
        const lines = draw(chartOf([some], 'linear'), 60, 20, theme).slice(0, -2);
        const left = lines[0]!.search(/[┤│|+]/u) + 1;
        const rows = Array.from({ length: 60 - left }, (_, column) =>
          lines.flatMap((line, row) => (Array.from(line)[left + column]?.trim() ? [row] : [])),
        ).filter((drawn) => drawn.length > 0);
        for (const [index, drawn] of rows.slice(1).entries()) {
          expect(Math.min(...drawn)).toBeGreaterThanOrEqual(Math.min(...rows[index]!));
          expect(Math.max(...drawn)).toBeGreaterThanOrEqual(Math.max(...rows[index]!));
        }
      }),
    );
  });

  it('has axes with ticks, the title below the margin, and a mark at the kept epoch', () => {
    const loss = points(1, 0.5, 0.3, 0.2, 0.15, 0.12, 0.1, 0.1, 0.12, 0.15);
    expect(draw(chartOf([loss], 'linear', 7), 40, 9, UNICODE)).toMatchInlineSnapshot(`
      [
        "  1.0┤⢣                     ┊           ",
        "     │ ⢣                    ┊           ",
        "     │  ⢣                   ┊           ",
        "  0.5┤   ⢣                  ┊           ",
        "     │    ⠑⠢⡀               ┊           ",
        "     │      ⠈⠑⠢⢄⡀           ┊           ",
        "     │          ⠈⠉⠒⠒⠤⠤⠤⠤⠤⠤⢄⣀⣀⣀⣀⣀⣀⣀⡠⠤⠤⠤⠤⠤",
        "     └┬──────────────┬──────▲──────────┬",
        "epoch 1              5                10",
      ]
    `);
    expect(draw(chartOf([loss], 'linear', 7), 40, 9, ASCII)).toMatchInlineSnapshot(`
      [
        "  1.0+*                     :           ",
        "     | *                    :           ",
        "     |  **                  :           ",
        "  0.5+    *                 :           ",
        "     |     **               :           ",
        "     |       ******         :           ",
        "     |             *********************",
        "     ++--------------+------^----------+",
        "epoch 1              5                10",
      ]
    `);
  });

  it('tells its series apart without colour', () => {
    const chart = chartOf([points(1, 1), points(2, 2), points(3, 3)], 'linear');
    expect(draw(chart, 24, 7, UNICODE)).toMatchInlineSnapshot(`
      [
        "    3┤⠉⠉  ⠉⠉  ⠉⠉  ⠉⠉  ⠉⠉",
        "     │                  ",
        "    2┤⠄⠄⠄⠄⠄⠄⠄⠄⠄⠄⠄⠄⠄⠄⠄⠄⠄⠄",
        "     │                  ",
        "    1┤⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀",
        "     └┬────────────────┬",
        "epoch 1                2",
      ]
    `);
    expect(draw(chart, 24, 7, ASCII)).toMatchInlineSnapshot(`
      [
        "    3+++++++++++++++++++",
        "     |                  ",
        "    2+..................",
        "     |                  ",
        "    1+******************",
        "     ++----------------+",
        "epoch 1                2",
      ]
    `);
  });

  it('has gaps where there is no number, and shows a number that stands alone', () => {
    expect(draw(chartOf([points(1, 1, null, 1, NaN, 1, 1)], 'linear'), 26, 3, ASCII)).toMatchInlineSnapshot(`
      [
        "   |                      ",
        "1.0+*****      *      ****",
        "   |                      ",
      ]
    `);
  });

  it('leaves the axes out where there is no room for them', () => {
    expect(draw(chartOf([points(3, 2, 1)], 'linear'), 12, 3, ASCII)).toMatchInlineSnapshot(`
      [
        "3+***       ",
        "2+   ****   ",
        "1+       ***",
      ]
    `);
  });

  it('names the places that it is told to name', () => {
    const chart = chartOf([points(1, 3, 2)], 'linear');
    const ticks = ['relu', 'tanh', 'sigmoid'].map((label, index) => ({ value: index + 1, label }));
    expect(draw({ ...chart, x: { ...chart.x, title: '', ticks } }, 40, 6, ASCII)).toMatchInlineSnapshot(`
      [
        "3+                ********              ",
        " |          ******        *********     ",
        "2+    ******                       *****",
        "1+****                                  ",
        " ++------------------+-----------------+",
        "  relu             tanh          sigmoid",
      ]
    `);
  });
});

describe('a canvas', () => {
  it('draws those dots of a line that are inside of its bounds, and no others', () => {
    const place = fc.integer({ min: -50, max: 100 });
    fc.assert(
      fc.property(fc.nat(30), fc.nat(10), place, place, place, stroke, (columns, rows, x, y, u, each) => {
        const canvas = new Canvas(columns, rows, UNICODE.glyphs.chart);
        canvas.line({ x, y }, { x: u, y }, { stroke: each, tone: 'plain' });
        const crossed = Math.floor(y / 4);
        for (let row = 0; row < rows; row++) {
          for (let column = 0; column < columns; column++) {
            const isBeside = row !== crossed || column * 2 + 1 < Math.min(x, u) || column * 2 > Math.max(x, u);
            const text = canvas.at(column, row)?.text;
            if (isBeside) expect(text).toBeUndefined();
            else if (each === 'solid') expect(text).toMatch(/^[\u2801-\u28ff]$/u);
          }
        }
      }),
    );
  });

  it('adds dots up, and keeps the tone of the last pen', () => {
    const canvas = new Canvas(1, 1, UNICODE.glyphs.chart);
    canvas.dot({ x: 0, y: 0 }, { stroke: 'solid', tone: 'plain' });
    canvas.dot({ x: 1, y: 3 }, { stroke: 'solid', tone: 'accent' });
    expect(canvas.at(0, 0)).toEqual({ text: '⢁', tone: 'accent' });
  });
});
