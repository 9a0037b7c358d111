/** Reads what `show` prints of a sweep. */

import { readFailureKinds } from '../../db/read-events.ts';
import { readFailureExamples } from '../../db/read-report.ts';
import type { Reader } from '../../db/reader.ts';
import { readAnswers } from '../answers.ts';
import type { ShownSweep } from './show-sweep.ts';

/** Configs in the table. */
const ROWS = 10;

/** @throws SweepError `usage` where there is no such sweep */
export function readShown(reader: Reader, name: string, database: string): ShownSweep {
  const sweep = reader.sweepNamed(name);
  const leaders = reader.leaderboard(name, ROWS);
  return {
    sweep,
    answers: readAnswers(reader, name, leaders),
    leaders,
    notes: reader.notes(name),
    failures: reader.read((db) =>
      readFailureKinds(db, sweep.id).flatMap(({ kind, trials }) =>
        readFailureExamples(db, sweep.id, kind, 1).map((example) => ({ ...example, trials })),
      ),
    ),
    seconds: reader.runSeconds(name),
    database,
    now: Date.now(),
  };
}
