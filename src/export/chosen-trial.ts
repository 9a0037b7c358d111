/** Which trial's model is meant by the name of a sweep or of a trial. */

import type { Reader } from '../../db/reader.ts';
import type { TrialFacts } from '../../db/read-trial.ts';
import { SweepError } from '../errors.ts';

/**
 * `SWEEP/CONFIG/REPLICATE` or a trial's number is that trial; the name of a sweep is the replicate with the best
 * objective (the first of equal ones) of its best config, the first on the leaderboard.
 * @throws SweepError `usage` where there is none
 */
export function chosenTrial(reader: Reader, subject: string): TrialFacts {
  const [, sweep, config, replicate] = /^([^/]+)\/(\d+)\/(\d+)$/.exec(subject) ?? [];
  if (sweep !== undefined) {
    return reader.trial({ sweep, config: Number(config), replicate: Number(replicate) });
  }
  // A sweep may be called 12, too: its name comes first.
  if (/^\d+$/.test(subject) && !reader.hasSweep(subject)) return reader.trial(Number(subject));
  const { id, goal } = reader.sweepNamed(subject);
  const [best] = reader.leaderboard(subject, 1);
  if (!best) {
    throw new SweepError('usage', { message: `a model needs a completed trial, but ${subject} has none` });
  }
  const order = goal === 'maximize' ? 'DESC' : 'ASC';
  const trial = reader.read((db) =>
    db
      .prepare<[number, number], number>(
        `SELECT id FROM trial WHERE sweep = ? AND config = ? AND state = 'completed' AND objective IS NOT NULL
         ORDER BY objective ${order}, replicate LIMIT 1`,
      )
      .pluck()
      .get(id, best.config),
  );
  return reader.trial(trial!);
}
