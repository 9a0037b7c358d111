/** From a resolved config to a program (structure) and a trial's numbers for it. Pure. */

import { askedMetrics } from '../../src/definition/asked-metrics.ts';
import { canonicalJson } from '../../src/definition/hash.ts';
import { hasUnitPerClass, needsTwoClasses, wantedActivations } from '../../src/definition/loss-rules.ts';
import type {
  ResolvedConfig,
  ResolvedData,
  ResolvedModel,
  ResolvedOptimizer,
  ResolvedSchedule,
  ResolvedSweep,
} from '../../src/definition/resolved.ts';
import { SweepError } from '../../src/errors.ts';
import type { DataSpec } from '../data/dataset.ts';
import { hyperOf, lastEpoch, type TrialData } from './plan-hyper.ts';
import { layerPrograms } from './plan-layers.ts';
import { isWeighted, type OptimizerProgram, type Program, type ScheduleProgram, type TrialTask } from './program.ts';
import { reportedMetrics } from './reports.ts';

export interface PlannedTrial {
  readonly program: Program;
  readonly task: Omit<TrialTask, 'trial'>;
}

/** What a program and a task take from the sweep besides the config. */
export type SweepSettings = Pick<ResolvedSweep, 'seed' | 'replicates' | 'metrics' | 'objective' | 'record'>;

/**
 * @param replicate the trial's own number
 * @param spec what `config.data` is for this replicate
 * @param data what is known of those data
 * Errors: `SweepError` of code `definition` when network and data do not fit.
 */
export function planTrial(
  config: ResolvedConfig,
  replicate: number,
  sweep: SweepSettings,
  spec: DataSpec,
  data: TrialData,
): PlannedTrial {
  const program = programOf(config, sweep, data);
  checkFit(config, program, data);
  return {
    program,
    task: {
      seed: sweep.seed,
      replicate: sweep.replicates.vary.includes('training') ? replicate : 0,
      data: spec,
      initializers: initializersOf(config.model),
      hyper: hyperOf(config, program, data),
    },
  };
}

function initializersOf(model: ResolvedModel): TrialTask['initializers'] {
  if (!('layers' in model)) return [];
  return model.layers.map((layer) =>
    'initializer' in layer ? { kernel: layer.initializer, bias: layer.bias_initializer } : null,
  );
}

function programOf({ data, model, train }: ResolvedConfig, sweep: SweepSettings, { shape }: TrialData): Program {
  const rows = shape.parts.train;
  const { name: loss } = train.loss;
  return {
    version: 2,
    data: shape,
    image: data.image,
    augment: augmentProgram(data.augment),
    ...modelProgram(model, shape.width, data.image),
    // Class targets are encoded as the loss needs: what is left of "sparse" is its name.
    loss: loss === 'sparse_categorical_crossentropy' ? 'categorical_crossentropy' : loss,
    label_smoothing: train.label_smoothing !== null,
    class_weight: train.class_weight !== null,
    noise: { gradients: train.noise.gradients !== null, labels: train.noise.labels !== null },
    optimizer: optimizerProgram(train.optimizer),
    schedule: typeof train.optimizer.learning_rate === 'number' ? null : scheduleProgram(train.optimizer.learning_rate),
    clip: {
      variable_norm: train.clip.variable_norm !== null,
      global_norm: train.clip.global_norm !== null,
      value: train.clip.value !== null,
    },
    batch: train.batch_size === 'full' ? rows : Math.min(train.batch_size, rows),
    counts_steps: train.steps !== null,
    metrics: reportedMetrics(loss, shape.parts, askedMetrics(sweep, train)),
    monitor: train.early_stopping?.monitor ?? null,
    trigger: train.early_stopping?.trigger ?? 'no_improvement',
    keep: train.keep.rule,
    keep_metric: train.keep.rule === 'best' ? train.keep.metric : null,
    objective: sweep.objective.metric,
    record: sweep.record.epochs,
    layer_history: { weight_norms: sweep.record.weight_norms, gradient_norms: sweep.record.gradient_norms },
  };
}

