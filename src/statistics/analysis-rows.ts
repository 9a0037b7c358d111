/**
 * What the results of a sweep say about its configs and its parameters, as plain rows. Worked out as a whole (`analysis.ts`),
 * since every claim depends on how many are made; kept in the database, so that SQL alone can ask for it. Pure.
 */

import type { Params, ParamValue } from '../definition/resolved.ts';
import type { Goal } from '../metrics.ts';

export interface AnalysisInput {
  readonly goal: Goal;
  /** Ordinal; null where the definition names none. */
  readonly baseline: number | null;
  /** Of the whole sweep. */
  readonly replicates: number;
  /** Of the cross-validation that replicates are; null where they are not. */
  readonly folds: number | null;
  /** The searched parameters, in the definition's order. */
  readonly parameters: readonly string[];
  /** A parameter's values as the definition lists them; empty where it lists none. */
  readonly written: Readonly<Record<string, readonly unknown[]>>;
  /** By ordinal; parameters that a config does not reach are absent. */
  readonly params: readonly Params[];
  /** The objective at `config * replicates + replicate`; NaN where there is no result. */
  readonly objectives: Float64Array;
  /** Trials that can have no result any more, by config: failed, pruned or cancelled ones. */
  readonly lost: Int32Array;
  /** What the objective is measured on, for warnings and for intervals of shares; null where that is not known. */
  readonly measure: {
    readonly objective: string;
    /** Whether it is a share of rows, such as an accuracy. */
    readonly isShare: boolean;
    /** Rows of the objective's part, by config; null where not known. */
    readonly rows: readonly (number | null)[];
  };
}

/** A config against another one, which is the baseline or the best. */
export interface ComparisonRow {
  readonly config: number;
  readonly reference: 'baseline' | 'best';
  /** The config that is the reference. */
  readonly other: number;
  /** Replicates in which both have a result; of those with the best, the ones that are compared for all configs. */
  readonly n: number;
  /** Mean over these replicates of `config`'s objective minus that of `other`. */
  readonly difference: number;
  /** Sample standard deviation of the differences; null for n < 2. */
  readonly std: number | null;
  /** 95 % for all comparisons with this reference at once; null where nothing can be said. */
  readonly interval: readonly [number, number] | null;
  /** Two-sided, of this comparison alone; null for the reference `best`, which was chosen by the same data. */
  readonly p_value: number | null;
  /** For all comparisons with this reference at once. */
  readonly p_adjusted: number | null;
  /** `difference / std`: Cohen's d for paired samples; null where `std` is null or 0. */
  readonly effect_size: number | null;
  /** Whether `config` is better or worse than `other` at 5 % for all comparisons at once; null where nothing can be said. */
  readonly conclusion: 'better' | 'worse' | 'unclear' | null;
}

/** A config by itself. */
export interface ConfigRow {
  readonly config: number;
  /** Completed replicates that this rests on. */
  readonly n: number;
  /** Two-sided 95 % t interval of the mean over replicates; null for n < 2. */
  readonly interval: readonly [number, number] | null;
  /** Where the objective is a share of rows: 95 % of what other rows from the same source would give; else null. */
  readonly rows_interval: readonly [number, number] | null;
  /** Whether the results cannot tell it from the best; null where that cannot be said. */
  readonly tied: boolean | null;
}

/** One value of a parameter, or a range of values where there are too many to show one by one. */
export interface MainEffectRow {
  readonly parameter: string;
  /** Place among the parameter's levels, from 0. */
  readonly level: number;
  readonly label: string;
  /** The value; of a range its middle; null for configs that do not reach the parameter. */
  readonly value: ParamValue;
  readonly configs: number;
  readonly trials: number;
  /** Mean over these configs of their means. */
  readonly mean: number;
  /** 95 % over replicates, the configs as given; null for fewer than two replicates. */
  readonly interval: readonly [number, number] | null;
  /** `mean` minus the mean over all configs. */
  readonly effect: number;
}

/** How much of the variance between configs a parameter, or two together beyond each alone, explains. */
export interface ImportanceRow {
  readonly parameter: string;
  /** The other one of an interaction; null for a parameter alone. */
  readonly with: string | null;
  /** 0 to 1. */
  readonly share: number;
  /** `anova`: exact, on a full grid; `fanova`: by a forest of regression trees, on any other set of configs. */
  readonly method: 'anova' | 'fanova';
  /** F statistic, its degrees of freedom, and p; null for `fanova`, or where noise cannot be estimated. */
  readonly f: number | null;
  readonly df: number | null;
  readonly df_error: number | null;
  readonly p_value: number | null;
  /** Holm's, over all terms. */
  readonly p_adjusted: number | null;
}

/** Something that the design of the sweep cannot carry. */
export interface DesignWarning {
  readonly code:
    | 'one_replicate'
    | 'few_replicates'
    | 'unfinished'
    | 'lost_trials'
    | 'test_selected'
    | 'train_selected'
    | 'few_rows'
    | 'unbalanced';
  /** A sentence: what holds, and what it means for the claims. */
  readonly message: string;
}

export interface Analysis {
  /** Completed trials that it rests on. */
  readonly trials: number;
  /** Best by mean, lowest ordinal of several; null without a result. */
  readonly best: number | null;
  readonly configs: readonly ConfigRow[];
  readonly comparisons: readonly ComparisonRow[];
  readonly mainEffects: readonly MainEffectRow[];
  readonly importance: readonly ImportanceRow[];
  readonly warnings: readonly DesignWarning[];
}
