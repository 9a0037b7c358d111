/** Thinning: whatever a trial's numbers, the epochs that matter have a row, and few others. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { EpochRow } from '../../src/executor/executor.ts';
import { isRecorded, recordedEpochs, Recorder } from '../../workers/recording.ts';

/** The rows that a trial leaves; `values` are its objective, `kept` tells whether an epoch becomes the kept one. */
function record(
  values: readonly (number | null)[],
  kept: (epoch: number) => boolean,
  { sign = 1, mode = 'auto' }: { sign?: 1 | -1; mode?: 'auto' | 'all' } = {},
): { rows: readonly EpochRow[]; recorder: Recorder } {
  const recorder = new Recorder(mode, 1, sign);
  let keptEpoch = 0;
  const rows = values.flatMap((value, index) => {
    const epoch = index + 1;
    if (kept(epoch)) keptEpoch = epoch;
    return recorder.take({ epoch, values: [epoch, value] }, keptEpoch);
  });
  return { rows: [...rows, ...recorder.finish()], recorder };
}

const length = fc.oneof(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 490, max: 4100 }));
const trial = length.chain((epochs) =>
  fc.record({
    // Few different values, so that there are ties; null where the number was not finite.
    values: fc.array(fc.oneof(fc.integer({ min: 0, max: 50 }), fc.constant(null)), {
      minLength: epochs,
      maxLength: epochs,
      size: 'max',
    }),
    keptEpoch: fc.integer({ min: 1, max: epochs }),
    sign: fc.constantFrom(1 as const, -1 as const),
  }),
);

function bestEpoch(values: readonly (number | null)[], sign: 1 | -1): number | undefined {
  const known = values.filter((value) => value !== null).map((value) => value * sign);
  if (known.length === 0) return undefined;
  const best = known.reduce((a, b) => Math.min(a, b)) * sign;
  return values.indexOf(best) + 1;
}

describe('auto', () => {
  test('the first, the best, the kept and the last epoch have a row, and no epoch has two', () => {
    fc.assert(
      fc.property(trial, ({ values, keptEpoch, sign }) => {
        const { rows } = record(values, (epoch) => epoch === keptEpoch, { sign });
        const epochs = rows.map(({ epoch }) => epoch);
        expect(new Set(epochs).size).toBe(epochs.length);
        const needed = [1, bestEpoch(values, sign), keptEpoch, values.length];
        expect(needed.filter((epoch) => epoch !== undefined && !epochs.includes(epoch))).toEqual([]);
        for (const { epoch, values: row } of rows) expect(row).toEqual([epoch, values[epoch - 1]]);
      }),
      { seed: 1, numRuns: 60 },
    );
  });

  test('the expected number of rows is an upper bound, by three at most too high', () => {
    fc.assert(
      fc.property(trial, ({ values, keptEpoch, sign }) => {
        const { rows } = record(values, (epoch) => epoch === keptEpoch, { sign });
        const bound = recordedEpochs(values.length, 'auto');
        expect(rows.length).toBeLessThanOrEqual(bound);
        expect(rows.length).toBeGreaterThanOrEqual(bound - 3);
      }),
      { seed: 2, numRuns: 60 },
    );
  });

  test('thins by two whenever the epochs double beyond 500', () => {
    const between = (from: number, to: number): number =>
      Array.from({ length: to - from }, (_, i) => from + i + 1).filter((epoch) => isRecorded(epoch, 'auto')).length;
    expect([
      between(0, 500),
      between(500, 1000),
      between(1000, 2000),
      between(2000, 4000),
      between(4000, 8000),
    ]).toEqual([500, 250, 250, 250, 250]);
  });

  test('a longer trial records the same epochs as far as the shorter one goes', () => {
    const falling = (epochs: number): number[] => Array.from({ length: epochs }, (_, i) => -i);
    const [short, long] = [700, 3000].map((epochs) => {
      const { rows } = record(falling(epochs), () => true);
      return rows.map(({ epoch }) => epoch);
    });
    expect(long!.slice(0, short!.length)).toEqual(short);
  });
});

test('all keeps every epoch, once and in order', () => {
  const { rows } = record(new Array<number>(1200).fill(0), (epoch) => epoch === 3, { mode: 'all' });
  expect(rows.map(({ epoch }) => epoch)).toEqual(Array.from({ length: 1200 }, (_, i) => i + 1));
  expect(recordedEpochs(1200, 'all')).toBe(1200);
});

test('the rows of the kept and of the last epoch are at hand', () => {
  const { recorder } = record([5, 4, 6], (epoch) => epoch < 3);
  expect(recorder.kept).toEqual({ epoch: 2, values: [2, 4] });
  expect(recorder.last).toEqual({ epoch: 3, values: [3, 6] });
});
