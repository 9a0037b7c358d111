/** A finished sweep whose answers are known, for the queries that nightsweep brings: 2 optimizers x 3 dropout rates, 4 replicates. */

import type { Store } from '../../db/store.ts';
import type { Write } from '../../db/writes.ts';
import { orderTrials } from '../../src/coordinator/core/order.ts';
import type { ResolvedSweep } from '../../src/definition/resolved.ts';
import type { MetricName } from '../../src/metrics.ts';
import { moonsData } from '../resolved.ts';
import { FACTS, placed, sampleSweep, started } from './sample-sweep.ts';

const METRICS: readonly MetricName[] = ['train_loss', 'train_accuracy', 'validation_loss', 'validation_accuracy'];
const BUDGET = 10;

interface Course {
  readonly optimizer: string;
  readonly dropout: number;
  /** Mean validation accuracy, and how much better the training accuracy is. */
  readonly accuracy: number;
  readonly gap: number;
  /** The epoch of the lowest validation loss, and the last one. */
  readonly lowest: number;
  readonly epochs: number;
  readonly seconds: number;
  /** Of the first of two layers; that of the last one is 1. */
  readonly gradientNorm: number;
}

/** By config. */
const COURSES: readonly Course[] = [
  { optimizer: 'sgd', dropout: 0, accuracy: 0.8, gap: 0.02, lowest: 10, epochs: 10, seconds: 1, gradientNorm: 0.125 },
  {
    optimizer: 'sgd',
    dropout: 0.2,
    accuracy: 0.82,
    gap: 0.01,
    lowest: 10,
    epochs: 10,
    seconds: 1.5,
    gradientNorm: 0.25,
  },
  { optimizer: 'sgd', dropout: 0.4, accuracy: 0.7, gap: 0.03, lowest: 9, epochs: 10, seconds: 2, gradientNorm: 0.5 },
  { optimizer: 'adam', dropout: 0, accuracy: 0.9, gap: 0.06, lowest: 4, epochs: 10, seconds: 2, gradientNorm: 1 },
  { optimizer: 'adam', dropout: 0.2, accuracy: 0.95, gap: 0.04, lowest: 5, epochs: 6, seconds: 4, gradientNorm: 1 },
  { optimizer: 'adam', dropout: 0.4, accuracy: 0.949, gap: 0.03, lowest: 6, epochs: 8, seconds: 3, gradientNorm: 2 },
];

/** What seeds do to every config alike, and to one by itself; both cancel out over replicates. */
const SEED_EFFECTS = [-0.03, -0.01, 0.01, 0.03];
const NOISE = [
  [1, -1, -1, 1],
  [1, 1, -1, -1],
  [1, -1, 1, -1],
];

/** Config 2's trials in these replicates have failed. */
const FAILED = { config: 2, replicates: [2, 3] };

function exampleSweep(name: string): ResolvedSweep {
  const base = sampleSweep({ name, configs: COURSES.length, replicates: SEED_EFFECTS.length });
  return {
    ...base,
    parameters: ['optimizer', 'dropout'],
    configs: base.configs.map((config) => {
      const { optimizer, dropout } = COURSES[config.ordinal]!;
      const { data } = config;
      const split = { ...moonsData(100, 60).split, validation: 'rest', test: 0 } as const;
      return { ...config, params: { optimizer, dropout }, data: { ...data, split } };
    }),
    objective: { metric: 'validation_accuracy', goal: 'maximize' },
  };
}

/** @returns its id */
export function writeExample(store: Store, name = 'moons'): number {
  const sweep = exampleSweep(name);
  const origin = { definition: {}, hash: 'example', file: '/sweeps/moons.yaml', versions: { nightsweep: '0.1.0' } };
  const rows = { train: 60, validation: 40, test: 0 };
  const order = orderTrials(COURSES.length, SEED_EFFECTS.length, sweep.seed, []);
  const id = store.createSweep(sweep, origin, order, () => ({ lastEpoch: BUDGET, rows }));
  const run = store.startRun(id, FACTS);
  for (const { id: trial, config, replicate } of store.trials(id)) {
    const failed = config === FAILED.config && FAILED.replicates.includes(replicate);
    // One process died.
    const lost: Write = { type: 'attempt_lost', trial, outcome: 'lost', message: null };
    if (config === 0 && replicate === 0) store.write([started(trial, run), placed(trial), lost]);
    store.write([started(trial, run), placed(trial), ...(failed ? failure(trial) : result(trial, config, replicate))]);
  }
  store.endRun(run, 'finished');
  store.analyse(id);
  return id;
}

function result(trial: number, config: number, replicate: number): Write[] {
  const { accuracy, gap, lowest, epochs, seconds, gradientNorm } = COURSES[config]!;
  const noise = (config < 3 ? 0.002 : 0.004) * NOISE[config % 3]![replicate]!;
  const objective = accuracy + SEED_EFFECTS[replicate]! + noise;
  const rows = Array.from({ length: epochs }, (_, index) => {
    const epoch = index + 1;
    const loss = 0.25 + (epoch - lowest) ** 2 / 64 + replicate / 8;
    const layers = [gradientNorm, 1].map((norm, layer) => ({
      layer,
      kernel_norm: 1,
      gradient_norm: norm,
      clipped_share: layer / 4,
    }));
    return { epoch, values: [1 / epoch, objective + gap, loss, objective], layers };
  });
  return [
    { type: 'epochs', trial, metrics: METRICS, rows },
    {
      type: 'trial_ended',
      trial,
      end: {
        state: 'completed',
        stop_reason: epochs < BUDGET ? 'early_stopping' : 'epochs',
        epochs,
        kept_epoch: epochs,
      },
      seconds,
      metrics: METRICS,
      values: rows.at(-1)!.values,
      advice: null,
    },
  ];
}

function failure(trial: number): Write[] {
  return [
    { type: 'epochs', trial, metrics: METRICS, rows: [{ epoch: 1, values: [5, 0.5, 6, 0.5] }] },
    {
      type: 'trial_ended',
      trial,
      end: { state: 'failed', kind: 'diverged', epochs: 1, message: 'the training loss is not finite', last_loss: 5 },
      seconds: 0.5,
      metrics: METRICS,
      values: [null, null, null, null],
      advice: 'lower the learning rate',
    },
  ];
}
