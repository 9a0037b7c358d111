/** Answers the views' questions from a reader, and remembers what is costly to make: whole columns, orders, comparisons. */

import { readCheckpointFacts, readCurves } from '../../db/read-curves.ts';
import { countFailedTrials, readFailedTrials, readFailureKinds, readTimeline } from '../../db/read-events.ts';
import { readConfigResults } from '../../db/read-results.ts';
import { sweepNamed, type SweepFacts } from '../../db/read-sweep.ts';
import { readTrial } from '../../db/read-trial.ts';
import { readConfigParams, readTrialRows } from '../../db/read-trials.ts';
import type { Reader } from '../../db/reader.ts';
import { isMap } from '../definition/mistake.ts';
import type { Params } from '../definition/resolved.ts';
import { SweepError } from '../errors.ts';
import { logOf } from '../log-file.ts';
import { parseMetricName } from '../metrics.ts';
import { compareCells, levelsOf } from './levels.ts';
import { LogTail } from './log-tail.ts';
import { Paced, type Kept } from './paced.ts';
import type { Answer, Curve, LogLine, Queries, Query, QueryKind } from './queries.ts';
import { StandingsMemory } from './standings-memory.ts';
import { thinned } from './thin.ts';
import { TrialsMemory } from './trials-memory.ts';

type Ask<Kind extends QueryKind> = Queries[Kind]['query'];
type Reply<Kind extends QueryKind> = Queries[Kind]['answer'] & { readonly stale?: boolean };

/** Lines of a module's stack that are worth a look. */
const STACK_LINES = 12;

export class Answers {
  readonly #reader: Reader;
  readonly #trials: TrialsMemory;
  readonly #standings: StandingsMemory;
  readonly #params = new Map<number, Params[]>();
  readonly #kinds = new Paced<Queries['failures']['answer']['kinds']>();
  readonly #timeline = new Paced<readonly LogLine[]>();
  readonly #logs = new Map<string, LogTail>();

  constructor(reader: Reader) {
    this.#reader = reader;
    this.#trials = new TrialsMemory((sweep) => this.#paramsOf(sweep));
    this.#standings = new StandingsMemory();
  }

  /** @throws SweepError where the database cannot be read, or where what is asked for is gone. */
  answer<Kind extends QueryKind>(query: Query<Kind>): Answer<Kind> {
    // Checked case by case: TypeScript does not follow a kind from the query to its answer.
    return { kind: query.kind, ...this.#reader.read(() => this.#reply(query as Query)) } as Answer<Kind>;
  }

  #reply(query: Query): Reply<QueryKind> {
    switch (query.kind) {
      case 'sweeps':
        return this.#sweeps();
      case 'standings':
        return this.#standingsOf(query);
      case 'trials':
        return this.#trialsOf(query);
      case 'trial':
        return this.#trial(query);
      case 'compare':
        return this.#compare(query);
      case 'failures':
        return this.#failures(query);
      case 'log':
        return this.#log(query);
    }
  }

