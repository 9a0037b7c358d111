/** Puts in order what a coordinator that died has left: damaged checkpoints and trials that were running. Runs inside a transaction of the store. */

import type Database from 'better-sqlite3';
import { FAILURE_ADVICE } from '../src/coordinator/core/retries.ts';
import type { FailureKind } from '../src/executor/executor.ts';
import { faultPoint } from '../src/faults.ts';
import type { Checkpoints } from './checkpoints.ts';
import { readLosses } from './losses.ts';
import type { TrialWriter } from './trial-writer.ts';
import type { Loss, LossCause, Write } from './writes.ts';

/** What took the coordinator down that ran before. */
export interface Death {
  readonly cause: LossCause;
  readonly message: string;
}

/** The failure that a trial's losses, from new to old, convict it of; null where it is to be tried again. */
export type Judge = (losses: readonly Loss[]) => FailureKind | null;

export interface DamagedCheckpoint {
  readonly config: number;
  readonly replicate: number;
  readonly epoch: number;
}

export interface Recovery {
  /** Trials that were running and are queued again. */
  readonly trials: number;
  /** Trials that were running and have failed now. */
  readonly failed: number;
  /** Dropped: the checkpoint before it counts, or the trial begins anew. */
  readonly damaged: readonly DamagedCheckpoint[];
}

interface Parts {
  readonly db: Database.Database;
  readonly trials: TrialWriter;
  readonly checkpoints: Checkpoints;
}

/** `previous` is null where nobody knows how it ended. */
export function recover(parts: Parts, sweep: number, previous: Death | null, judge: Judge): Recovery {
  const { db, trials } = parts;
  const damaged = dropDamaged(parts, sweep);
  const losses = readLosses(db, sweep, previous?.cause ?? null);
  const running = db
    .prepare<[number], { id: number; epochs: number }>(
      "SELECT id, epochs FROM trial WHERE sweep = ? AND state = 'running' ORDER BY id",
    )
    .all(sweep);
  const message = previous?.message ?? 'the coordinator ended without closing this attempt';
  let failed = 0;
  const writes = running.map(({ id: trial, epochs }): Write => {
    const kind = judge(losses.get(trial) ?? []);
    if (kind === null) {
      const lost = { type: 'attempt_lost', trial, outcome: 'lost', message } as const;
      return previous ? { ...lost, cause: previous.cause } : lost;
    }
    failed += 1;
    const end = { state: 'failed', kind, epochs, message } as const;
    return { type: 'trial_ended', trial, end, seconds: 0, metrics: [], values: [], advice: FAILURE_ADVICE[kind] };
  });
  trials.apply(writes);
  if (running.length > 0) faultPoint('restart');
  return { trials: running.length - failed, failed, damaged };
}

/** Reads every checkpoint that a trial is to go on from. */
function dropDamaged({ db, trials, checkpoints }: Parts, sweep: number): DamagedCheckpoint[] {
  const unfinished = db
    .prepare<[number], { id: number; config: number; replicate: number }>(
      `SELECT id, config, replicate FROM trial
       WHERE sweep = ? AND state IN ('queued', 'running') AND EXISTS (SELECT 1 FROM checkpoint WHERE trial = trial.id)
       ORDER BY position, id`,
    )
    .all(sweep);
  return unfinished.flatMap(({ id, config, replicate }) => {
    const whole = checkpoints.read(id)?.epoch ?? 0;
    const damaged = checkpoints.epochsBeyond(id, whole);
    if (damaged.length > 0) trials.rewind(id, whole);
    return damaged.map((epoch) => ({ config, replicate, epoch }));
  });
}
