/** Answers on a trial, as the database gives them. */

import type { AttemptFacts } from '../../../db/read-trial.ts';
import type { Answer, Curve } from '../../../src/dashboard/queries.ts';
import { STARTED } from '../../frames/snapshots.ts';

export type TrialAnswer = Answer<'trial'>;

export const ATTEMPT: AttemptFacts = {
  number: 1,
  outcome: 'completed',
  loss_cause: null,
  started_at: STARTED,
  seconds: 3.21,
  epochs: 31,
  resumed_from_epoch: 0,
  worker: 1,
  slot: 3,
  width: 8,
  backend: 'native',
  message: null,
  advice: null,
  note: null,
};

export function curveOf(metric: string, values: readonly (number | null)[]): Curve {
  return { metric, epochs: values.map((_, index) => index + 1), values };
}

const EPOCHS = Array.from({ length: 31 }, (_, index) => index);

/** Falls until epoch 24, then rises. */
const VALIDATION = EPOCHS.map((epoch) => 0.3 + 0.002 * (epoch - 23) ** 2);

/** Of 200 epochs, stopped early at 31, of which 24 was kept. */
export const STOPPED: TrialAnswer = {
  kind: 'trial',
  facts: {
    id: 17,
    sweep: 'moons-l2',
    config: 12,
    replicate: 3,
    state: 'completed',
    params: { l2: 1e-6, dropout: 0.1 },
    epochs: 31,
    budget: 200,
    failure_kind: null,
    stop_reason: 'early_stopping',
    kept_epoch: 24,
    objective: 0.925,
    generalisation_gap: 0.05,
    metrics: { train_loss: 0.1, train_accuracy: 0.975, validation_loss: 0.3, validation_accuracy: 0.925 },
    attempts: [ATTEMPT],
  },
  curves: [
    curveOf(
      'train_loss',
      EPOCHS.map((epoch) => 1 / (epoch + 1)),
    ),
    curveOf(
      'train_accuracy',
      EPOCHS.map((epoch) => 1 - 0.5 / (epoch + 1)),
    ),
    curveOf('validation_loss', VALIDATION),
    curveOf(
      'validation_accuracy',
      EPOCHS.map((epoch) => 0.95 - 0.4 / (epoch + 1)),
    ),
  ],
  checkpoint: { epoch: 31, at: STARTED, bytes: 12_345 },
};

export function trialWith(facts: Partial<TrialAnswer['facts']>, more: Partial<TrialAnswer> = {}): TrialAnswer {
  return { ...STOPPED, ...more, facts: { ...STOPPED.facts, ...facts } };
}

const NOTHING = {
  objective: null,
  generalisation_gap: null,
  kept_epoch: null,
  stop_reason: null,
  metrics: {},
} as const;

export const QUEUED = trialWith(
  { ...NOTHING, state: 'queued', epochs: 0, attempts: [] },
  { curves: [], checkpoint: null },
);

export const RUNNING = trialWith({
  ...NOTHING,
  state: 'running',
  attempts: [{ ...ATTEMPT, outcome: null, seconds: null, epochs: null }],
});

export const FAILED = trialWith(
  {
    ...NOTHING,
    state: 'failed',
    epochs: 3,
    failure_kind: 'diverged',
    attempts: [
      { ...ATTEMPT, outcome: 'lost', loss_cause: 'out_of_memory', epochs: 2, message: 'the process was killed' },
      {
        ...ATTEMPT,
        number: 2,
        outcome: 'failed',
        epochs: 3,
        resumed_from_epoch: 2,
        message: 'losses and weights must stay finite, but were not at epoch 3 (the last training loss was 8.1e+30)',
        advice: 'lower the learning rate',
        note: 'ran op by op',
      },
    ],
  },
  { curves: [curveOf('train_loss', [2, 900, null])], checkpoint: null },
);
