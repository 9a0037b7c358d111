/** What outputs mean, and how good predictions are. */

import { describe, expect, test } from 'vitest';
import { predictionsOf, scoreOf, type Prediction } from '../../src/export/predictions.ts';
import type { Preprocessing, Target } from '../../src/export/preprocessing.ts';

const CLASSES = { name: 'y', kind: 'class', classes: ['cat', 'dog'] } as const;

function say(target: Target, ...outputs: number[]): [readonly string[], readonly Prediction[]] {
  const { columns, row } = predictionsOf(target);
  return [columns, row(Float32Array.from(outputs))];
}

describe('outputs', () => {
  test('of numbers are brought to their own unit', () => {
    expect(say({ name: 'y', kind: 'number', scale: 20, offset: 100 }, -0.5)).toEqual([['prediction'], [90]]);
  });

  test('of one probability name the second class above one half', () => {
    const columns = ['prediction', 'probability_cat', 'probability_dog'];
    expect(say({ ...CLASSES, encoding: 'binary' }, 0.75)).toEqual([columns, ['dog', 0.25, 0.75]]);
    expect(say({ ...CLASSES, encoding: 'binary' }, 0.5)).toEqual([columns, ['cat', 0.5, 0.5]]);
  });

  test('of margins have a score and no probability', () => {
    expect(say({ ...CLASSES, encoding: 'signed' }, -0.25)).toEqual([
      ['prediction', 'score'],
      ['cat', -0.25],
    ]);
    expect(say({ ...CLASSES, encoding: 'signed' }, 0.1)).toEqual([
      ['prediction', 'score'],
      ['dog', 0.1],
    ]);
  });

  test('of a unit per class name the largest, the first of equal ones', () => {
    const target = { ...CLASSES, classes: ['0', '1', '2'], encoding: 'one_hot' } as const;
    expect(say(target, 0.2, 0.4, 0.4)[1]).toEqual(['1', 0.2, 0.4, 0.4]);
  });
});

describe('the score', () => {
  const scored = (target: Target, ...pairs: [Prediction, string][]): unknown => {
    const score = scoreOf({ target } as Preprocessing);
    for (const [prediction, cell] of pairs) score.add(prediction, cell);
    return { rows: score.rows, ...score.metrics() };
  };

  test('of classes is over rows whose class is known; numbers match by value', () => {
    const target = { ...CLASSES, classes: ['1', '2'], encoding: 'binary' } as const;
    expect(scored(target, ['1', '1.0'], ['2', ' 1'], ['2', '2'], ['1', ''], ['1', '3'])).toEqual({
      rows: 3,
      accuracy: 2 / 3,
    });
  });

  test('of numbers is that of scikit-learn', () => {
    const target = { name: 'y', kind: 'number', scale: 1, offset: 0 } as const;
    // mean_absolute_error, mean_squared_error ** .5 and r2_score of ([1, 2, 4], [1.5, 2, 3]).
    expect(scored(target, [1.5, '1'], [2, '2'], [3, '4'], [7, 'NA'])).toEqual({
      rows: 3,
      mae: expect.closeTo(0.5, 12),
      rmse: expect.closeTo(0.6454972243679028, 12),
      r2: expect.closeTo(0.7321428571428572, 12),
    });
  });

  test('is empty without a known target', () => {
    expect(scored({ ...CLASSES, encoding: 'binary' }, ['cat', '?'])).toEqual({ rows: 0 });
  });
});
