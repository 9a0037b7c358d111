/** Gathers all that a report shows from a database of results. */

import { readFailureKinds } from '../../db/read-events.ts';
import {
  readFailureExamples,
  readFingerprints,
  readGeneralisationGaps,
  type FailureExample,
} from '../../db/read-report.ts';
import { readFolds } from '../../db/read-results.ts';
import { readConfigParams } from '../../db/read-trials.ts';
import type { Reader, SweepOverview } from '../../db/reader.ts';
import { counted } from '../counted.ts';
import { stateOf } from '../dashboard/sweep-state.ts';
import type { LeaderboardRow } from '../dashboard/snapshot.ts';
import type { Analysis, ConfigRow } from '../statistics/analysis-rows.ts';
import { configCurves } from './bands.ts';
import { featuredConfigs, parallelRows } from './featured.ts';
import { heatMaps } from './heat-maps.ts';
import { layerHistories } from './layers.ts';
import { MOST_ROWS, type LeaderRow, type ReportData } from './report-data.ts';
import { reproduce } from './reproduce.ts';

/** Of each kind of failure. */
const FAILURES_OF_A_KIND = 10;

export interface CollectOptions {
  /** As the user wrote it: for the commands that the report suggests. */
  readonly database: string;
  /** Milliseconds since 1970. */
  readonly now: number;
}

const NO_ANALYSIS: Analysis = {
  trials: 0,
  best: null,
  configs: [],
  comparisons: [],
  mainEffects: [],
  importance: [],
  warnings: [],
};

/** Holds no snapshot longer than a query or two. Errors: `SweepError` `usage` where there is no such sweep. */
export async function collectReport(
  reader: Reader,
  name: string,
  { database, now }: CollectOptions,
): Promise<ReportData> {
  const sweep = reader.sweepNamed(name);
  const { rows, analysis } = reader.read(() => ({ rows: reader.leaderboard(name), analysis: NO_ANALYSIS }));
  const folds = reader.read((db) => readFolds(db, sweep.id));
  const featured = featuredConfigs(rows);
  const params = reader.read((db) => readConfigParams(db, sweep.id));
  return {
    sweep: sweepOf(sweep, reader.runSeconds(name)),
    written_at: new Date(now).toISOString(),
    verdict: { headline: '', sentences: [] },
    leaderboard: leaderboardOf(reader, sweep, rows, analysis),
    warnings: analysis.warnings,
    curves: featured.map((row) => reader.read((db) => configCurves(db, sweep, row, folds))),
    main_effects: analysis.mainEffects,
    importance: analysis.importance,
    parallel: parallelRows(rows),
    heat_maps: heatMaps({ ...sweep, params }, rows, analysis.importance),
    layers: featured.flatMap((row) => reader.read((db) => layerHistories(db, sweep, row))),
    regions: null,
    diagnoses: [],
    split: [],
    notes: notesOf(reader, sweep),
    failures: failuresOf(reader, sweep),
    reproduce: reproduce({
      sweep,
      fingerprints: reader.read((db) => readFingerprints(db, sweep.id)),
      best: rows[0]?.config ?? null,
      database,
    }),
  };
}

function sweepOf(sweep: SweepOverview, seconds: number): ReportData['sweep'] {
  const { name, objective, goal, parameters, configs, replicates, baseline, trials, epochs, createdAt } = sweep;
  const state = stateOf(sweep);
  return {
    name,
    state: state === 'paused' ? 'unfinished' : state,
    objective,
    goal,
    parameters,
    configs,
    replicates,
    baseline,
    states: Object.fromEntries(Object.entries(sweep.states).filter(([, count]) => count > 0)),
    trials,
    epochs,
    created_at: new Date(createdAt).toISOString(),
    seconds,
  };
}

/** @param rows all configs with a result, best first */
function leaderboardOf(
  reader: Reader,
  sweep: SweepOverview,
  rows: readonly LeaderboardRow[],
  analysis: Analysis,
): LeaderRow[] {
  const shown = rows.filter(({ is_baseline }, index) => is_baseline || index < MOST_ROWS);
  const configs = new Map(analysis.configs.map((row) => [row.config, row]));
  const comparisons = new Map(
    analysis.comparisons.filter(({ reference }) => reference === 'baseline').map((row) => [row.config, row]),
  );
  const gaps = reader.read((db) =>
    readGeneralisationGaps(
      db,
      sweep.id,
      shown.map(({ config }) => config),
    ),
  );
  return shown.map((row) => ({
    ...(configs.get(row.config) ?? unanalysed(row)),
    ...row,
    against_baseline: comparisons.get(row.config) ?? null,
    generalisation_gap: gaps.get(row.config) ?? null,
  }));
}

function unanalysed({ config, n }: LeaderboardRow): ConfigRow {
  return { config, n, interval: null, rows_interval: null, tied: null };
}

function notesOf(reader: Reader, sweep: SweepOverview): string[] {
  const notes = reader.notes(sweep.name).map(({ note, trials, configs }) => {
    const which = configs.length === 1 ? `config ${configs[0]}` : counted(configs.length, 'config');
    return `${counted(trials, 'trial')} of ${which}: ${note}`;
  });
  return [...sweep.warnings, ...notes];
}

function failuresOf(reader: Reader, { id }: SweepOverview): ReportData['failures'] {
  return reader.read((db) => {
    const kinds = readFailureKinds(db, id);
    return {
      total: kinds.reduce((sum, { trials }) => sum + trials, 0),
      kinds,
      rows: kinds.flatMap(({ kind }): FailureExample[] => readFailureExamples(db, id, kind, FAILURES_OF_A_KIND)),
      causes: [],
    };
  });
}
