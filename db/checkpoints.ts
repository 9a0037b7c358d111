/** The states that trials go on from, as rows with checksums. Runs inside a transaction of the store. */

import type Database from 'better-sqlite3';
import { crc32 } from 'node:zlib';
import type { ResumePoint } from '../src/executor/executor.ts';

interface Row {
  readonly epoch: number;
  readonly fingerprint: string;
  readonly checksum: number;
  readonly state: Buffer;
}

export class Checkpoints {
  readonly #now: () => number;
  readonly #put: Database.Statement<[number, number, string, number, number, Uint8Array]>;
  readonly #trim: Database.Statement<{ trial: number; epoch: number }>;
  readonly #newestEpoch: Database.Statement<[number], number | null>;
  readonly #before: Database.Statement<[number, number], Row>;
  readonly #epochsBeyond: Database.Statement<[number, number], number>;
  readonly #drop: Database.Statement<[number, number]>;

  constructor(db: Database.Database, now: () => number) {
    this.#now = now;
    this.#put = db.prepare(
      'INSERT OR REPLACE INTO checkpoint (trial, epoch, fingerprint, checksum, created_at, state) VALUES (?, ?, ?, ?, ?, ?)',
    );
    this.#trim = db.prepare(
      `DELETE FROM checkpoint WHERE trial = :trial
       AND epoch < (SELECT max(epoch) FROM checkpoint WHERE trial = :trial AND epoch < :epoch)`,
    );
    this.#newestEpoch = db
      .prepare<[number], number | null>('SELECT max(epoch) FROM checkpoint WHERE trial = ?')
      .pluck();
    this.#before = db.prepare(
      `SELECT epoch, fingerprint, checksum, state FROM checkpoint
       WHERE trial = ? AND epoch < ? ORDER BY epoch DESC LIMIT 1`,
    );
    this.#epochsBeyond = db
      .prepare<[number, number], number>(
        'SELECT epoch FROM checkpoint WHERE trial = ? AND epoch > ? ORDER BY epoch DESC',
      )
      .pluck();
    this.#drop = db.prepare('DELETE FROM checkpoint WHERE trial = ? AND epoch > ?');
  }

  /** Keeps the newest two: should this one be damaged on the disk, the trial goes on from the one before. */
  put(trial: number, { epoch, fingerprint, bytes }: ResumePoint): void {
    // First, so that the new one takes the pages of the one that goes, and neither the file nor the log grows for it.
    this.#trim.run({ trial, epoch });
    this.#put.run(trial, epoch, fingerprint, crc32(bytes), this.#now(), bytes);
  }

  /** 0 where there is none. */
  newestEpoch(trial: number): number {
    return this.#newestEpoch.get(trial) ?? 0;
  }

  /** The newest one that is whole. */
  read(trial: number): ResumePoint | undefined {
    for (let row = this.#before.get(trial, Infinity); row; row = this.#before.get(trial, row.epoch)) {
      const { epoch, fingerprint, state } = row;
      if (isWhole(row)) return { epoch, fingerprint, bytes: state };
    }
    return undefined;
  }

  /** From new to old. */
  epochsBeyond(trial: number, epoch: number): number[] {
    return this.#epochsBeyond.all(trial, epoch);
  }

  /** All but those up to `epoch` go. */
  dropBeyond(trial: number, epoch: number): void {
    this.#drop.run(trial, epoch);
  }
}

function isWhole({ checksum, state }: Row): boolean {
  return crc32(state) === checksum;
}