function modelProgram(
  model: ResolvedModel,
  width: number,
  image: ResolvedData['image'],
): Pick<Program, 'input' | 'layers' | 'module'> {
  if (!('layers' in model)) {
    const { module: path, sha256, params } = model;
    return {
      input: { noise: false, dropout: false },
      layers: [],
      module: { path, sha256, params: canonicalJson(params) },
    };
  }
  const { noise, dropout } = model.input;
  return {
    input: { noise: noise !== null, dropout: dropout !== null },
    layers: layerPrograms(model.layers, width, image),
    module: null,
  };
}

/** Images train one trial at a time: nothing is gained by a change of size 0 that shares a program with others. */
function augmentProgram(augment: ResolvedData['augment']): Program['augment'] {
  if (!augment) return null;
  const { flip } = augment;
  const [shift, rotate] = [augment.shift_pixels > 0, augment.rotate_degrees > 0];
  return flip === 'none' && !shift && !rotate ? null : { flip, shift, rotate };
}

function optimizerProgram(optimizer: ResolvedOptimizer): OptimizerProgram {
  const weight_decay = optimizer.weight_decay !== null;
  switch (optimizer.name) {
    case 'sgd': {
      const { name, nesterov } = optimizer;
      return { name, momentum: optimizer.momentum !== 0 || nesterov, nesterov, weight_decay };
    }
    case 'adam':
      return { name: optimizer.name, amsgrad: optimizer.amsgrad, weight_decay };
    case 'rmsprop': {
      const { name, centered } = optimizer;
      return { name, momentum: optimizer.momentum !== 0, centered, weight_decay };
    }
    case 'adamax':
    case 'nadam':
    case 'adagrad':
      return { name: optimizer.name, weight_decay };
  }
}

function scheduleProgram(schedule: ResolvedSchedule): ScheduleProgram {
  switch (schedule.name) {
    case 'exponential_decay':
    case 'inverse_time_decay':
      return { name: schedule.name, staircase: schedule.staircase };
    case 'polynomial_decay':
      return { name: schedule.name, cycle: schedule.cycle };
    case 'cosine_decay':
      return { name: schedule.name, warmup: schedule.warmup_target !== null };
    case 'piecewise_constant':
      return { name: schedule.name, pieces: schedule.values.length };
    case 'reduce_on_plateau':
      return { name: schedule.name, monitor: schedule.monitor };
  }
}

/** What only the data show: how many classes there are and what they are called, and how long an epoch is. */
function checkFit({ ordinal, train }: ResolvedConfig, program: Program, { shape, classes }: TrialData): void {
  const fail = (path: string, message: string, hint: string): never => {
    throw new SweepError('definition', { path, message: `${message}, in config ${ordinal}`, hint });
  };
  const loss = train.loss.name;
  const output = program.layers.at(-1);
  if (output && isWeighted(output)) {
    const wanted = wantedActivations(loss, output.activation);
    if (wanted) {
      fail(
        'train.loss',
        `${loss} needs another output activation than ${output.activation}`,
        `give the last layer \`activation: ${wanted[0]}\``,
      );
    }
    if (hasUnitPerClass(loss) && output.units !== shape.classes) {
      fail(
        'model.layers',
        `the last layer must have a unit per class, but has ${output.units} for ${shape.classes} classes`,
        `set its \`units\` to ${shape.classes}`,
      );
    }
    if (!hasUnitPerClass(loss) && output.units !== 1) {
      fail('model.layers', `${loss} must have one output unit, but the last layer has ${output.units}`, 'set it to 1');
    }
  }
  if (needsTwoClasses(loss) && shape.classes !== 2) {
    fail(
      'train.loss',
      `${loss} needs two classes, but the target has ${shape.classes}`,
      'use categorical_crossentropy with softmax',
    );
  }
  const labels = classes.map(({ label }) => label);
  const weights = typeof train.class_weight === 'object' && train.class_weight ? Object.keys(train.class_weight) : [];
  const unknown = weights.find((label) => !labels.includes(label));
  if (unknown !== undefined) {
    const path = `train.class_weight.${unknown}`;
    fail(path, `must be a class of the target, but found "${unknown}"`, `its classes are ${labels.join(', ')}`);
  }
  const epochs = lastEpoch(train, program);
  if (train.keep.rule === 'epoch' && train.keep.epoch > epochs) {
    const message = `must be at most ${epochs}, the epoch that the steps lead to, but found ${train.keep.epoch}`;
    fail('train.keep', message, 'or raise train.steps');
  }
}
