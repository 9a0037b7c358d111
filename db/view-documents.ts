/** What the columns of the shared views are: the interface, in words. docs/sql.md and `nightsweep sql --views` say the same. Pure. */

import { METRIC_NAMES, parseMetricName, type BaseMetric } from '../src/metrics.ts';
import type { SHARED_VIEWS } from '../src/sql-names.ts';

/** As SQLite stores a column that is not NULL; JSON is TEXT for its JSON functions, ANY is INTEGER, REAL or TEXT. */
export type ColumnType = 'INTEGER' | 'REAL' | 'TEXT' | 'JSON' | 'ANY';

/** Name, type, and unit and meaning. */
export type ColumnDocument = readonly [name: string, type: ColumnType, meaning: string];

export interface ViewDocument {
  /** What a row is, as a sentence without its full stop. */
  readonly rows: string;
  readonly columns: readonly ColumnDocument[];
}

export const METRIC_MEANINGS: Readonly<Record<BaseMetric, string>> = {
  loss: 'what is minimised, penalties included, on the scaled target',
  data_loss: 'the same without penalties',
  accuracy: 'share of rows whose class is right, 0 to 1',
  mae: "mean absolute error, in the target's unit",
  mse: "mean squared error, in the target's unit squared",
  rmse: "its square root, in the target's unit",
  r2: "share of the target's variance that is explained, at most 1",
  auc: 'area under the ROC curve, 0 to 1',
  f1: 'harmonic mean of precision and recall, 0 to 1',
  precision: 'share of rows called positive that are, 0 to 1',
  recall: 'share of positive rows that are called so, 0 to 1',
};

const METRIC_COLUMNS: readonly ColumnDocument[] = METRIC_NAMES.map((name) => {
  const { part, metric } = parseMetricName(name)!;
  return [name, 'REAL', `${METRIC_MEANINGS[metric]}; ${part} part`];
});

