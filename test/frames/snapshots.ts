/** Hand-made snapshots for frames: one for each situation that a dashboard meets. */

import type { TrialState } from '../../db/writes.ts';
import type { Answer } from '../../src/dashboard/queries.ts';
import type { LeaderboardRow, RunningTrial, Snapshot, Vitals } from '../../src/dashboard/snapshot.ts';
import { meanInterval } from '../../src/statistics/student.ts';

export const STARTED = Date.UTC(2026, 10, 23, 21, 0, 0);

export function states(counts: Partial<Record<TrialState, number>>): Record<TrialState, number> {
  return { queued: 0, running: 0, paused: 0, completed: 0, pruned: 0, failed: 0, cancelled: 0, ...counts };
}

const EMPTY: Snapshot = {
  sweep: 'quickstart',
  database: 'nightsweep.db',
  objective: 'test_accuracy',
  goal: 'maximize',
  parameters: ['dropout', 'l2', 'batch_size'],
  configs: 36,
  replicates: 3,
  states: states({ queued: 108 }),
  trials: 108,
  epochs_done: 0,
  epochs_planned: 108 * 40,
  early_stopping: false,
  live: true,
  workers: 2,
  backend: 'native',
  started_at: STARTED,
  ended_at: null,
  run_trials: 0,
  run_epochs: 0,
  vitals: null,
  running: [],
  best: [],
  failures: [],
  notice: null,
};

function runningTrial(index: number): RunningTrial {
  return {
    trial: 40 + index,
    config: (index * 7) % 36,
    replicate: 1,
    params: { dropout: [0, 0.25, 0.5][index % 3] ?? 0, l2: [0, 1e-6, 0.001, 0.1][index % 4] ?? 0, batch_size: 32 },
    epoch: 3 + index * 2,
    epochs: 40,
    train_loss: 0.8 / (index + 1),
    worker: index % 2,
    slot: index >> 1,
  };
}

function bestRow(rank: number): LeaderboardRow {
  return {
    rank,
    config: (rank * 5) % 36,
    params: {
      dropout: rank % 2 ? 0.25 : 0.5,
      l2: [0.001, 1e-6, 0, 0.1][rank % 4] ?? 0,
      batch_size: rank > 6 ? 128 : 32,
    },
    n: rank % 3 === 0 ? 1 : 2,
    mean: 0.9712 - rank * 0.0042,
    std: rank % 3 === 0 ? null : 0.0009 * rank,
    is_baseline: rank === 12,
  };
}

const range = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index);

const VITALS: Vitals = {
  at: STARTED + 39_000,
  cores: 1.94,
  memory: 1.31e9,
  memory_limit: 12.4e9,
  training_seconds: 37.5,
  workers: [
    { worker: 1, busy: 0.984, heap: 84e6, trials: 8 },
    { worker: 2, busy: 0.91, heap: null, trials: 8 },
  ],
};

const RUNNING: Snapshot = {
  ...EMPTY,
  vitals: VITALS,
  states: states({ queued: 55, running: 16, completed: 37 }),
  epochs_done: 37 * 40 + range(16).reduce((sum, index) => sum + runningTrial(index).epoch, 0),
  run_trials: 37,
  run_epochs: 1600,
  running: range(16).map(runningTrial),
  best: range(20).map((index) => bestRow(index + 1)),
};

const MANY_NAMES = range(24).map((index) => `hidden_layer_${index}_kernel_regularisation_strength`);
const MANY_PARAMS = Object.fromEntries(MANY_NAMES.map((name, index) => [name, index % 5 === 0 ? 1e-7 * index : 0.125]));

export const SNAPSHOTS = {
  empty: EMPTY,
  running: RUNNING,
  manyParams: {
    ...RUNNING,
    sweep: 'a-sweep-with-a-name-that-goes-on-and-on-and-on-until-it-hits-the-edge-of-an-eighty-column-terminal',
    parameters: ['活性化関数', ...MANY_NAMES],
    running: RUNNING.running.map((trial) => ({
      ...trial,
      params: { ...MANY_PARAMS, 活性化関数: '双曲線正接関数を使う' },
    })),
    best: RUNNING.best.map((row) => ({ ...row, params: { ...MANY_PARAMS, 活性化関数: '整流\u001b[2J線形👩‍🔬関数' } })),
  },
  failures: {
    ...RUNNING,
    states: states({ queued: 40, running: 16, completed: 45, failed: 7 }),
    failures: range(7).map((index) => ({
      trial: index,
      config: index * 4,
      replicate: 0,
      kind: index < 6 ? 'diverged' : 'out_of_memory',
      epoch: 2 + index,
      message: 'the mean training loss is not finite; the last finite one was 3.2e38: lower the learning rate or clip',
    })),
    notice: 'stopping after the running epochs',
  },
  finished: {
    ...RUNNING,
    states: states({ completed: 107, failed: 1 }),
    epochs_done: 108 * 40,
    live: false,
    vitals: null,
    ended_at: STARTED + 58_000,
    run_trials: 108,
    run_epochs: 108 * 40,
    running: [],
    failures: [{ trial: 9, config: 4, replicate: 0, kind: 'diverged', epoch: 3, message: 'loss is not finite' }],
  },
  left: {
    ...RUNNING,
    states: states({ queued: 71, completed: 37 }),
    live: false,
    vitals: null,
    running: [],
    ended_at: STARTED + 9_000,
  },
} satisfies Record<string, Snapshot>;

/** What the database answers on the best configs of a snapshot. */
export function standingsOf({ best, failures }: Snapshot): Answer<'standings'> {
  const kinds = [...new Set(failures.map(({ kind }) => kind))];
  return {
    kind: 'standings',
    rows: best.map((row) => ({
      ...row,
      trial: row.config,
      interval: meanInterval(row.mean, row.std, row.n),
      tied: row.n < 2 ? null : row.rank < 5,
      curve: range(40).map((epoch) => row.mean * (1 - 1 / (epoch + 1 + row.rank))),
    })),
    verdict:
      best.length === 0
        ? null
        : 'config 5 leads, but may be no better than the baseline: by 0.0462 (95 % interval -0.0031 to 0.0955) (after 2 of 3 replicates)',
    failures: kinds.map((kind) => ({ kind, trials: failures.filter((failure) => failure.kind === kind).length })),
  };
}
