/** From a resolved config to a program (structure) and a trial's numbers for it. Pure. */

import { SweepError } from '../../src/errors.ts';
import type { ResolvedConfig, ResolvedLayer, ResolvedSweep, Strength } from '../../src/definition/resolved.ts';
import type { DataShape, DataSpec } from '../data/dataset.ts';
import type { DenseProgram, OptimizerProgram, Program, TrialTask } from './program.ts';
import { reportedMetrics } from './reports.ts';

export interface PlannedTrial {
  readonly program: Program;
  readonly task: Omit<TrialTask, 'trial'>;
}

/**
 * @param replicate the trial's own number
 * @param data what `config.data` is for this replicate, and its shape
 * Errors: `SweepError` of code `definition` when network and data do not fit.
 */
export function planTrial(
  config: ResolvedConfig,
  replicate: number,
  sweep: Pick<ResolvedSweep, 'seed' | 'replicates' | 'objective' | 'record'>,
  data: DataSpec,
  shape: DataShape,
): PlannedTrial {
  checkFit(config, shape);
  return {
    program: programOf(config, sweep, shape),
    task: {
      seed: sweep.seed,
      replicate: sweep.replicates.vary.includes('training') ? replicate : 0,
      data,
      initializers: config.model.layers.map(({ initializer, bias_initializer }) => ({
        kernel: initializer,
        bias: bias_initializer,
      })),
      hyper: hyperOf(config, shape),
    },
  };
}

function checkFit({ ordinal, model, train }: ResolvedConfig, shape: DataShape): void {
  const last = model.layers.at(-1)!;
  const fail = (path: string, message: string, hint: string): never => {
    throw new SweepError('definition', { path, message: `${message}, in config ${ordinal}`, hint });
  };
  const loss = train.loss.name;
  const softmax = last.activation.name === 'softmax';
  const wanted = { binary_crossentropy: 'sigmoid', categorical_crossentropy: 'softmax', mse: 'linear' }[loss];
  if ((wanted === 'softmax') !== softmax) {
    fail(
      'train.loss',
      `${loss} needs another output activation than ${last.activation.name}`,
      `give the last layer \`activation: ${wanted}\``,
    );
  }
  if (loss === 'categorical_crossentropy' && last.units !== shape.classes) {
    fail(
      'model.layers',
      `the last layer must have a unit per class, but has ${last.units} for ${shape.classes} classes`,
      `set its \`units\` to ${shape.classes}`,
    );
  }
  if (loss !== 'categorical_crossentropy' && last.units !== 1) {
    fail('model.layers', `${loss} must have one output unit, but the last layer has ${last.units}`, 'set it to 1');
  }
  if (loss === 'binary_crossentropy' && shape.classes !== 2) {
    fail(
      'train.loss',
      `binary_crossentropy needs two classes, but the target has ${shape.classes}`,
      'use categorical_crossentropy with softmax',
    );
  }
}

function programOf(
  { model, train }: ResolvedConfig,
  sweep: Pick<ResolvedSweep, 'objective' | 'record'>,
  shape: DataShape,
): Program {
  const rows = shape.parts.train;
  return {
    version: 1,
    data: shape,
    input: { noise: model.input.noise !== null, dropout: model.input.dropout !== null },
    layers: model.layers.map((layer, index) => denseProgram(layer, model.layers[index - 1]?.units ?? shape.width)),
    loss: train.loss.name,
    optimizer: optimizerProgram(train.optimizer),
    clip: {
      variable_norm: train.clip.variable_norm !== null,
      global_norm: train.clip.global_norm !== null,
      value: train.clip.value !== null,
    },
    batch: train.batch_size === 'full' ? rows : Math.min(train.batch_size, rows),
    metrics: reportedMetrics(train.loss.name, shape.parts),
    monitor: train.early_stopping?.monitor ?? null,
    keep: train.keep.rule,
    keep_metric: train.keep.rule === 'best' ? train.keep.metric : null,
    objective: sweep.objective.metric,
    record: sweep.record.epochs,
  };
}

function denseProgram(layer: ResolvedLayer, inputs: number): DenseProgram {
  return {
    type: 'dense',
    inputs,
    units: layer.units,
    activation: layer.activation.name,
    l1: layer.l1 !== null,
    l2: layer.l2 !== null || layer.l2_over_2m !== null,
    noise_before: layer.noise_before !== null,
    noise_after: layer.noise_after !== null,
    dropout: layer.dropout !== null,
  };
}

function optimizerProgram(optimizer: ResolvedConfig['train']['optimizer']): OptimizerProgram {
  if (optimizer.name === 'adam') return { name: 'adam' };
  return {
    name: 'sgd',
    momentum: optimizer.momentum !== 0 || optimizer.nesterov,
    nesterov: optimizer.nesterov,
  };
}

/** Every number of the config by the name that the training functions know it under. */
function hyperOf({ model, train }: ResolvedConfig, shape: DataShape): Readonly<Record<string, number>> {
  const hyper: Record<string, number> = { epochs: train.epochs };
  const put = (name: string, value: Strength): void => {
    if (value !== null) hyper[name] = value;
  };
  const { name: _name, ...optimizer } = train.optimizer;
  for (const [argument, value] of Object.entries(optimizer)) {
    if (typeof value === 'number') put(`optimizer.${argument}`, value);
  }
  for (const kind of ['variable_norm', 'global_norm', 'value'] as const) put(`clip.${kind}`, train.clip[kind]);
  put('input.noise', model.input.noise);
  put('input.dropout', model.input.dropout);
  for (const [index, layer] of model.layers.entries()) {
    const place = `layers.${index}`;
    put(`${place}.l1`, layer.l1);
    if (layer.l2 !== null || layer.l2_over_2m !== null) {
      put(`${place}.l2`, (layer.l2 ?? 0) + (layer.l2_over_2m ?? 0) / (2 * shape.parts.train));
    }
    put(`${place}.noise_before`, layer.noise_before);
    put(`${place}.noise_after`, layer.noise_after);
    put(`${place}.dropout`, layer.dropout);
  }
  if (train.early_stopping) {
    hyper['patience'] = train.early_stopping.patience;
    hyper['min_delta'] = train.early_stopping.min_delta;
  }
  if (train.keep.rule === 'epoch') hyper['keep.epoch'] = train.keep.epoch;
  return hyper;
}
