/** Answers the views' questions from a reader, and remembers what is costly to make: whole columns, orders, comparisons. */

import type Database from 'better-sqlite3';
import { readCheckpointFacts } from '../../../db/read-curves.ts';
import { countFailedTrials, readFailedTrials, readFailureKinds, readTimeline } from '../../../db/read-events.ts';
import { readConfigResults } from '../../../db/read-results.ts';
import { sweepNamed, type SweepFacts } from '../../../db/read-sweep.ts';
import { readTrial } from '../../../db/read-trial.ts';
import { readConfigParams, readTrialRows } from '../../../db/read-trials.ts';
import type { Reader } from '../../../db/reader.ts';
import type { Params } from '../../definition/resolved.ts';
import { SweepError } from '../../errors.ts';
import { logOf } from '../../log-file.ts';
import { levelsOf, writtenValues } from '../../statistics/levels.ts';
import { compareCells } from './compare-cells.ts';
import { LogTail } from './log-tail.ts';
import { Paced, type Kept } from './paced.ts';
import type { Answer, LogLine, Queries, Query, QueryKind } from '../queries.ts';
import { StandingsMemory } from './standings-memory.ts';
import { trialCurves } from './trial-curves.ts';
import { TrialsMemory } from './trials-memory.ts';

type Ask<Kind extends QueryKind> = Queries[Kind]['query'];
type Reply<Kind extends QueryKind> = Queries[Kind]['answer'] & { readonly stale?: boolean };
type FailureKinds = Queries['failures']['answer']['kinds'];

/** Lines of a module's stack that are worth a look. */
const STACK_LINES = 12;

export class Answers {
  readonly #reader: Reader;
  readonly #trials = new TrialsMemory();
  readonly #standings = new StandingsMemory();
  readonly #params = new Map<number, Params[]>();
  readonly #kinds = new Paced<FailureKinds>();
  readonly #timeline = new Paced<readonly LogLine[]>();
  readonly #logs = new Map<string, LogTail>();

  constructor(reader: Reader) {
    this.#reader = reader;
  }

  /** @throws SweepError where the database cannot be read, or where what is asked for is gone. */
  answer<Kind extends QueryKind>(query: Query<Kind>): Answer<Kind> {
    // Each case below gives the answer of its kind, which TypeScript does not follow.
    return { kind: query.kind, ...this.#reply(query as Query) } as Answer<Kind>;
  }

  #reply(query: Query): Reply<QueryKind> {
    switch (query.kind) {
      case 'sweeps':
        return this.#sweeps();
      case 'standings':
        return this.#reader.read((db) => this.#standingsOf(db, query));
      case 'trials':
        return this.#reader.read((db) => this.#trialsOf(db, query));
      case 'trial':
        return this.#reader.read((db) => trialReply(db, query));
      case 'compare':
        return this.#reader.read((db) => this.#compare(db, query));
      case 'failures':
        return this.#reader.read((db) => this.#failures(db, query));
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

  #standingsOf(db: Database.Database, { sweep, ...counts }: Ask<'standings'>): Reply<'standings'> {
    const facts = sweepNamed(db, sweep);
    const standings = this.#standings.answer(db, facts, this.#reader.dataVersion(), counts);
    const failures = this.#failureKinds(db, facts.id);
    return { ...standings, failures: failures.value, stale: standings.stale || failures.stale };
  }

  #trialsOf(db: Database.Database, { sweep, order, offset, count }: Ask<'trials'>): Reply<'trials'> {
    const facts = sweepNamed(db, sweep);
    const { value, stale } = this.#trials.order(db, facts, order, {
      version: this.#reader.dataVersion(),
      params: () => this.#paramsOf(db, facts),
    });
    const { ids, problem } = value;
    const from = windowStart(offset, ids.length);
    const rows = readTrialRows(db, [...ids.subarray(from, from + count)]);
    return { order, total: ids.length, offset: from, rows, problem, stale };
  }

  #compare(db: Database.Database, { sweep, parameters }: Ask<'compare'>): Reply<'compare'> {
    const facts = sweepNamed(db, sweep);
    const params = this.#paramsOf(db, facts);
    const shape = parameters.length === 2 ? 'grid' : 'line';
    const [first, second] = parameters.map((name) =>
      levelsOf(name, params, writtenValues(facts.definition, name), shape),
    );
    const cells = compareCells(readConfigResults(db, facts.id), first!.levelOf, second?.levelOf);
    const levels = second ? [first!.levels, second.levels] : [first!.levels];
    return { parameters, objective: facts.objective, goal: facts.goal, levels, cells };
  }

  #failures(db: Database.Database, { sweep, offset, count }: Ask<'failures'>): Reply<'failures'> {
    const { id } = sweepNamed(db, sweep);
    const { value: kinds, stale } = this.#failureKinds(db, id);
    const total = countFailedTrials(db, id);
    const from = windowStart(offset, total);
    const rows = readFailedTrials(db, id, { offset: from, count }).map((row) => ({
      ...row,
      stack: row.stack?.split('\n').slice(0, STACK_LINES).join('\n') ?? null,
    }));
    return { total, offset: from, rows, kinds, stale };
  }

  #failureKinds(db: Database.Database, sweep: number): Kept<FailureKinds> {
    return this.#kinds.get(sweep, this.#reader.dataVersion(), () => readFailureKinds(db, sweep));
  }

  /** The end of its file; where there is none, what the database can tell. */
  #log({ sweep, offset, count }: Ask<'log'>): Reply<'log'> {
    const tail = this.#logs.get(sweep) ?? new LogTail(logOf(this.#reader.file, sweep));
    this.#logs.set(sweep, tail);
    if (tail.update()) {
      const from = windowStart(offset, tail.total);
      return { total: tail.total, offset: from, lines: tail.lines(from, count) };
    }
    const { value, stale } = this.#reader.read((db) => {
      const { id } = sweepNamed(db, sweep);
      return this.#timeline.get(id, this.#reader.dataVersion(), () => readTimeline(db, id));
    });
    const from = windowStart(offset, value.length);
    return { total: value.length, offset: from, lines: value.slice(from, from + count), stale };
  }

  /** Configs never change; an extended sweep has more. */
  #paramsOf(db: Database.Database, { id, configs }: SweepFacts): Params[] {
    const known = this.#params.get(id);
    if (known?.length === configs) return known;
    const params = readConfigParams(db, id);
    this.#params.set(id, params);
    return params;
  }
}

function trialReply(db: Database.Database, { trial, points }: Ask<'trial'>): Reply<'trial'> {
  const found = readTrial(db, trial, 0);
  if (!found) throw new SweepError('usage', { message: `there is no trial ${trial}` });
  const { lastEpochs: _, ...facts } = found;
  const curves = trialCurves(db, sweepNamed(db, facts.sweep), trial, points);
  return { facts, curves, checkpoint: readCheckpointFacts(db, trial) };
}

/** Where a window that is asked for begins: behind the end it is that of the last row. */
function windowStart(offset: number, total: number): number {
  return Math.max(0, Math.min(offset, total - 1));
}
