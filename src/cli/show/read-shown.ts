/** Reads what `show` prints of a sweep, or of one of its configs. */

import { readConfig } from '../../../db/read-config.ts';
import { readDiagnosisFacts } from '../../../db/read-diagnosis.ts';
import { readFailureKinds } from '../../../db/read-events.ts';
import { readFailureExamples } from '../../../db/read-report.ts';
import { readConfigTrials, readTrialRows } from '../../../db/read-trials.ts';
import type { Reader } from '../../../db/reader.ts';
import { readAnswers } from '../../answers/answers.ts';
import { diagnoseSweep } from '../../diagnosis/diagnose.ts';
import type { ShownConfig } from './show-config.ts';
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

/** @throws SweepError `usage` where there is no such sweep or config */
export function readShownConfig(reader: Reader, name: string, config: number): ShownConfig {
  const analysis = reader.analysis(name);
  const leaders = reader.leaderboard(name);
  const sweep = reader.sweepNamed(name);
  return reader.read((db) => {
    const { params } = readConfig(db, sweep, config).config;
    const facts = readDiagnosisFacts(db, sweep, [config]);
    return {
      sweep: name,
      objective: sweep.objective,
      config,
      params,
      isBaseline: config === sweep.baseline,
      row: leaders.find((row) => row.config === config) ?? null,
      ranked: leaders.length,
      analysis,
      diagnosis: diagnoseSweep(facts, analysis).diagnoses[0] ?? null,
      trials: readTrialRows(db, readConfigTrials(db, sweep.id, config)),
    };
  });
}
