/** The columns of reports: what the loss brings, what is asked for, of the parts that there are. */

import { expect, test } from 'vitest';
import { METRIC_NAMES } from '../../src/metrics.ts';
import { evaluatedParts, layerColumns, reportedMetrics } from '../../workers/train/reports.ts';
import { buildProgram } from './builders.ts';

const NO_TEST = { train: 10, validation: 5, test: 0 };

test.each(['binary_crossentropy', 'hinge', 'kl_divergence'] as const)(
  '%s brings the accuracy of every part that has rows',
  (loss) => {
    expect(reportedMetrics(loss, NO_TEST)).toEqual([
      'train_loss',
      'train_data_loss',
      'train_accuracy',
      'validation_loss',
      'validation_data_loss',
      'validation_accuracy',
    ]);
  },
);

test.each(['mse', 'mae', 'msle', 'huber', 'poisson'] as const)(
  '%s brings the errors in the own units of the target',
  (loss) => {
    expect(reportedMetrics(loss, { train: 10, validation: 0, test: 0 })).toEqual([
      'train_loss',
      'train_data_loss',
      'train_mae',
      'train_mse',
      'train_rmse',
      'train_r2',
    ]);
  },
);

test('what is asked for is of all parts, or of the one that it names; the order is that of the database', () => {
  const metrics = reportedMetrics('binary_crossentropy', NO_TEST, [
    'f1',
    'validation_auc',
    'validation_f1',
    'test_auc',
  ]);
  expect(metrics.filter((name) => /auc|f1/.test(name))).toEqual(['train_f1', 'validation_auc', 'validation_f1']);
  expect(metrics).toEqual(METRIC_NAMES.filter((name) => metrics.includes(name)));
});

test('a program evaluates the parts that it reports', () => {
  expect(evaluatedParts({ metrics: ['validation_auc', 'train_loss'] })).toEqual(['train', 'validation']);
});

test('only layers with a kernel have columns, layer by layer', () => {
  const columns = (weight_norms: boolean, gradient_norms: boolean): string[] => {
    const { layers } = buildProgram({ layers: [{ units: 2 }, {}] });
    const flatten = { ...layers[0]!, type: 'flatten' as const };
    const program = { layers: [flatten, ...layers], layer_history: { weight_norms, gradient_norms } };
    return layerColumns(program).map(({ layer, quantity }) => `${layer} ${quantity}`);
  };
  expect(columns(true, false)).toEqual(['1 kernel_norm', '2 kernel_norm']);
  expect(columns(false, true)).toEqual(['1 gradient_norm', '1 clipped_share', '2 gradient_norm', '2 clipped_share']);
  expect(columns(true, true)).toHaveLength(6);
  expect(columns(false, false)).toEqual([]);
});
