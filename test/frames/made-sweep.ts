/** A sweep as a night leaves it, without training: the same numbers again with the same seed. */

import { Store } from '../../db/store.ts';
import type { Write } from '../../db/writes.ts';
import { orderTrials } from '../../src/coordinator/core/order.ts';
import { readDefinition } from '../../src/definition/read.ts';
import { resolveSweep } from '../../src/definition/resolve-sweep.ts';
import type { AnySweep, Params } from '../../src/definition/resolved.ts';
import type { EpochRow } from '../../src/executor/executor.ts';
import type { MetricName } from '../../src/metrics.ts';
import { philox4x32, streamKey } from '../../workers/random/philox.ts';

export interface Sizes {
  readonly configs: number;
  readonly replicates: number;
  readonly epochs: number;
  /** Share of the trials that have ended; some more are running, the others wait. */
  readonly done: number;
  readonly seed: number;
  /** `big` by default. */
  readonly name?: string;
  /** Told before each batch of trials. */
  readonly onProgress?: (done: number, of: number) => void;
}

interface TrialPlan {
  readonly trial: number;
  readonly config: number;
  readonly replicate: number;
  readonly params: Params;
  readonly run: number;
}

const METRICS: readonly MetricName[] = [
  'train_loss',
  'train_accuracy',
  'validation_loss',
  'validation_accuracy',
  'test_loss',
  'test_accuracy',
];
/** Trials that run at the end. */
const RUNNING = 16;
/** Trials in one transaction. */
const BATCH = 250;
/** Milliseconds that a trial takes. */
const TRIAL_TIME = 250;
const BEGIN = Date.UTC(2026, 0, 1, 22);

function definitionOf({ configs, replicates, epochs, seed, name = 'big' }: Sizes): Record<string, unknown> {
  return {
    name,
    data: {
      generator: 'moons',
      samples: 500,
      noise: 0.2,
      seed: 1,
      split: { train: 0.6, validation: 0.2, test: 'rest', seed: 1 },
    },
    model: {
      hidden: { activation: '$activation', initializer: 'he_uniform', l2: '$l2', dropout: '$dropout' },
      layers: [{ units: 32 }, { units: 1, activation: 'sigmoid' }],
    },
    train: {
      loss: 'binary_crossentropy',
      optimizer: { name: 'adam', learning_rate: '$learning_rate' },
      batch_size: 32,
      epochs,
    },
    search: {
      learning_rate: { range: [1e-5, 1], log: true },
      l2: { range: [1e-6, 0.1], log: true },
      dropout: { values: [0, 0.1, 0.2, 0.3, 0.4, 0.5] },
      activation: { values: ['relu', 'tanh', 'elu'] },
    },
    baseline: { learning_rate: 0.001, l2: 1e-6, dropout: 0, activation: 'relu' },
    method: { name: 'random', configs },
    replicates,
    objective: 'validation_accuracy',
    seed,
  };
}

function sweepOf(definition: Record<string, unknown>): AnySweep {
  const reading = readDefinition(definition);
  if (!reading.ok) throw new Error(reading.mistakes.map(({ message }) => message).join('\n'));
  return resolveSweep(reading.read, new Map());
}

/** Uniform in [0, 1): always the same for the same place. */
function uniform(seed: number, ...place: readonly number[]): number {
  const words = new Uint32Array(4);
  philox4x32([place[0] ?? 0, place[1] ?? 0, place[2] ?? 0, 0], streamKey(seed, 'big-database'), words);
  return words[0]! / 2 ** 32;
}

/** A sum of uniforms: near enough to a normal number of mean 0 and spread 1. */
function normal(seed: number, ...place: readonly [number, number]): number {
  return (uniform(seed, ...place, 1) + uniform(seed, ...place, 2) + uniform(seed, ...place, 3) - 1.5) * 2;
}

/** What the accuracy tends to: best at a learning rate of 0.01 with a little dropout. */
function accuracyOf({ learning_rate, l2, dropout }: Params): number {
  const rate = (Math.log10(Number(learning_rate)) + 2) ** 2;
  const penalty = Math.max(0, Math.log10(Number(l2)) + 3) ** 2;
  return 0.96 - 0.02 * rate - 0.015 * penalty - 0.3 * (Number(dropout) - 0.2) ** 2;
}

