/** A long curve is thinned to what a chart can show, and each of its points stays true. */

import { expect, test } from 'vitest';
import { bandOf } from '../../src/report/bands.ts';

const EPOCHS = Array.from({ length: 5000 }, (_, index) => index + 1);
/** Three replicates; one has a spike at epoch 1234, one stops at 4000. */
const TRIALS = [0, 1, 2].map((replicate) => {
  const last = replicate === 2 ? 4000 : 5000;
  const epochs = EPOCHS.slice(0, last);
  return {
    last,
    epochs,
    values: epochs.map((epoch) => 1 / epoch + replicate / 1000 + (replicate === 1 && epoch === 1234 ? 9 : 0)),
  };
});

test('a band keeps its ends and its spikes, and the points it has are those of all epochs', () => {
  const band = bandOf('train_loss', TRIALS, null)!;
  expect(band.epochs.length).toBeLessThanOrEqual(240);
  expect([band.epochs[0], band.epochs.at(-1)]).toEqual([1, 5000]);
  expect(band.epochs).toContain(1234);
  for (const [index, epoch] of band.epochs.entries()) {
    const values = TRIALS.filter(({ last }) => last >= epoch).map((trial) => trial.values[epoch - 1]!);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    expect(band.n[index]).toBe(epoch > 4000 ? 2 : 3);
    expect(band.mean[index]).toBeCloseTo(mean, 5);
    expect((band.low[index]! + band.high[index]!) / 2).toBeCloseTo(mean, 4);
  }
});

test('one replicate has no interval, and none has no band', () => {
  const band = bandOf('train_loss', TRIALS.slice(0, 1), null)!;
  expect(new Set([...band.low, ...band.high])).toEqual(new Set([null]));
  expect(bandOf('train_loss', [{ last: 2, epochs: [1, 2], values: [null, null] }], null)).toBeUndefined();
});

test('folds share training rows, so their intervals are wider', () => {
  const trials = [1, 2, 3, 4].map((value) => ({ last: 1, epochs: [1], values: [value] }));
  const half = (folds: number | null): number => bandOf('validation_loss', trials, folds)!.high[0]! - 2.5;
  // 1/4 + 1/3 in place of 1/4.
  expect(half(4) / half(null)).toBeCloseTo(Math.sqrt((1 / 4 + 1 / 3) / (1 / 4)), 4);
});
