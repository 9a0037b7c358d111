/** Whatever the data, a scale holds what can be shown, and ticks lie on it. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ticksOf } from '../../../src/dashboard/chart/axes.ts';
import { placeOf, scaleOf, spansDecades, type Scale } from '../../../src/dashboard/chart/scale.ts';

const value = fc.oneof(
  fc.double(),
  fc.double({ min: -10, max: 10 }),
  fc.integer({ min: 1, max: 500 }),
  fc.constantFrom(null, 0, Number.MIN_VALUE, Number.MAX_VALUE, -Number.MAX_VALUE, 1e-300, Infinity),
);
const values = fc.array(value, { maxLength: 12 });
const kind = fc.constantFrom<Scale['kind']>('linear', 'integer', 'log');

const labels = (low: number, high: number, most: number, of: Scale['kind'] = 'linear'): readonly string[] =>
  ticksOf({ low, high, kind: of }, most).map(({ label }) => label);

describe('a scale', () => {
  it('holds every value that can be shown', () => {
    fc.assert(
      fc.property(values, kind, (some, of) => {
        const scale = scaleOf(some, of);
        expect(scale.low).toBeLessThan(scale.high);
        for (const each of some) {
          const isShown = each !== null && Number.isFinite(each) && (of !== 'log' || each >= 1e-290);
          const place = placeOf(scale, each);
          if (isShown) expect(place).toSatisfy((at: number) => at >= 0 && at <= 1);
          else expect(place).toBeNull();
        }
      }),
    );
  });

  it('keeps the order of values', () => {
    fc.assert(
      fc.property(values, kind, (some, of) => {
        const scale = scaleOf(some, of);
        const places = some
          .filter((each) => each !== null)
          .toSorted((a, b) => a - b)
          .flatMap((each) => placeOf(scale, each) ?? []);
        expect(places).toEqual(places.toSorted((a, b) => a - b));
      }),
    );
  });

  it('puts values that are all the same in the middle', () => {
    expect(placeOf(scaleOf([0.25, 0.25], 'linear'), 0.25)).toBeCloseTo(0.5);
    expect(placeOf(scaleOf([0.25], 'log'), 0.25)).toBeCloseTo(0.5);
    expect(placeOf(scaleOf([0], 'linear'), 0)).toBe(0.5);
  });

  it('spans decades only where all values are positive and far apart', () => {
    expect(spansDecades([0.01, null, 1])).toBe(true);
    expect(spansDecades([0.011, 1])).toBe(false);
    expect(spansDecades([0, 1, 100])).toBe(false);
    expect(spansDecades([NaN, 0.01, 1, Infinity])).toBe(true);
    expect(spansDecades([])).toBe(false);
  });
});

describe('ticks', () => {
  it('lie on the scale, in order, and are few, whatever the data', () => {
    fc.assert(
      fc.property(values, kind, fc.double({ min: 0, max: 40, noNaN: true }), (some, of, most) => {
        const scale = scaleOf(some, of);
        const ticks = ticksOf(scale, most);
        expect(ticks.length).toBeLessThanOrEqual(Math.max(2, most) + 2);
        for (const { value: at } of ticks) expect(at).toSatisfy(() => at >= scale.low && at <= scale.high);
        for (const [index, { value: at }] of ticks.slice(1).entries()) expect(at).toBeGreaterThan(ticks[index]!.value);
      }),
    );
  });

  it('have labels of ASCII that differ and say the value', () => {
    fc.assert(
      fc.property(values, kind, fc.integer({ min: 2, max: 20 }), (some, of, most) => {
        const ticks = ticksOf(scaleOf(some, of), most);
        expect(new Set(ticks.map(({ label }) => label)).size).toBe(ticks.length);
        for (const { value: at, label } of ticks) {
          expect(label).toMatch(/^-?[0-9.]+(e-?[0-9]+|[kMGT])?$/);
          const unit = { k: 1e3, M: 1e6, G: 1e9, T: 1e12 }[label.at(-1) ?? ''] ?? 1;
          expect(Number.parseFloat(label) * unit).toSatisfy(
            (said: number) => said === at || Math.abs(said / at - 1) < 1e-12,
          );
        }
      }),
    );
  });

  it('of whole numbers are whole', () => {
    expect(labels(1, 3, 9, 'integer')).toEqual(['1', '2', '3']);
    expect(labels(3, 200, 5, 'integer')).toEqual(['50', '100', '150', '200']);
  });

  it('begin at 1 where counting does', () => {
    expect(labels(1, 200, 5, 'integer')).toEqual(['1', '50', '100', '150', '200']);
    expect(labels(1, 30_000, 3, 'integer')).toEqual(['1', '10k', '20k', '30k']);
    expect(labels(1, 200, 5)).toEqual(['50', '100', '150', '200']);
  });

  it('stand at 1, 2 or 5 times a power of ten', () => {
    expect(labels(0, 1, 5)).toEqual(['0', '0.2', '0.4', '0.6', '0.8', '1.0']);
    expect(labels(0.21, 0.29, 4)).toEqual(['0.22', '0.24', '0.26', '0.28']);
    expect(labels(-3, 12, 4)).toEqual(['0', '5', '10']);
  });

  it('are the decimal numbers that they claim to be', () => {
    expect(ticksOf({ low: 0, high: 0.35, kind: 'linear' }, 5).map(({ value: at }) => at)).toEqual([0, 0.1, 0.2, 0.3]);
  });

  it('have short labels for large and small numbers', () => {
    expect(labels(0, 60_000, 3)).toEqual(['0', '20k', '40k', '60k']);
    expect(labels(0, 2.5e6, 5)).toEqual(['0', '0.5M', '1.0M', '1.5M', '2.0M', '2.5M']);
    expect(labels(0, 9_000, 2)).toEqual(['0', '5000']);
    expect(labels(1e-6, 4e-6, 4)).toEqual(['1e-6', '2e-6', '3e-6', '4e-6']);
    expect(labels(0, 2e20, 2)).toEqual(['0', '1e20', '2e20']);
  });

  it('of logarithms are powers of ten, with 2 and 5 between them where there is room', () => {
    expect(labels(0.001, 10, 6, 'log')).toEqual(['0.001', '0.01', '0.1', '1', '10']);
    expect(labels(0.05, 2, 6, 'log')).toEqual(['0.05', '0.1', '0.2', '0.5', '1', '2']);
    expect(labels(1e-9, 1e9, 4, 'log')).toEqual(['1e-9', '1e-4', '10', '1M']);
    expect(labels(0.0002, 0.5, 2, 'log')).toEqual(['0.001', '0.1']);
    expect(labels(0.05, 0.5, 2, 'log')).toEqual(['0.05', '0.2']);
    expect(labels(10, 20_000, 6, 'log')).toEqual(['10', '100', '1k', '10k']);
    expect(labels(1.1, 1.9, 4, 'log')).toEqual(['1.2', '1.4', '1.6', '1.8']);
  });
});