function epochsOf({ trial, config, replicate, params }: TrialPlan, count: number, seed: number): EpochRow[] {
  const end = accuracyOf(params) + 0.005 * normal(seed, 0, replicate) + 0.008 * normal(seed, config + 1, replicate);
  return Array.from({ length: count }, (_, index) => {
    const learnt = 1 - 0.9 ** (index + 1);
    const jitter = 0.004 * Math.sin(trial + 1.7 * index);
    const validation = 0.5 + (end - 0.5) * learnt + jitter;
    const train = 0.5 + (end + 0.02 - 0.5) * learnt;
    const values = [1 - train, train, 1.05 - validation, validation, 1.06 - validation, validation - 0.01];
    return { epoch: index + 1, values };
  });
}

function begun(plan: TrialPlan, index: number): Write[] {
  const { trial, run } = plan;
  const where = { worker: 1 + (index % 4), slot: index % 16, width: 16, layout: 'stacked', backend: 'native' };
  return [
    { type: 'attempt_started', trial, cohort: 1 + Math.floor(index / 16), run, alone: false },
    { type: 'attempt_placed', trial, ...where, fingerprint: 'big', company: [], resumed_from: 0 },
  ];
}

function ended(plan: TrialPlan, epochs: number, seed: number): Write[] {
  const { trial, config, replicate, params } = plan;
  const luck = uniform(seed, config, replicate, 9);
  const common = { type: 'trial_ended', trial, seconds: TRIAL_TIME / 1000, metrics: METRICS } as const;
  const diverges = Number(params['learning_rate']) > 0.3 && luck < 0.3;
  if (diverges || luck > 0.999) {
    const reached = 1 + Math.floor((epochs - 1) * uniform(seed, config, replicate, 10));
    const rows = epochsOf(plan, reached, seed);
    const failure = diverges
      ? { kind: 'diverged' as const, message: 'the training loss is not finite', last_loss: 1e9 * luck }
      : {
          kind: 'error' as const,
          message: 'ENOENT: no such file or directory',
          stack: 'Error: ENOENT\n    at load (/sweeps/net.ts:12:5)',
        };
    const end = { state: 'failed' as const, epochs: reached, ...failure };
    const advice = diverges ? 'lower the learning rate' : null;
    return [
      { type: 'epochs', trial, metrics: METRICS, rows },
      { ...common, end, values: METRICS.map(() => null), advice },
    ];
  }
  const rows = epochsOf(plan, epochs, seed);
  const end = { state: 'completed' as const, stop_reason: 'epochs' as const, epochs, kept_epoch: epochs };
  return [
    { type: 'epochs', trial, metrics: METRICS, rows },
    { ...common, end, values: rows.at(-1)?.values ?? [], advice: null },
  ];
}

/** @returns the sweep's id; it is called `big` unless told otherwise */
export function makeSweep(file: string, sizes: Sizes): number {
  let clock = BEGIN;
  const store = Store.open(file, () => clock);
  const definition = definitionOf(sizes);
  const sweep = sweepOf(definition);
  const { configs, replicates, seed } = sweep;
  const origin = {
    definition: { definition, files: {} },
    hash: 'big',
    file: '/sweeps/big.yaml',
    versions: { nightsweep: '0.1.0' },
  };
  const id = store.createSweep(sweep, origin, orderTrials(configs.length, replicates.count, seed, []));
  const run = store.startRun(id, { pid: 1, workers: 4, backend: 'native', versions: {}, host: 'here' });
  const plans = store.trials(id).map(({ id: trial, config, replicate }): TrialPlan => {
    return { trial, config, replicate, params: configs[config]!.params, run };
  });
  const finished = Math.floor(plans.length * sizes.done);
  for (let from = 0; from < finished; from += BATCH) {
    const batch = plans.slice(from, Math.min(from + BATCH, finished));
    clock = BEGIN + from * TRIAL_TIME;
    store.write(
      batch.flatMap((plan, index): Write[] => {
        const again = uniform(sizes.seed, plan.config, plan.replicate, 11) < 0.002;
        const lost: Write = { type: 'attempt_lost', trial: plan.trial, outcome: 'lost', message: 'a worker was lost' };
        return [
          ...(again ? [...begun(plan, index), lost] : []),
          ...begun(plan, index),
          ...ended(plan, sizes.epochs, sizes.seed),
        ];
      }),
    );
    sizes.onProgress?.(from, finished);
  }
  store.write(
    plans.slice(finished, finished + RUNNING).flatMap((plan, index): Write[] => {
      const rows = epochsOf(plan, Math.ceil(sizes.epochs / 2), sizes.seed);
      return [...begun(plan, index), { type: 'epochs', trial: plan.trial, metrics: METRICS, rows }];
    }),
  );
  store.close();
  return id;
}
