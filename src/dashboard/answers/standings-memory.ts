/** Answers who is best, and remembers what does not change: the comparison of all configs, and curves of finished trials. */

import type Database from 'better-sqlite3';
import { readMeanCurve } from '../../../db/read-curves.ts';
import { readFirstTrials, readFolds, readObjectives } from '../../../db/read-results.ts';
import { readLeaderboard, type SweepFacts } from '../../../db/read-sweep.ts';
import { parseMetricName } from '../../metrics.ts';
import { compareConfigs } from '../../statistics/comparisons.ts';
import { summarizeConfigs } from '../../statistics/objectives.ts';
import { meanInterval } from '../../statistics/student.ts';
import { Paced } from './paced.ts';
import type { Queries } from '../queries.ts';
import type { LeaderboardRow } from '../snapshot.ts';
import { verdictOf } from './standings.ts';
import { stretchMeans } from './thin.ts';

interface Compared {
  readonly folds: number | null;
  readonly tied: ReadonlyMap<number, boolean>;
  readonly verdict: string | null;
}

/** Curves that are kept, of configs that have been among the best. */
const MOST_CURVES = 1000;

export class StandingsMemory {
  readonly #compared = new Paced<Compared>();
  readonly #curves = new Map<string, readonly number[]>();

  /** @param version of the data */
  answer(
    db: Database.Database,
    sweep: SweepFacts,
    version: number,
    { count, curvePoints }: { readonly count: number; readonly curvePoints: number },
  ): Omit<Queries['standings']['answer'], 'failures'> & { readonly stale: boolean } {
    const { value, stale } = this.#compared.get(sweep.id, version, () => compare(db, sweep));
    const leading = readLeaderboard(db, sweep, count);
    const trials = readFirstTrials(
      db,
      sweep.id,
      leading.map(({ config }) => config),
    );
    const rows = leading.map((row, index) => ({
      ...row,
      trial: trials[index]!,
      interval: meanInterval(row.mean, row.std, row.n, value.folds),
      tied: value.tied.get(row.config) ?? null,
      curve: this.#curve(db, sweep, row, curvePoints),
    }));
    return { rows, verdict: value.verdict, stale };
  }

  /** Read anew only when another of the config's trials has been completed: finished ones never change. */
  #curve(db: Database.Database, sweep: SweepFacts, { config, n }: LeaderboardRow, points: number): readonly number[] {
    const key = `${sweep.id} ${config} ${n} ${points}`;
    const known = this.#curves.get(key);
    if (known) return known;
    const metric = curveMetric(sweep);
    const mean = metric === undefined ? { epochs: [], values: [] } : readMeanCurve(db, sweep.id, config, metric);
    const curve = stretchMeans(mean.epochs, mean.values, points);
    if (this.#curves.size >= MOST_CURVES) this.#curves.clear();
    this.#curves.set(key, curve);
    return curve;
  }
}

function compare(db: Database.Database, sweep: SweepFacts): Compared {
  const { goal, baseline, replicates } = sweep;
  const folds = readFolds(db, sweep.id);
  const results = { replicates, objectives: readObjectives(db, sweep) };
  const compared = compareConfigs(results, summarizeConfigs(results), { goal, baseline, folds });
  return { folds, tied: compared.tied, verdict: verdictOf(compared, sweep) ?? null };
}

/** The objective's metric on the validation part where that is recorded, else the objective itself, else on the training part. */
function curveMetric({ objective, metrics }: SweepFacts): string | undefined {
  const base = parseMetricName(objective)?.metric;
  const recorded = new Set<string>(metrics);
  return [...(base ? [`validation_${base}`] : []), objective, ...(base ? [`train_${base}`] : [])].find((metric) =>
    recorded.has(metric),
  );
}
