/** Axes of the report's charts hold what is drawn on them, whatever the values are. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { intervalDomain } from '../../../src/report/page/browser/interval-domain.ts';
import { logAxis } from '../../../src/report/page/browser/log-axis.ts';
import { axisFor } from '../../../src/report/page/browser/sections/axis.ts';

const number = fc.double({ noNaN: true, min: -1e9, max: 1e9 });
const value = fc.oneof(number, fc.string(), fc.boolean(), fc.constant(null));

describe('an axis of parallel coordinates', () => {
  test('places every value and every tick on itself', () => {
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 40 }), (values) => {
        const axis = axisFor('p', values);
        for (const at of [...values.map(axis.at), ...axis.ticks.map((tick) => tick.at)]) {
          expect(at).toBeGreaterThanOrEqual(-0.01);
          expect(at).toBeLessThanOrEqual(1.01);
        }
      }),
    );
  });

  test('gives a few values a tick each, numbers by size, the missing one first', () => {
    const { ticks, at } = axisFor('l2', [0.1, null, 1e-6, 0, 0.1]);
    expect(ticks.map(({ label }) => label)).toEqual(['\u2013', '0', '1e-6', '0.1']);
    expect([null, 0, 1e-6, 0.1].map(at)).toEqual([0, 1 / 3, 2 / 3, 1]);
  });

  test('places many numbers by their logarithm where they span decades', () => {
    const { ticks, at } = axisFor(
      'rate',
      Array.from({ length: 40 }, (_, index) => 10 ** (-4 + index / 13)),
    );
    expect(ticks.map(({ label }) => label)).toEqual(['1e-4', '0.001', '0.01', '0.1']);
    expect(at(0.01)).toBeCloseTo(2 / 3);
  });

  test('has room below many numbers for configs that have none', () => {
    const { ticks, at } = axisFor('momentum', [null, ...Array.from({ length: 41 }, (_, index) => index)]);
    expect([null, 0, 20, 40].map(at)).toEqual([0, 0.1, 0.55, 1]);
    expect(ticks.map(({ label }) => label)).toEqual(['\u2013', '0', '10', '20', '30', '40']);
  });

  test('names some of many choices', () => {
    const { ticks } = axisFor(
      'file',
      Array.from({ length: 100 }, (_, index) => `run ${index}`),
    );
    expect(ticks.length).toBeLessThanOrEqual(16);
    expect(ticks[0]?.label).toBe('run 0');
  });

  test('keeps numbers that are all the same in its middle', () => {
    expect(axisFor('mean', [0.5, 0.5], 0).at(0.5)).toBe(0.5);
  });
});

describe('an axis of means with intervals', () => {
  const estimate = fc.record({
    mean: number,
    half: fc.double({ noNaN: true, min: 0, max: 1e9 }),
    isKnown: fc.boolean(),
  });

  test('holds every mean, and nothing beyond the widest interval', () => {
    fc.assert(
      fc.property(fc.array(estimate, { minLength: 1 }), (estimates) => {
        const rows = estimates.map(({ mean, half, isKnown }) => ({
          mean,
          interval: isKnown ? ([mean - half, mean + half] as const) : null,
        }));
        const [low, high] = intervalDomain(rows);
        const ends = rows.flatMap(({ mean, interval }) => interval ?? [mean]);
        expect(low).toBeLessThan(high);
        fc.pre(Math.min(...ends) < Math.max(...ends));
        expect(low).toBeLessThanOrEqual(Math.min(...rows.map(({ mean }) => mean)));
        expect(high).toBeGreaterThanOrEqual(Math.max(...rows.map(({ mean }) => mean)));
        // A half is worked out from the ends again.
        expect(low).toBeGreaterThanOrEqual(Math.min(...ends) - 1e-6);
        expect(high).toBeLessThanOrEqual(Math.max(...ends) + 1e-6);
      }),
    );
  });

  test('cuts off an interval that would squeeze the others', () => {
    const rows = [0.8, 0.81, 0.82].map((mean) => ({ mean, interval: [mean - 0.01, mean + 0.01] as const }));
    const [low, high] = intervalDomain([...rows, { mean: 0.8, interval: [-2, 3.6] }]);
    expect([low, high].map((end) => Number(end.toFixed(6)))).toEqual([0.77, 0.83]);
  });
});

test('a logarithmic axis has a few powers of ten inside its bounds', () => {
  fc.assert(
    fc.property(
      fc.double({ min: 1e-12, max: 1e9, noNaN: true }),
      fc.double({ min: 100, max: 1e12, noNaN: true }),
      (low, ratio) => {
        const { ticks } = logAxis(low, low * ratio);
        const powers = Array.isArray(ticks) ? ticks : [];
        expect(powers.length).toBeGreaterThan(1);
        expect(powers.length).toBeLessThanOrEqual(5);
        for (const power of powers) {
          expect(power).toBeGreaterThan(low * (1 - 1e-6));
          expect(power).toBeLessThan(low * ratio * (1 + 1e-6));
        }
      },
    ),
  );
});
