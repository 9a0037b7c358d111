/** All that the report shows, as plain data (JSON): made by `collect.ts` from a database, drawn by `page/` in a browser. */

import type { Diagnosis, DivergenceCause, SplitRemark } from '../diagnosis/diagnosis.ts';
import type { Params } from '../definition/resolved.ts';
import type { Goal } from '../metrics.ts';
import type {
  ComparisonRow,
  ConfigRow,
  DesignWarning,
  ImportanceRow,
  MainEffectRow,
} from '../statistics/analysis-rows.ts';

export interface ReportData {
  readonly sweep: {
    readonly name: string;
    readonly state: 'running' | 'finished' | 'unfinished';
    readonly objective: string;
    readonly goal: Goal;
    readonly parameters: readonly string[];
    readonly configs: number;
    readonly replicates: number;
    readonly baseline: number | null;
    /** Trials by state, without those that no trial is in. */
    readonly states: Readonly<Record<string, number>>;
    readonly trials: number;
    readonly epochs: number;
    /** ISO 8601. */
    readonly created_at: string;
    /** Seconds that its runs have taken. */
    readonly seconds: number;
  };
  /** ISO 8601. */
  readonly written_at: string;
  readonly verdict: Verdict;
  /** Best first; at most `MOST_ROWS`, and the baseline. */
  readonly leaderboard: readonly LeaderRow[];
  readonly warnings: readonly DesignWarning[];
  /** Of the best config, the baseline, and some of the others: best first. Without any result, of some that have begun. */
  readonly curves: readonly ConfigCurves[];
  readonly main_effects: readonly MainEffectRow[];
  readonly importance: readonly ImportanceRow[];
  /** Configs with a result; at most some thousand of them, the best ones among them. */
  readonly parallel: readonly ParallelRow[];
  /** Two parameters against the objective, the pairs that matter most first. */
  readonly heat_maps: readonly HeatMap[];
  /** Norms by layer over epochs; empty where the sweep does not record them. */
  readonly layers: readonly LayerHistory[];
  /** For data with two features: what the best trial's network says all over the plane; null elsewhere. */
  readonly regions: DecisionRegions | null;
  readonly diagnoses: readonly Diagnosis[];
  readonly split: readonly SplitRemark[];
  /** Warnings of the definition, remarks on attempts, and what this report could not show, and why: a sentence each. */
  readonly notes: readonly string[];
  readonly failures: {
    readonly total: number;
    readonly kinds: readonly { readonly kind: string; readonly trials: number }[];
    /** Some of each kind. */
    readonly rows: readonly FailureExample[];
    readonly causes: readonly DivergenceCause[];
  };
  readonly reproduce: {
    /** The definition as YAML. */
    readonly definition: string;
    readonly file: string;
    readonly hash: string;
    readonly seed: number;
    readonly versions: Readonly<Record<string, string>>;
    /** Fingerprints of what trained the results, such as processor and libraries, with the number of trials. */
    readonly fingerprints: readonly { readonly fingerprint: string; readonly trials: number }[];
    /** Shell commands with what each does. */
    readonly commands: readonly { readonly command: string; readonly does: string }[];
  };
}

/** A paragraph for people who read nothing else. */
export interface Verdict {
  /** Such as `dropout 0.4 is better than the baseline by .043 (95 % interval .021 to .065)`. */
  readonly headline: string;
  /** What leads, what cannot be told from it, what matters, what failed, what to try next. */
  readonly sentences: readonly string[];
}

export interface LeaderRow extends ConfigRow {
  readonly rank: number;
  readonly params: Params;
  readonly mean: number;
  readonly std: number | null;
  readonly is_baseline: boolean;
  /** Of the best config the comparison that tells more: see `against-baseline.ts`. */
  readonly against_baseline: ComparisonRow | null;
  /** Mean over replicates, in the objective's unit; null where there is none. */
  readonly generalisation_gap: number | null;
}

/** A mean over replicates with a 95 % t interval at each epoch; thinned to what a chart can show, in six digits. */
export interface Band {
  /** Such as `train_data_loss`. */
  readonly metric: string;
  readonly epochs: readonly number[];
  /** Replicates that the mean is over: fewer from where the first of them stopped early. No interval for fewer than two. */
  readonly n: readonly number[];
  readonly mean: readonly (number | null)[];
  readonly low: readonly (number | null)[];
  readonly high: readonly (number | null)[];
}

export interface ConfigCurves {
  readonly config: number;
  /** Its params in short. */
  readonly label: string;
  readonly is_baseline: boolean;
  readonly replicates: number;
  /** The loss, and the objective's metric where that is another one: on each part that is recorded. */
  readonly bands: readonly Band[];
  readonly kept_epochs: readonly number[];
}

export interface ParallelRow {
  readonly config: number;
  readonly params: Params;
  readonly mean: number;
}

export interface HeatMap {
  readonly x: string;
  readonly y: string;
  /** Labels of the levels, in order. */
  readonly x_labels: readonly string[];
  readonly y_labels: readonly string[];
  /** Indices of levels. */
  readonly cells: readonly { readonly x: number; readonly y: number; readonly mean: number; readonly n: number }[];
}

export interface LayerHistory {
  readonly config: number;
  readonly label: string;
  readonly measure: 'kernel_norm' | 'gradient_norm' | 'clipped_share';
  readonly layers: readonly {
    readonly layer: number;
    readonly epochs: readonly number[];
    readonly mean: readonly (number | null)[];
  }[];
}

export interface DecisionRegions {
  readonly config: number;
  readonly replicate: number;
  readonly label: string;
  /** Names of the two features, in their own units: what the data are before any transform. */
  readonly features: readonly [string, string];
  readonly x: readonly [number, number];
  readonly y: readonly [number, number];
  readonly columns: number;
  readonly rows: number;
  /** Names of the classes; empty for a numeric target. */
  readonly classes: readonly string[];
  /** Row by row from the lowest y, `columns` in each: index of the class, or the predicted number. */
  readonly values: readonly number[];
  /** How sure it is of the class, 0.5 to 1; empty for a numeric target. */
  readonly confidence: readonly number[];
  /** `value`: index of the class, or the number. */
  readonly points: readonly {
    readonly x: number;
    readonly y: number;
    readonly value: number;
    readonly part: 'train' | 'validation' | 'test';
  }[];
}

export interface FailureExample {
  readonly config: number;
  readonly replicate: number;
  readonly params: Params;
  readonly kind: string;
  readonly epoch: number;
  readonly message: string;
  readonly advice: string | null;
}

export const MOST_ROWS = 200;
