/** A small resolved sweep, and the writes of trials that end in known ways, for the tests of the database. */

import { NO_LIMITS, type ResolvedConfig, type ResolvedSweep } from '../../src/definition/resolved.ts';
import type { MetricName } from '../../src/metrics.ts';
import type { RunFacts, Store } from '../../db/store.ts';
import type { Write } from '../../db/writes.ts';
import { RECORD_NOTHING, denseLayer, moonsData, plainAdam, plainSgd, trainSection } from '../resolved.ts';

type Of<Type extends Write['type']> = Extract<Write, { type: Type }>;

export const METRICS: readonly MetricName[] = ['train_loss', 'train_accuracy', 'test_loss', 'test_accuracy'];

export const ORIGIN = {
  definition: { name: 'moons', search: { l2: { values: [0, 0.001] } } },
  hash: 'abc',
  file: '/sweeps/moons.yaml',
  versions: { nightsweep: '0.1.0' },
};

export const FACTS: RunFacts = { pid: 1, workers: 2, backend: 'cpu', versions: { node: '20' }, host: 'here' };

/** Parameters `l2` and `optimizer`, and `momentum` where the optimizer is sgd. */
export function sampleSweep({ name = 'moons', configs = 3, replicates = 2 } = {}): ResolvedSweep {
  return {
    name,
    seed: 7,
    parameters: ['l2', 'optimizer', 'momentum'],
    configs: Array.from({ length: configs }, (_, ordinal) => sampleConfig(ordinal)),
    included: 0,
    baseline: 0,
    replicates: { count: replicates, vary: ['training'] },
    metrics: [],
    objective: { metric: 'test_accuracy', goal: 'maximize' },
    record: { epochs: 'auto', ...RECORD_NOTHING },
    limits: NO_LIMITS,
    warnings: [],
  };
}

function sampleConfig(ordinal: number): ResolvedConfig {
  const l2 = ordinal / 1000;
  const sgd = ordinal % 2 === 0;
  return {
    ordinal,
    params: sgd ? { l2, optimizer: 'sgd', momentum: 0.9 } : { l2, optimizer: 'adam' },
    data: moonsData(100, 30),
    model: {
      input: { noise: null, dropout: null },
      layers: [denseLayer({ units: 5, activation: { name: 'relu' }, l2 }), denseLayer()],
    },
    train: trainSection({ optimizer: sgd ? plainSgd(0.01, 0.9) : plainAdam(0.001), batch_size: 10, epochs: 10 }),
  };
}

/** Replicate by replicate over all configs. */
export function orderOf(sweep: ResolvedSweep): { config: number; replicate: number }[] {
  return Array.from({ length: sweep.replicates.count }, (_, replicate) =>
    sweep.configs.map(({ ordinal }) => ({ config: ordinal, replicate })),
  ).flat();
}

export function createSample(
  store: Store,
  options: { name?: string; configs?: number; replicates?: number } = {},
): number {
  const sweep = sampleSweep(options);
  return store.createSweep(sweep, ORIGIN, orderOf(sweep));
}

export function started(trial: number, run: number, cohort = 1): Write {
  return { type: 'attempt_started', trial, cohort, run, alone: false };
}

export function placed(trial: number, slot = 0, resumed_from = 0): Write {
  const where = {
    worker: 1,
    slot,
    width: 4,
    layout: 'stacked',
    backend: 'cpu',
    fingerprint: 'f',
    company: [trial + 1],
    resumed_from,
  };
  return { type: 'attempt_placed', trial, ...where };
}

/** Epochs `from`..`to`: the loss falls from 1 towards 0, the accuracy is 1 - loss; two layers whose weights grow. */
export function epochs(trial: number, from: number, to: number): Of<'epochs'> {
  const rows = Array.from({ length: to - from + 1 }, (_, index) => {
    const epoch = from + index;
    const layers = [0, 1].map((layer) => ({ layer, kernel_norm: epoch, gradient_norm: 1 / epoch, clipped_share: 0.5 }));
    return { epoch, values: [1 / epoch, 1 - 1 / epoch, 2 / epoch, 1 - 2 / epoch], layers };
  });
  return { type: 'epochs', trial, metrics: METRICS, rows };
}

/** What `epochs` gives, with a checkpoint at the last of them. */
export function checkpointed(trial: number, from: number, to: number, bytes = stateAt(to)): Of<'epochs'> {
  return { ...epochs(trial, from, to), checkpoint: { epoch: to, fingerprint: 'f', bytes } };
}

/** A state that tells epochs apart. */
export function stateAt(epoch: number): Uint8Array {
  return Uint8Array.of(1, 2, 3, epoch);
}

export function completed(trial: number, testAccuracy: number | null, reached = 10): Of<'trial_ended'> {
  return {
    type: 'trial_ended',
    trial,
    end: { state: 'completed', stop_reason: 'epochs', epochs: reached, kept_epoch: reached },
    seconds: 1.5,
    metrics: METRICS,
    values: [0.1, 1, 0.2, testAccuracy],
    advice: null,
  };
}

export function diverged(trial: number, reached = 3): Write {
  return {
    type: 'trial_ended',
    trial,
    end: {
      state: 'failed',
      kind: 'diverged',
      epochs: reached,
      message: 'the training loss is not finite',
      last_loss: 12.5,
    },
    seconds: 0.5,
    metrics: METRICS,
    values: [null, 0.5, null, 0.5],
    advice: 'lower the learning rate',
  };
}

/** A trial from queued to completed, with ten epochs. */
export function wholeTrial(trial: number, run: number, testAccuracy: number): Write[] {
  return [started(trial, run), placed(trial), epochs(trial, 1, 10), completed(trial, testAccuracy)];
}
