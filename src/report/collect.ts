/** Gathers all that a report shows from a database of results. */

import type Database from 'better-sqlite3';
import { readAnalysisInput } from '../../db/analysis.ts';
import { readDiagnosisFacts } from '../../db/read-diagnosis.ts';
import { readFailureKinds } from '../../db/read-events.ts';
import {
  readBegunConfigs,
  readFailureExamples,
  readFingerprints,
  readGeneralisationGaps,
} from '../../db/read-report.ts';
import { readNotes, type NoteRow } from '../../db/read-sweep.ts';
import type { Reader, SweepOverview } from '../../db/reader.ts';
import { answersOf } from '../answers/answers.ts';
import { caveatsOf } from '../answers/caveats.ts';
import { counted } from '../counted.ts';
import type { LeaderboardRow } from '../dashboard/snapshot.ts';
import { stateOf } from '../dashboard/sweep-state.ts';
import type { Analysis } from '../statistics/analysis-rows.ts';
import { analyse } from '../statistics/analysis.ts';
import { againstBaseline } from './against-baseline.ts';
import { sentence, verdictOn } from '../answers/verdict.ts';
import { configCurves } from './bands.ts';
import { featuredConfigs, parallelRows, type FeaturedConfig } from './featured.ts';
import { heatMaps } from './heat-maps.ts';
import { layerHistories } from './layers.ts';
import { regionsOf } from './regions.ts';
import { MOST_ROWS, type LeaderRow, type ReportData } from './report-data.ts';
import { reproduce } from './reproduce.ts';

/** Configs that are shown in detail where none has a result. */
const MOST_BEGUN = 3;
/** Of each kind of failure. */
const FAILURES_OF_A_KIND = 10;

export interface CollectOptions {
  /** As the user wrote it: for the commands that the report suggests. */
  readonly database: string;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** Errors: `SweepError` `usage` where there is no such sweep. */
export async function collectReport(
  reader: Reader,
  name: string,
  { database, now }: CollectOptions,
): Promise<ReportData> {
  const found = reader.read((db) => findings(reader, db, name));
  const { sweep, input, rows, kinds } = found;
  // What follows is about trials that have ended, which never change: no snapshot is held as long as all of it takes.
  const featured = rows.length > 0 ? featuredConfigs(rows) : reader.read((db) => begunConfigs(db, sweep));
  const facts = reader.read((db) => readDiagnosisFacts(db, sweep, featured.map(ordinalOf)));
  const gaps = reader.read((db) => readGeneralisationGaps(db, sweep.id, shownRows(rows).map(ordinalOf)));
  const notes = reader.read((db) => readNotes(db, sweep.id));
  const fingerprints = reader.read((db) => readFingerprints(db, sweep.id));
  const analysis = analyse(input);
  const answers = answersOf({ sweep, analysis, leaders: rows, facts, failures: kinds });
  const { diagnoses, undiagnosed, causes } = answers.diagnosis;
  const { design, split, stored } = caveatsOf(answers, [...sweep.warnings, ...notes.map(noteOf)]);
  const { regions, problem } = await regionsOf(reader, sweep, analysis.best);
  return {
    sweep: sweepOf(sweep, found.seconds),
    written_at: new Date(now).toISOString(),
    verdict: verdictOn(answers.facts),
    leaderboard: leaderRows(shownRows(rows), gaps, analysis),
    warnings: design,
    curves: featured.map((row) => reader.read((db) => configCurves(db, sweep, row, input.folds))),
    main_effects: analysis.mainEffects,
    importance: analysis.importance,
    parallel: parallelRows(rows),
    heat_maps: heatMaps({ ...sweep, params: input.params }, rows, analysis.importance),
    layers: featured.flatMap((row) => reader.read((db) => layerHistories(db, sweep, row))),
    regions,
    diagnoses,
    split,
    notes: [...stored, ...[undiagnosed, problem].filter((each) => each !== null).map(sentence)],
    failures: { ...reader.read((db) => failuresOf(db, sweep.id, kinds)), causes },
    reproduce: reproduce({ sweep, fingerprints, best: analysis.best, database }),
  };
}

/** All that must be of the same moment. */
function findings(reader: Reader, db: Database.Database, name: string) {
  const sweep = reader.sweepNamed(name);
  return {
    sweep,
    seconds: reader.runSeconds(name),
    input: readAnalysisInput(db, sweep),
    /** Of all configs with a result, best first. */
    rows: reader.leaderboard(name),
    kinds: readFailureKinds(db, sweep.id),
  };
}

function failuresOf(
  db: Database.Database,
  sweep: number,
  kinds: ReportData['failures']['kinds'],
): Omit<ReportData['failures'], 'causes'> {
  return {
    total: kinds.reduce((sum, { trials }) => sum + trials, 0),
    kinds,
    rows: kinds.flatMap(({ kind }) => readFailureExamples(db, sweep, kind, FAILURES_OF_A_KIND)),
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

/** The best ones, and the baseline. */
function shownRows(rows: readonly LeaderboardRow[]): LeaderboardRow[] {
  return rows.filter(({ is_baseline }, index) => is_baseline || index < MOST_ROWS);
}

function leaderRows(
  rows: readonly LeaderboardRow[],
  gaps: ReadonlyMap<number, number>,
  analysis: Analysis,
): LeaderRow[] {
  const byConfig = new Map(analysis.configs.map((row) => [row.config, row]));
  const comparisonOf = againstBaseline(analysis);
  return rows.map((row) => ({
    ...byConfig.get(row.config)!,
    ...row,
    against_baseline: comparisonOf.get(row.config) ?? null,
    generalisation_gap: gaps.get(row.config) ?? null,
  }));
}

/** So that it shows how trials diverge where all do. */
function begunConfigs(db: Database.Database, { id, baseline }: SweepOverview): FeaturedConfig[] {
  return readBegunConfigs(db, id, MOST_BEGUN).map((row) => ({ ...row, is_baseline: row.config === baseline }));
}

function ordinalOf({ config }: FeaturedConfig): number {
  return config;
}

function noteOf({ note, trials, configs }: NoteRow): string {
  const which = configs.length === 1 ? `config ${configs[0]}` : counted(configs.length, 'config');
  return `${counted(trials, 'trial')} of ${which}: ${note}`;
}
