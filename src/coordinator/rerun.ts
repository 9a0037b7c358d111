/** Trains random finished trials of a sweep once more, in processes of their own, and tells which are not the same bits. */

import { type ChildProcess, fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openForReading } from '../../db/database.ts';
import { type FinishedTrial, finishedTrials } from '../../db/recorded-trial.ts';
import { SweepError } from '../errors.ts';
import { sha256 } from '../sha256.ts';
import { coordinatorEnvironment } from '../supervisor.ts';
import { type RerunAnswer, type RerunRequest, parseRerunAnswer } from './rerun-messages.ts';

export interface RerunOptions {
  readonly database: string;
  /** Database id. */
  readonly sweep: number;
  /** How many trials at most. */
  readonly count: number;
  /** Decides which. */
  readonly seed: number;
  readonly workers: number;
}

export interface RerunResult extends FinishedTrial {
  readonly rows: number;
  readonly differences: readonly string[];
  /** Of this machine and version; where it is not that of the trial, other bits are no defect. */
  readonly fingerprintNow: string;
}

/**
 * Calls `listen` for each trial, in the order in which they are done; returns how many there were.
 * @throws SweepError `internal` where a process ends without its answers, `backend` with what it says
 */
export async function rerunTrials(options: RerunOptions, listen: (result: RerunResult) => void): Promise<number> {
  const { sweep, workers } = options;
  const database = resolve(options.database);
  const chosen = chooseTrials(database, options);
  for (const { backend, portable, trials } of groupedByProcess(chosen)) {
    const byId = new Map(trials.map((trial) => [trial.id, trial]));
    const threads = Math.min(workers, trials.length);
    const request = { database, sweep, trials: [...byId.keys()], workers: threads, backend };
    await ask(request, portable, (answer) => {
      if (answer.type === 'failed')
        throw new SweepError('backend', { message: `a rerun broke off: ${answer.message}` });
      const { rows, differences, fingerprint } = answer;
      listen({ ...byId.get(answer.trial)!, rows, differences, fingerprintNow: fingerprint });
      byId.delete(answer.trial);
    });
    if (byId.size > 0) throw new SweepError('internal', { message: `a rerun ended before ${byId.size} of its trials` });
  }
  return chosen.length;
}

/** The same for the same seed, and independent of the order of trials. */
function chooseTrials(database: string, { sweep, count, seed }: RerunOptions): FinishedTrial[] {
  const db = openForReading(database);
  try {
    const drawn = finishedTrials(db, sweep).map((trial) => ({ trial, lot: sha256(`${seed}/${trial.id}`) }));
    return drawn
      .toSorted((a, b) => (a.lot < b.lot ? -1 : 1))
      .slice(0, count)
      .map(({ trial }) => trial);
  } finally {
    db.close();
  }
}

interface Group {
  readonly backend: RerunRequest['backend'];
  readonly portable: boolean;
  readonly trials: FinishedTrial[];
}

/** What a process decides for all its trials: the backend, and whether its bits are portable. */
function groupedByProcess(trials: readonly FinishedTrial[]): Iterable<Group> {
  const groups = new Map<string, Group>();
  for (const trial of trials) {
    const portable = trial.fingerprint.includes('; portable;');
    const key = `${trial.backend} ${portable}`;
    // The store wrote it from a backend's name.
    const group = groups.get(key) ?? { backend: trial.backend as Group['backend'], portable, trials: [] };
    groups.set(key, group);
    group.trials.push(trial);
  }
  return groups.values();
}

/** Resolves when the process has ended and all its answers were heard; rejects with what `listen` throws. */
async function ask(request: RerunRequest, portable: boolean, listen: (answer: RerunAnswer) => void): Promise<void> {
  const child = startProcess(request.workers, portable);
  try {
    await new Promise<void>((done, reject) => {
      child.on('message', (message) => {
        try {
          listen(parseRerunAnswer(message));
        } catch (error) {
          reject(error instanceof Error ? error : new Error(String(error)));
        }
      });
      child.once('error', reject);
      child.once('close', () => done());
      child.send(request);
    });
  } finally {
    child.kill();
  }
}

function startProcess(workers: number, portable: boolean): ChildProcess {
  const built = fileURLToPath(new URL('./rerun-main.js', import.meta.url));
  const file = existsSync(built) ? built : built.replace(/\.js$/, '.ts');
  // What native code prints is for people who look for an error.
  return fork(file, { env: coordinatorEnvironment(workers, portable), stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
}