  #sweeps(): Reply<'sweeps'> {
    const sweeps = this.#reader.sweeps().map((sweep) => {
      const [best] = this.#reader.leaderboard(sweep.name, 1);
      return { ...sweep, best: best?.mean ?? null };
    });
    return { sweeps };
  }

  #standingsOf({ sweep, count, curvePoints }: Ask<'standings'>): Reply<'standings'> {
    return this.#reader.read((db) => {
      const facts = sweepNamed(db, sweep);
      const version = this.#reader.dataVersion();
      const standings = this.#standings.answer(db, facts, version, { count, curvePoints });
      const failures = this.#failureKinds(facts.id);
      return { ...standings, failures: failures.value, stale: standings.stale || failures.stale };
    });
  }

  #trialsOf({ sweep, order, offset, count }: Ask<'trials'>): Reply<'trials'> {
    return this.#reader.read((db) => {
      const facts = sweepNamed(db, sweep);
      const { value, stale } = this.#trials.order(db, facts, this.#reader.dataVersion(), order);
      const { ids, problem } = value;
      const from = Math.max(0, Math.min(offset, ids.length - 1));
      const rows = readTrialRows(db, [...ids.subarray(from, from + count)]);
      return { order, total: ids.length, offset: from, rows, problem, stale };
    });
  }

  #trial({ trial, points }: Ask<'trial'>): Reply<'trial'> {
    return this.#reader.read((db) => {
      const found = readTrial(db, trial, 0);
      if (!found) throw new SweepError('usage', { message: `there is no trial ${trial}` });
      const { lastEpochs: _, ...facts } = found;
      const metrics = curveMetrics(sweepNamed(db, facts.sweep));
      const { epochs, values } = readCurves(db, trial, metrics);
      const curves = metrics.flatMap((metric, index) => thinCurve(metric, epochs, values[index]!, points) ?? []);
      return { facts, curves, checkpoint: readCheckpointFacts(db, trial) };
    });
  }

  #compare({ sweep, parameters }: Ask<'compare'>): Reply<'compare'> {
    return this.#reader.read((db) => {
      const facts = sweepNamed(db, sweep);
      const params = this.#paramsOf(facts);
      const shape = parameters.length === 2 ? 'grid' : 'line';
      const leveled = parameters.map((name) => levelsOf(name, params, writtenValues(facts.definition, name), shape));
      const cells = compareCells(readConfigResults(db, facts.id), leveled[0]!.levelOf, leveled[1]?.levelOf);
      const { objective, goal } = facts;
      return { parameters, objective, goal, levels: leveled.map(({ levels }) => levels), cells };
    });
  }

  #failures({ sweep, offset, count }: Ask<'failures'>): Reply<'failures'> {
    return this.#reader.read((db) => {
      const { id } = sweepNamed(db, sweep);
      const { value: kinds, stale } = this.#failureKinds(id);
      const total = countFailedTrials(db, id);
      const from = Math.max(0, Math.min(offset, total - 1));
      const rows = readFailedTrials(db, id, { offset: from, count }).map((row) => ({
        ...row,
        stack: row.stack?.split('\n').slice(0, STACK_LINES).join('\n') ?? null,
      }));
      return { total, offset: from, rows, kinds, stale };
    });
  }

  #failureKinds(sweep: number): Kept<Queries['failures']['answer']['kinds']> {
    return this.#reader.read((db) =>
      this.#kinds.get(sweep, this.#reader.dataVersion(), () => readFailureKinds(db, sweep)),
    );
  }

  #log({ sweep, offset, count }: Ask<'log'>): Reply<'log'> {
    let tail = this.#logs.get(sweep);
    if (!tail) {
      tail = new LogTail(logOf(this.#reader.file, sweep));
      this.#logs.set(sweep, tail);
    }
    if (tail.update()) {
      const from = Math.max(0, Math.min(offset, tail.total - 1));
      return { total: tail.total, offset: from, lines: tail.lines(from, count) };
    }
    const { value, stale } = this.#timelineOf(sweep);
    const from = Math.max(0, Math.min(offset, value.length - 1));
    const end = value.length - from;
    return { total: value.length, offset: from, lines: value.slice(Math.max(0, end - count), end).toReversed(), stale };
  }

  #timelineOf(sweep: string): Kept<readonly LogLine[]> {
    return this.#reader.read((db) => {
      const { id } = sweepNamed(db, sweep);
      return this.#timeline.get(id, this.#reader.dataVersion(), () => readTimeline(db, id));
    });
  }

  /** Configs never change; an extended sweep has more. */
  #paramsOf({ id, configs }: Pick<SweepFacts, 'id' | 'configs'>): Params[] {
    const known = this.#params.get(id);
    if (known?.length === configs) return known;
    const params = this.#reader.read((db) => readConfigParams(db, id));
    this.#params.set(id, params);
    return params;
  }
}

/** Losses first, then the objective's metric of every part; only those that the sweep records. */
function curveMetrics({ objective, metrics }: SweepFacts): string[] {
  const base = parseMetricName(objective)?.metric;
  const wanted = ['train_loss', 'validation_loss', 'test_loss'];
  if (base) wanted.push(`train_${base}`, `validation_${base}`, `test_${base}`);
  else wanted.push(objective);
  const recorded = new Set<string>(metrics);
  return [...new Set(wanted)].filter((metric) => recorded.has(metric));
}

/** Undefined where nothing of it was recorded. */
function thinCurve(
  metric: string,
  epochs: readonly number[],
  values: readonly (number | null)[],
  points: number,
): Curve | undefined {
  if (values.every((value) => value === null)) return undefined;
  const kept = thinned(values, points);
  return { metric, epochs: kept.map((index) => epochs[index]!), values: kept.map((index) => values[index]!) };
}

/** What `search` lists for a parameter in the definition as it was written. */
function writtenValues(document: unknown, parameter: string): readonly unknown[] {
  const definition = isMap(document) && isMap(document['definition']) ? document['definition'] : document;
  const search = isMap(definition) ? definition['search'] : undefined;
  const written = isMap(search) ? search[parameter] : undefined;
  const values = isMap(written) ? written['values'] : undefined;
  if (Array.isArray(values)) return values;
  return isMap(values) ? Object.keys(values) : [];
}
