/** Databases as users have them, for whole frames: one that runs, a very large one, one with failures, an empty one. */

import Database from 'better-sqlite3';
import { join } from 'node:path';
import { acquireLock, type Lock } from '../../db/lock.ts';
import { Reader } from '../../db/reader.ts';
import { Store } from '../../db/store.ts';
import { makeSweep } from './made-sweep.ts';

export interface Place {
  readonly file: string;
  readonly reader: Reader;
  /** Undefined where there is no sweep. */
  readonly sweep: string | undefined;
  close(): void;
}

/** When `makeSweep` begins its run, and some time later: what clocks show then is always the same. */
export const NOW = Date.UTC(2026, 0, 1, 22, 3, 20);

const SMALL = { configs: 11, replicates: 4, epochs: 40, seed: 1 } as const;

/** Two thirds have ended, 16 trials run, and a coordinator holds the sweep. */
export function runningDatabase(folder: string): Place {
  const file = join(folder, 'running.db');
  const id = makeSweep(file, { ...SMALL, done: 0.6, name: 'moons' });
  return opened(file, 'moons', acquireLock(file, id));
}

/** All trials have ended; those of the highest learning rates diverged. */
export function failedDatabase(folder: string): Place {
  const file = join(folder, 'failed.db');
  makeSweep(file, { ...SMALL, configs: 40, done: 1, name: 'wild-rates' });
  return opened(file, 'wild-rates');
}

export function emptyDatabase(folder: string): Place {
  const file = join(folder, 'empty.db');
  Store.open(file).close();
  return opened(file, undefined);
}

/** 100,000 trials and the baseline's: made by the database itself, since only how many they are matters. */
export function hugeDatabase(folder: string): Place {
  const file = join(folder, 'huge.db');
  makeSweep(file, { configs: 9_999, replicates: 10, epochs: 3, done: 0, seed: 1, name: 'huge' });
  const db = new Database(file);
  db.exec(`
    UPDATE trial SET state = 'running', attempts = 1 WHERE state = 'queued';
    UPDATE trial SET epochs = 3,
      state = CASE WHEN (config * 10 + replicate) % 997 = 0 THEN 'failed' ELSE 'completed' END,
      failure_kind = CASE WHEN (config * 10 + replicate) % 997 = 0 THEN 'diverged' END,
      stop_reason = CASE WHEN (config * 10 + replicate) % 997 > 0 THEN 'epochs' END,
      kept_epoch = CASE WHEN (config * 10 + replicate) % 997 > 0 THEN 3 END,
      objective = CASE WHEN (config * 10 + replicate) % 997 > 0 THEN 0.9 - (config * 31 % 9973) / 1e5 + replicate / 1e3 END
    WHERE epochs = 0;
    UPDATE config SET
      n = (SELECT count(objective) FROM trial WHERE trial.sweep = config.sweep AND config = ordinal),
      mean = (SELECT avg(objective) FROM trial WHERE trial.sweep = config.sweep AND config = ordinal),
      std = 0.003027;
    INSERT INTO attempt (trial, number, run, cohort, started_at, worker, slot, width, layout, backend, fingerprint, company,
        ended_at, outcome, failure_kind, epochs, seconds, message)
      SELECT id, 1, (SELECT max(id) FROM run), id / 16, 1767304800000 + id, 1, 0, 16, 'stacked', 'native', 'made', '[]',
        1767304800250 + id, state, failure_kind, 3, 0.25, CASE WHEN state = 'failed' THEN 'the training loss is not finite' END
      FROM trial WHERE state IN ('completed', 'failed') AND NOT EXISTS (SELECT 1 FROM attempt WHERE trial = trial.id);
  `);
  db.close();
  return opened(file, 'huge');
}

function opened(file: string, sweep: string | undefined, lock?: Lock): Place {
  const reader = Reader.open(file);
  return {
    file,
    reader,
    sweep,
    close: () => {
      reader.close();
      lock?.release();
    },
  };
}
