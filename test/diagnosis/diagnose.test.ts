/** The lecture's four scenarios from its own numbers, and what is said of them. */

import { describe, expect, test } from 'vitest';
import { diagnoseSweep } from '../../src/diagnosis/diagnose.ts';
import type { ConfigFacts, DiagnosisFacts } from '../../src/diagnosis/facts.ts';
import { scenarioOf } from '../../src/diagnosis/scenario.ts';
import { configFacts, curves, sweepFacts, withErrors } from './facts.ts';

function diagnosed(config: ConfigFacts, options: Partial<DiagnosisFacts> = {}) {
  const facts = sweepFacts([config], options);
  return diagnoseSweep(facts, { best: config.config, configs: [{ config: config.config, tied: null }] });
}

describe('the four scenarios', () => {
  test.each([
    [0.01, 0.16, 'high_variance'],
    [0.15, 0.16, 'high_bias'],
    [0.15, 0.3, 'both'],
    [0.005, 0.01, 'neither'],
  ])('train %f and dev %f', (train, dev, scenario) => {
    expect(diagnosed(withErrors(train, dev)).diagnoses).toMatchObject([{ scenario, optimal_error: null }]);
  });

  test('an optimal error that is given is no bias', () => {
    const definition = { optimal_error: 0.14 };
    expect(diagnosed(withErrors(0.15, 0.16), { definition }).diagnoses).toMatchObject([
      { scenario: 'neither', optimal_error: 0.14 },
    ]);
    expect(diagnosed(withErrors(0.15, 0.3), { definition }).diagnoses).toMatchObject([{ scenario: 'high_variance' }]);
  });

  test('errors below the optimal one, and below those of training, are not high', () => {
    expect(scenarioOf(-0.1, -0.2)).toBe('neither');
  });

  test('bias and variance are the differences, in one sentence with both errors', () => {
    const [diagnosis] = diagnosed(withErrors(0.01, 0.16)).diagnoses;
    expect(diagnosis).toMatchObject({ config: 0, metric: 'accuracy', part: 'validation' });
    expect(diagnosis?.bias).toBeCloseTo(0.01, 12);
    expect(diagnosis?.variance).toBeCloseTo(0.15, 12);
    expect(diagnosis?.summary).toMatch(/^high variance, .* error 1\.0 % on train and 16\.0 % on validation/);
  });
});

test('few rows leave it open whether the variance is high', () => {
  const summaryWith = (train: number, validation: number): string =>
    diagnosed(withErrors(0.01, 0.06, { rows: { train, validation, test: 0 } })).diagnoses[0]!.summary;
  expect(summaryWith(1000, 50)).toMatch(/; with 50 rows of validation, whether the variance is high may be chance$/);
  expect(summaryWith(50_000, 20_000)).not.toMatch(/chance/);
});

describe('what errors are made of', () => {
  test('the part for choosing comes before the test part, which stands in for it', () => {
    const means = { train_accuracy: 0.99, validation_accuracy: 0.98, test_accuracy: 0.8 };
    expect(diagnosed(configFacts(means)).diagnoses).toMatchObject([{ part: 'validation', scenario: 'neither' }]);
    const { validation_accuracy: _, ...others } = means;
    expect(diagnosed(configFacts(others)).diagnoses).toMatchObject([{ part: 'test', scenario: 'high_variance' }]);
  });

  test('a loss of classes is judged by the accuracy, which has a scale', () => {
    const means = { train_accuracy: 0.99, validation_accuracy: 0.8, train_loss: 0.1, validation_loss: 3 };
    expect(diagnosed(configFacts(means), { objective: 'validation_loss' }).diagnoses).toMatchObject([
      { metric: 'accuracy', scenario: 'high_variance' },
    ]);
  });

  test.each([
    ['mse', 100, 'high_bias'],
    ['mse', 3, 'neither'],
    ['rmse', 10, 'high_bias'],
  ] as const)('%s %f is put on a scale by r2', (metric, error, scenario) => {
    // A model that predicts the mean has a squared error of 400.
    const share = (metric === 'mse' ? error : error ** 2) / 400;
    const means = {
      [`train_${metric}`]: error,
      [`validation_${metric}`]: error,
      train_r2: 1 - share,
      validation_r2: 1 - share,
    };
    const objective = `validation_${metric}`;
    expect(diagnosed(configFacts(means), { objective }).diagnoses).toMatchObject([
      { metric, train_error: error, dev_error: error, scenario },
    ]);
  });

  test('an optimal error in the unit of the metric is taken off on that scale', () => {
    const means = { train_rmse: 10, validation_rmse: 10, train_r2: 0.75, validation_r2: 0.75 };
    const options = { objective: 'validation_rmse', definition: { optimal_error: 9.5 } };
    // 90 % of the squared error cannot be avoided, and the rest is 2.4 % of that of the mean.
    expect(diagnosed(configFacts(means), options).diagnoses).toMatchObject([{ bias: 0.5, scenario: 'neither' }]);
  });

  test.each([
    [{ train_loss: 3, validation_loss: 4 }, 'validation_loss', /how large a loss is much is not known/],
    [{ train_accuracy: 0.9 }, 'train_accuracy', /no validation or test part/],
    [{ validation_accuracy: 0.9 }, 'validation_accuracy', /not measured on the training part/],
  ])('nothing is said where no scale is known: %j', (means, objective, reason) => {
    const { diagnoses, undiagnosed } = diagnosed(configFacts(means), { objective });
    expect(diagnoses).toEqual([]);
    expect(undiagnosed).toMatch(reason);
  });

  test('an optimal error in per cent is no share', () => {
    const { undiagnosed } = diagnosed(withErrors(0.1, 0.2), { definition: { optimal_error: 5 } });
    expect(undiagnosed).toBe('optimal_error must be a share of rows for accuracy, such as 0.05, but is 5');
  });

  test('a config without a result is no news', () => {
    expect(diagnosed(configFacts({}, { n: 0 }))).toMatchObject({ diagnoses: [], undiagnosed: null });
  });
});

test('overfitting is dated', () => {
  const overfits = curves(
    (epoch) => 1 / epoch,
    (epoch) => 0.5 + Math.abs(epoch - 40) / 100,
  );
  expect(diagnosed(withErrors(0, 0.2, { curves: overfits })).diagnoses[0]?.overfitting_epoch).toBe(40);
});
