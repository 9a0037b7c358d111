/** The actions of `nightsweep resume` and `nightsweep retry`. */

import type { SweepOverview } from '../../../db/reader.ts';
import { Reader } from '../../../db/reader.ts';
import { Store } from '../../../db/store.ts';
import type { FailureKind } from '../../executor/executor.ts';
import { counted } from '../../counted.ts';
import type { PreparedSweep } from '../../coordinator/prepare.ts';
import { SweepError } from '../../errors.ts';
import { commandName } from '../command-name.ts';
import { controlSweep } from '../control-sweep.ts';
import { startDetached } from './detach.ts';
import { databaseFlag } from '../next-step.ts';
import { prepareStored } from './stored-sweep.ts';
import { Training, type TrainingOptions } from './training.ts';

export interface ResumeOptions extends TrainingOptions {
  readonly detach?: true;
}

/**
 * Undoes the pause of a sweep that runs, or runs one that was stopped. Returns the exit code.
 * Errors: `SweepError`, such as `usage` where there is no such sweep, `conflict` where it runs and is not paused.
 */
export async function resumeSweep(name: string, options: ResumeOptions): Promise<number> {
  const overview = overviewOf(name, options.db);
  if (overview.live && overview.pausedAt !== null) {
    process.stdout.write(await controlSweep(options.db, name, 'resume'));
    return 0;
  }
  return train(
    withStore(options.db, (store) => prepareStored(store, overview.id)),
    options,
  );
}

/** Queues failed trials again, and runs them. Errors: `SweepError`, such as `usage` where the sweep runs or nothing failed. */
export async function retryFailed(
  name: string,
  kinds: readonly FailureKind[] | undefined,
  options: ResumeOptions,
): Promise<number> {
  const { id, live } = overviewOf(name, options.db);
  if (live) {
    throw new SweepError('conflict', {
      message: `sweep ${name} must not be running when its failed trials are queued again, but it is`,
      hint: `end it first with \`${commandName} stop ${name}${databaseFlag(options.db)}\``,
    });
  }
  const prepared = withStore(options.db, (store): PreparedSweep => {
    // A file that has gone must not cost the record of what failed.
    prepareStored(store, id);
    if (store.retry(id, kinds) === 0) throw nothingFailed(name, kinds, options.db);
    return prepareStored(store, id);
  });
  const queued = prepared.trials.filter(({ state }) => state === 'queued').length;
  if (!options.json) process.stdout.write(`${counted(queued, 'trial')} of ${name} to run.\n`);
  return train(prepared, options);
}

async function train(prepared: PreparedSweep, options: ResumeOptions): Promise<number> {
  if (options.detach) return startDetached([prepared], options.db);
  const training = new Training(options);
  try {
    return await training.train(prepared);
  } finally {
    training.close();
  }
}

function nothingFailed(name: string, kinds: readonly FailureKind[] | undefined, db: string): SweepError {
  const what = kinds === undefined ? 'no trial has failed' : `none failed as ${kinds.join(' or ')}`;
  const query = `SELECT * FROM failures WHERE sweep = '${name}'`;
  return new SweepError('usage', {
    message: `sweep ${name} must have failed trials to try again, but ${what}`,
    hint: `see \`${commandName} sql "${query}"${databaseFlag(db)}\``,
  });
}

function overviewOf(name: string, db: string): SweepOverview {
  const reader = Reader.open(db);
  try {
    return reader.sweepNamed(name);
  } finally {
    reader.close();
  }
}

function withStore<Result>(db: string, work: (store: Store) => Result): Result {
  const store = Store.open(db);
  try {
    return work(store);
  } finally {
    store.close();
  }
}
