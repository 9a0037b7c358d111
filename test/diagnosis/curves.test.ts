/** Overfitting and learning are seen through noise, and noise alone is neither. */

import { describe, expect, test } from 'vitest';
import { overfittingEpoch, stillLearns } from '../../src/diagnosis/curves.ts';
import { curves } from './facts.ts';

const falling = (epoch: number): number => Math.exp(-epoch / 40);
const flat = (): number => 0.3;

/** Lowest at epoch 30. */
const rising = (epoch: number): number => 0.4 + ((epoch - 30) / 100) ** 2;

describe('overfitting', () => {
  test.each([0, 0.005])('begins where the dev error is lowest, with noise %f', (noise) => {
    const epoch = overfittingEpoch(curves(falling, rising, noise));
    expect(epoch).toBeGreaterThanOrEqual(26);
    expect(epoch).toBeLessThanOrEqual(34);
  });

  test.each([
    ['both still fall', curves(falling, falling)],
    ['the dev error levels out', curves(falling, (epoch) => 0.2 + falling(epoch))],
    ['all is noise', curves(flat, flat, 0.1)],
    ['the dev error only looks as if it rose', curves(falling, (epoch) => 0.4 + epoch / 10_000, 0.05)],
    ['the training error rises, too', curves(rising, rising)],
    ['a few epochs', { metric: 'loss', epochs: [1, 2, 3], train: [3, 2, 1], dev: [1, 2, 3] }],
    ['no epochs', { metric: 'loss', epochs: [], train: [], dev: [] }],
  ])('is not seen where %s', (_, both) => {
    expect(overfittingEpoch(both)).toBeNull();
  });

  test('epochs are those that were recorded', () => {
    const thinned = curves(falling, rising);
    expect(overfittingEpoch({ ...thinned, epochs: thinned.epochs.map((epoch) => 10 * epoch) })).toBe(300);
  });
});

describe('learning at the end', () => {
  test.each([
    ['a falling error', curves(falling, flat), true],
    ['a falling error with noise', curves(falling, flat, 0.002), true],
    ['a flat one', curves(flat, flat), false],
    ['a rising one', curves(rising, flat), false],
    ['noise', curves(flat, flat, 0.1), false],
    ['one that has been reached', curves((epoch) => 0.3 + Math.exp(-epoch / 5), flat), false],
  ])('%s', (_, both, expected) => {
    expect(stillLearns(both)).toBe(expected);
  });
});