export const VIEW_DOCUMENTS: Readonly<Record<(typeof SHARED_VIEWS)[number], ViewDocument>> = {
  sweeps: {
    rows: 'A row per sweep',
    columns: [
      ['sweep', 'TEXT', 'name of the sweep'],
      ['objective', 'TEXT', 'the metric that configs are ranked by'],
      ['goal', 'TEXT', '`minimize` or `maximize`'],
      ['configs', 'INTEGER', 'number of configs'],
      ['replicates', 'INTEGER', 'replicates of each config'],
      ['trials', 'INTEGER', 'number of trials'],
      ['completed', 'INTEGER', 'trials that have a result'],
      ['failed', 'INTEGER', 'trials that ended without one'],
      ['baseline', 'INTEGER', 'config that the others are compared with, or NULL'],
      ['parameters', 'JSON', "array: the searched parameters, in the definition's order"],
      ['metrics', 'JSON', 'array: the metrics that the sweep measures'],
      ['seed', 'INTEGER', "the sweep's seed"],
      ['created_at', 'TEXT', 'when it was first run'],
      ['file', 'TEXT', "the definition's file"],
      ['hash', 'TEXT', 'of the definition and its data: equal hashes, equal sweeps'],
      ['versions', 'JSON', 'object: the software that began it'],
      ['definition', 'JSON', 'the definition as it was written'],
    ],
  },
  leaderboard: {
    rows: 'A row per config',
    columns: [
      ['sweep', 'TEXT', 'name of the sweep'],
      ['config', 'INTEGER', 'the config, from 0'],
      ['params', 'JSON', 'object: its parameters'],
      ['n', 'INTEGER', 'completed replicates'],
      ['mean', 'REAL', 'mean of the objective over them, or NULL'],
      ['std', 'REAL', 'their sample standard deviation; NULL for fewer than two'],
      ['interval_low', 'REAL', 'lower end of the 95 % t interval of the mean over replicates; NULL for fewer than two'],
      ['interval_high', 'REAL', 'its upper end'],
      ['rank', 'INTEGER', 'place by the mean, best = 1, equal means share one; NULL without a result'],
      [
        'tied_with_best',
        'INTEGER',
        '1 where the results cannot tell it from the best, else 0; NULL where that cannot be said',
      ],
      ['is_baseline', 'INTEGER', '1 for the baseline'],
      [
        'rows_interval_low',
        'REAL',
        'where the objective is an accuracy: lower end of 95 % of what other rows from the same source would give',
      ],
      ['rows_interval_high', 'REAL', 'its upper end'],
      ['epochs_planned', 'INTEGER', 'epoch budget of one trial: an upper bound with early stopping'],
    ],
  },
  comparisons: {
    rows: 'A row per config and reference: a config against the baseline, or against the best',
    columns: [
      ['sweep', 'TEXT', 'name of the sweep'],
      ['config', 'INTEGER', 'the config, from 0'],
      ['reference', 'TEXT', '`baseline` or `best`'],
      ['other', 'INTEGER', 'the config that is the reference'],
      ['n', 'INTEGER', 'replicates in which both have a result'],
      [
        'difference',
        'REAL',
        "mean over these replicates of the config's objective minus that of the other, in the objective's unit",
      ],
      ['std', 'REAL', 'sample standard deviation of the differences; NULL for fewer than two'],
      [
        'interval_low',
        'REAL',
        'lower end of the 95 % interval of the difference, for all comparisons with this reference at once; NULL where nothing can be said',
      ],
      ['interval_high', 'REAL', 'its upper end'],
      [
        'p_value',
        'REAL',
        'two-sided, of this comparison alone, 0 to 1; NULL for the best, which was chosen by the same data',
      ],
      ['p_adjusted', 'REAL', 'for all comparisons with this reference at once, 0 to 1'],
      ['effect_size', 'REAL', "the difference in units of `std` (Cohen's d for paired samples)"],
      [
        'conclusion',
        'TEXT',
        '`better`, `worse` or `unclear`: whether the config is better than the other, at 5 % for all comparisons at once; NULL where nothing can be said',
      ],
    ],
  },
  main_effects: {
    rows: 'A row per value of a searched parameter, or per range of values where there are many',
    columns: [
      ['sweep', 'TEXT', 'name of the sweep'],
      ['parameter', 'TEXT', 'the parameter'],
      ['level', 'INTEGER', "place among the parameter's values, from 0"],
      ['label', 'TEXT', 'the value or range, to be read'],
      [
        'value',
        'ANY',
        'the value, a number or a text; of a range its middle; NULL for configs that do not reach the parameter',
      ],
      ['configs', 'INTEGER', 'configs with this value that have a result'],
      ['trials', 'INTEGER', 'their completed trials'],
      ['mean', 'REAL', 'mean of the objective over these configs, each with the same weight'],
      [
        'interval_low',
        'REAL',
        'lower end of the 95 % interval of that mean over replicates, the configs as given; NULL for fewer than two',
      ],
      ['interval_high', 'REAL', 'its upper end'],
      ['effect', 'REAL', 'that mean minus the mean over all configs'],
    ],
  },
  parameter_importance: {
    rows: 'A row per searched parameter, and per pair of them',
    columns: [
      ['sweep', 'TEXT', 'name of the sweep'],
      ['parameter', 'TEXT', 'the parameter'],
      ['with_parameter', 'TEXT', 'the other one of an interaction; NULL for a parameter alone'],
      [
        'share',
        'REAL',
        'how much of the variance between configs it explains, 0 to 1; of an interaction, beyond what each explains alone',
      ],
      [
        'method',
        'TEXT',
        '`anova`, exact, on a full grid; `fanova`, by a forest of regression trees, on other sets of configs',
      ],
      ['f', 'REAL', 'F statistic; NULL for `fanova`, or where noise cannot be estimated'],
      ['df', 'REAL', 'its degrees of freedom'],
      ['df_error', 'REAL', 'those of the noise'],
      ['p_value', 'REAL', 'of this term alone, 0 to 1'],
      ['p_adjusted', 'REAL', "for all terms at once (Holm's correction), 0 to 1"],
    ],
  },
  sweep_analyses: {
    rows: 'A row per sweep that has results: what the four views above rest on',
    columns: [
      ['sweep', 'TEXT', 'name of the sweep'],
      ['trials', 'INTEGER', 'completed trials that had a result'],
      ['analysed_at', 'TEXT', 'when it was worked out'],
      [
        'stale',
        'INTEGER',
        '1 where trials have ended since: while a sweep runs, it is brought up to date now and then, and when a run ends',
      ],
      ['warnings', 'JSON', 'array of objects `{ code, message }`: what the design of the sweep cannot carry'],
    ],
  },
  trial_results: {
    rows: 'A row per trial, with results only',
    columns: [
      ['sweep', 'TEXT', 'name of the sweep'],
      ['config', 'INTEGER', 'the config, from 0'],
      ['replicate', 'INTEGER', 'the replicate, from 0'],
      ['state', 'TEXT', '`queued`, `running`, `paused`, `completed`, `pruned`, `failed` or `cancelled`'],
      [
        'failure_kind',
        'TEXT',
        'why it failed: `diverged`, `error`, `out_of_memory`, `crashed`, `stalled` or `timed_out`',
      ],
      ['stop_reason', 'TEXT', 'what ended a completed trial: `epochs` (its budget) or `early_stopping`'],
      ['epochs', 'INTEGER', 'epochs trained; so far, while it runs'],
      ['kept_epoch', 'INTEGER', 'the epoch, from 1, whose metrics these are'],
      ['params', 'JSON', "object: the config's parameters"],
      ['objective', 'REAL', "the objective's metric at the kept epoch"],
      [
        'generalisation_gap',
        'REAL',
        "how much worse the objective's metric is than on the training part, in its unit; NULL where the objective is the training part's",
      ],
      ...METRIC_COLUMNS,
      ['metrics', 'JSON', 'object: what a module of your own has reported besides the metrics below; the last column'],
    ],
  },
  attempts: {
    rows: 'A row per try of a trial on a worker',
    columns: [
      ['sweep', 'TEXT', 'name of the sweep'],
      ['config', 'INTEGER', 'the config, from 0'],
      ['replicate', 'INTEGER', 'the replicate, from 0'],
      ['trial', 'INTEGER', "the trial's number in this database, as `company` uses it"],
      ['attempt', 'INTEGER', 'from 1'],
      ['run', 'INTEGER', "which start of the sweep's coordinator it belongs to"],
      [
        'outcome',
        'TEXT',
        '`completed`, `pruned`, `failed`, `interrupted` (stopped by you), `lost` (its process died) or `retried`; NULL while it goes on',
      ],
      ['failure_kind', 'TEXT', 'as in `trial_results`'],
      ['started_at', 'TEXT', 'when it was handed to a worker'],
      ['ended_at', 'TEXT', 'when it ended'],
      [
        'seconds',
        'REAL',
        'time in a slot, in seconds, that of the attempts included from whose checkpoints it went on; NULL unless it ended with a result or a failure',
      ],
      ['epochs', 'INTEGER', "the last epoch that it reached, counted from the trial's beginning"],
      ['worker', 'INTEGER', 'the worker thread'],
      ['cohort', 'INTEGER', 'the cohort: trials of one program that train together'],
      ['slot', 'INTEGER', 'its place in the cohort, from 0'],
      ['stack_width', 'INTEGER', 'slots of the cohort'],
      ['company', 'JSON', 'array: the trials in the other slots when it began'],
      ['layout', 'TEXT', "how the cohort's weights lie in memory; `module` for a trial that a module of your own runs"],
      ['backend', 'TEXT', '`native`, `wasm` or `cpu`'],
      ['fingerprint', 'TEXT', 'all that the bits of a result depend on besides the definition'],
      [
        'resumed_from_epoch',
        'INTEGER',
        'the checkpoint from which it went on: trained epochs are those after it; 0 where it began anew, NULL until it has a slot',
      ],
      ['message', 'TEXT', 'what went wrong'],
      ['note', 'TEXT', "a remark, such as why a module's model runs op by op, or why a checkpoint could not be used"],
      [
        'loss_cause',
        'TEXT',
        'where it was `lost`, what took its process down, if known: `crashed`, `out_of_memory`, `stalled` or `killed` (a SIGKILL that nobody explains)',
      ],
    ],
  },
  learning_curves: {
    rows: 'A row per recorded epoch of a trial. The metric columns are those of `trial_results`',
    columns: [
      ['sweep', 'TEXT', 'name of the sweep'],
      ['config', 'INTEGER', 'the config, from 0'],
      ['replicate', 'INTEGER', 'the replicate, from 0'],
      ['epoch', 'INTEGER', 'from 1'],
      ...METRIC_COLUMNS,
      ['metrics', 'JSON', 'as in `trial_results`; the last column'],
    ],
  },
  layer_history: {
    rows: 'A row per layer with a kernel and recorded epoch of a trial',
    columns: [
      ['sweep', 'TEXT', 'name of the sweep'],
      ['config', 'INTEGER', 'the config, from 0'],
      ['replicate', 'INTEGER', 'the replicate, from 0'],
      ['epoch', 'INTEGER', 'from 1'],
      ['layer', 'INTEGER', "its place among the model's layers, from 0, each `repeat` written out"],
      ['kernel_norm', 'REAL', 'norm of the kernel at the end of the epoch'],
      [
        'gradient_norm',
        'REAL',
        "norm of the gradient of all the layer's variables before clipping, noise and penalties included: mean over the epoch's steps",
      ],
      ['clipped_share', 'REAL', 'share of those steps in which clipping changed it, 0 to 1'],
    ],
  },
  failures: {
    rows: 'A row per failed trial',
    columns: [
      ['sweep', 'TEXT', 'name of the sweep'],
      ['config', 'INTEGER', 'the config, from 0'],
      ['replicate', 'INTEGER', 'the replicate, from 0'],
      ['trial', 'INTEGER', "the trial's number in this database"],
      ['failure_kind', 'TEXT', 'as in `trial_results`'],
      ['epoch', 'INTEGER', 'the epoch where it failed'],
      ['last_loss', 'REAL', 'the last finite training loss'],
      ['message', 'TEXT', 'what went wrong'],
      ['advice', 'TEXT', 'what to try'],
      ['attempts', 'INTEGER', 'how often it was tried'],
      ['params', 'JSON', "object: the config's parameters"],
      ['stack', 'TEXT', 'where in the program it happened, if known'],
    ],
  },
  progress: {
    rows: 'A row per sweep',
    columns: [
      ['sweep', 'TEXT', 'name of the sweep'],
      ['trials', 'INTEGER', 'number of trials; the next seven are those in each state'],
      ['queued', 'INTEGER', 'waiting'],
      ['running', 'INTEGER', 'handed to a worker'],
      ['paused', 'INTEGER', 'set aside'],
      ['completed', 'INTEGER', 'ended with a result'],
      ['pruned', 'INTEGER', 'ended early by a pruner'],
      ['failed', 'INTEGER', 'ended without a result'],
      ['cancelled', 'INTEGER', 'will not run'],
      [
        'epochs_done',
        'INTEGER',
        'epochs of ended trials, of running ones so far, and of waiting ones those after which they go on',
      ],
      ['epochs_planned', 'INTEGER', 'epoch budgets of all trials: an upper bound with early stopping'],
    ],
  },
  saved_queries: {
    rows: 'A row per query that was saved with `nightsweep sql --save`',
    columns: [
      ['name', 'TEXT', 'what it is called by'],
      ['query', 'TEXT', 'the SQL'],
      ['saved_at', 'TEXT', 'when it was saved'],
    ],
  },
};
