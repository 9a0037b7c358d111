/**
 * What the dashboard's views ask of the database, and the answers: plain data, since they are read in a thread of their
 * own (`query-thread.ts`), so that no read ever holds up a key or a frame.
 */

import type { SweepOverview } from '../../db/reader.ts';
import type { TrialFacts } from '../../db/read-trial.ts';
import type { TrialState } from '../../db/writes.ts';
import type { Params } from '../definition/resolved.ts';
import type { Goal } from '../metrics.ts';
import type { Level } from '../statistics/levels.ts';
import type { LeaderboardRow } from './snapshot.ts';

/** Which trials, in which order: what the view Trials shows a window of. */
export interface TrialOrder {
  /** A column of `TrialRow` (`config`, `objective`, ...), or a searched parameter's name. */
  readonly by: string;
  readonly descending: boolean;
  /** In the language of `trial-filter.ts`; empty for all. */
  readonly filter: string;
}

/** That in which trials are listed until another one is asked for. */
export const FIRST_ORDER: TrialOrder = { by: 'config', descending: false, filter: '' };

export interface TrialRow {
  readonly trial: number;
  readonly config: number;
  readonly replicate: number;
  readonly state: TrialState;
  readonly params: Params;
  /** Epochs reached, of `budget`. */
  readonly epoch: number;
  readonly budget: number;
  /** At the kept epoch, or of the newest recorded epoch while it runs; null where there is none. */
  readonly train_loss: number | null;
  readonly validation_loss: number | null;
  readonly objective: number | null;
  readonly generalisation_gap: number | null;
  readonly failure_kind: string | null;
}

/** One metric over the recorded epochs, thinned to what a chart can show: first, last, lowest and highest are kept. */
export interface Curve {
  /** Such as `train_loss`. */
  readonly metric: string;
  readonly epochs: readonly number[];
  /** Null where the number was not finite. */
  readonly values: readonly (number | null)[];
}

export interface StandingRow extends LeaderboardRow {
  /** Its completed trial of the first replicate, to look into. */
  readonly trial: number;
  /** Two-sided 95 % t interval of the mean over replicates; null for fewer than two. */
  readonly interval: readonly [number, number] | null;
  /** Whether the data cannot tell it from the best: see `standings.ts`. Null where that cannot be said. */
  readonly tied: boolean | null;
  /** The curve that belongs to the objective, averaged over replicates; empty where nothing is recorded. */
  readonly curve: readonly number[];
}

export interface FailedTrialRow {
  readonly trial: number;
  readonly config: number;
  readonly replicate: number;
  readonly params: Params;
  readonly kind: string;
  readonly epoch: number;
  readonly last_loss: number | null;
  readonly message: string;
  readonly advice: string | null;
  /** First lines of the stack of an error in a module. */
  readonly stack: string | null;
}

export interface LogLine {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly level: 'debug' | 'info' | 'warning' | 'error';
  readonly message: string;
}

/** The objective over all completed trials with this level of one parameter, or these of two. */
export interface CompareCell {
  /** Indices into `levels` of the first, and of the second parameter (0 where there is one only). */
  readonly first: number;
  readonly second: number;
  /** Completed trials. */
  readonly n: number;
  readonly mean: number;
  readonly std: number | null;
  /** Two-sided 95 % t interval of the mean; null for fewer than two trials. */
  readonly interval: readonly [number, number] | null;
}

/** Each query by its kind: what is asked, and what is answered. */
export interface Queries {
  sweeps: {
    readonly query: Record<never, never>;
    readonly answer: { readonly sweeps: readonly (SweepOverview & { readonly best: number | null })[] };
  };
  standings: {
    readonly query: { readonly sweep: string; readonly count: number; readonly curvePoints: number };
    readonly answer: {
      readonly rows: readonly StandingRow[];
      /** One sentence: whether the best is really better than the baseline, or the runner-up; null while too little is known. */
      readonly verdict: string | null;
      /** Failed trials by kind, the commonest first. */
      readonly failures: readonly { readonly kind: string; readonly trials: number }[];
    };
  };
  trials: {
    readonly query: {
      readonly sweep: string;
      readonly order: TrialOrder;
      readonly offset: number;
      readonly count: number;
    };
    readonly answer: {
      /** As asked for: an answer may arrive after another order has been asked for. */
      readonly order: TrialOrder;
      /** Trials that pass the filter. */
      readonly total: number;
      readonly offset: number;
      readonly rows: readonly TrialRow[];
      /** What is wrong with the filter, as a sentence; all trials are shown then. */
      readonly problem: string | null;
    };
  };
  trial: {
    readonly query: { readonly trial: number; readonly points: number };
    readonly answer: {
      readonly facts: Omit<TrialFacts, 'lastEpochs'>;
      readonly curves: readonly Curve[];
      /** The newest checkpoint; null where there is none. */
      readonly checkpoint: { readonly epoch: number; readonly at: number; readonly bytes: number } | null;
    };
  };
  compare: {
    readonly query: { readonly sweep: string; readonly parameters: readonly [string] | readonly [string, string] };
    readonly answer: {
      /** As asked for: an answer may arrive after something else has been asked. */
      readonly parameters: readonly [string] | readonly [string, string];
      readonly objective: string;
      readonly goal: Goal;
      /** Levels of each parameter asked for, in order. */
      readonly levels: readonly (readonly Level[])[];
      readonly cells: readonly CompareCell[];
    };
  };
  failures: {
    readonly query: { readonly sweep: string; readonly offset: number; readonly count: number };
    readonly answer: {
      readonly total: number;
      readonly offset: number;
      /** Newest first. */
      readonly rows: readonly FailedTrialRow[];
      readonly kinds: readonly { readonly kind: string; readonly trials: number }[];
    };
  };
  log: {
    readonly query: { readonly sweep: string; readonly offset: number; readonly count: number };
    readonly answer: {
      readonly total: number;
      readonly offset: number;
      /** Newest first. */
      readonly lines: readonly LogLine[];
    };
  };
}

export type QueryKind = keyof Queries;

export type Query<Kind extends QueryKind = QueryKind> = {
  [K in Kind]: { readonly kind: K } & Queries[K]['query'];
}[Kind];

export type Answer<Kind extends QueryKind = QueryKind> = {
  [K in Kind]: {
    readonly kind: K;
    /** Some of it is a little older than the database, since it costs much: the same question later gives a newer answer. */
    readonly stale?: boolean;
  } & Queries[K]['answer'];
}[Kind];

/** Where answers come from. Rejects where the database cannot be read, or where what is asked for is gone. */
export interface QueryPort {
  ask<Kind extends QueryKind>(query: Query<Kind>): Promise<Answer<Kind>>;
  close(): Promise<void>;
}
