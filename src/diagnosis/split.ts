/** Remarks on how the data are divided: sizes of parts, parts used for what they are not for, parts that differ. Pure. */

import { counted } from '../counted.ts';
import { parseMetricName } from '../metrics.ts';
import type { SplitRemark } from './diagnosis.ts';
import { isShare, type Errors } from './errors.ts';
import type { ConfigFacts, ConfigSections, PartRows } from './facts.ts';

/** A dev error that is less certain than this, as a share, cannot tell settings apart that differ by it. */
const CERTAIN = 0.02;
/** Of 95 % of a normal number. */
const QUANTILE = 1.96;
/** Standard errors between two parts that chance does not explain. */
const UNLIKELY = 3;
/** Rows of a part for choosing or for the final figures beyond which more are better used for training. */
const PLENTY = 10_000;
const LARGE_SHARE = 0.1;

/**
 * @param facts of the best config
 * @param isChoice whether there is more than one config to choose from
 */
export function splitRemarks(
  objective: string,
  facts: ConfigFacts,
  errors: Errors | null,
  isChoice: boolean,
): SplitRemark[] {
  const { sections, rows } = facts;
  return [
    ...(isChoice ? choiceRemarks(objective, sections) : []),
    ...(sections ? leakRemarks(sections) : []),
    ...(rows ? sizeRemarks(rows, errors) : []),
    ...(rows ? mismatchRemarks(facts, rows, errors) : []),
  ];
}

function choiceRemarks(objective: string, sections: ConfigSections | null): SplitRemark[] {
  const part = parseMetricName(objective)?.part;
  if (part === 'train') {
    const message = `configs are ranked by ${objective}: that finds the one that learns by heart best, not the one that generalises`;
    return [{ code: 'chosen_on_train', message }];
  }
  const split = sections?.data.split;
  if (part !== 'test' || !split) return [];
  const hasValidation = split.kind === 'folds' || split.validation !== 0;
  const cure = hasValidation
    ? `rank by ${objective.replace(/^test_/, 'validation_')}`
    : 'divide in three, such as split: { train: 0.6, validation: 0.2, test: rest }';
  const message = `the test part serves as dev part: configs are ranked by ${objective}, so that of the best is too good; ${cure}`;
  return [{ code: 'test_as_dev', message }];
}

function leakRemarks({ data, train }: ConfigSections): SplitRemark[] {
  const remarks: SplitRemark[] = [];
  const monitor = train.early_stopping?.monitor;
  if (monitor?.startsWith('test_')) {
    remarks.push({ code: 'stops_on_test', message: `training stops by ${monitor}, so the test figures are too good` });
  }
  if (train.keep.rule === 'best' && train.keep.metric.startsWith('test_')) {
    const message = `the kept epoch is the best by ${train.keep.metric}, so the test figures are too good`;
    remarks.push({ code: 'keeps_on_test', message });
  }
  for (const part of ['features', 'target'] as const) {
    if (data.transform[part]?.fit_on !== 'all') continue;
    const message = `the transform of the ${part} is fitted on all rows, so training knows something of the other parts`;
    remarks.push({ code: 'fit_on_all', message });
  }
  if ('file' in data.source && !data.split.shuffle) {
    const message =
      'rows are divided in the order of the file: right for a series over time, wrong where the file is sorted by anything else';
    remarks.push({ code: 'not_shuffled', message });
  }
  return remarks;
}

function sizeRemarks(rows: NonNullable<PartRows>, errors: Errors | null): SplitRemark[] {
  const remarks: SplitRemark[] = [];
  const all = rows.train + rows.validation + rows.test;
  if (errors && isShare(errors.metric)) {
    const n = rows[errors.part];
    const half = QUANTILE * standardError(errors.dev, n);
    if (n > 0 && half > CERTAIN) {
      const message = `${counted(n, 'row')} of ${errors.part} make an error of ${percent(errors.dev)} uncertain by ${percent(half)} (95 %): one row is ${percent(1 / n)}, and settings that differ by less cannot be told apart for other rows`;
      remarks.push({ code: 'few_dev_rows', message });
    }
  }
  for (const part of ['validation', 'test'] as const) {
    if (rows[part] <= PLENTY || rows[part] < LARGE_SHARE * all) continue;
    const message = `${counted(rows[part], 'row')} of ${part} are more than it takes to choose: of ${all} rows 98 % can train, and 1 % each suffices for the others`;
    remarks.push({ code: 'large_part', message });
  }
  return remarks;
}

/** Differences between parts that are larger than their numbers of rows explain. */
function mismatchRemarks({ means }: ConfigFacts, rows: NonNullable<PartRows>, errors: Errors | null): SplitRemark[] {
  if (!errors || !isShare(errors.metric)) return [];
  const { metric, part, train, dev } = errors;
  const remarks: SplitRemark[] = [];
  const tolerance = (a: number, from: number, b: number, to: number): number =>
    Math.max(CERTAIN, UNLIKELY * Math.hypot(standardError(a, from), standardError(b, to)));
  const test = means[`test_${metric}`];
  if (part === 'validation' && test !== undefined && rows.test > 0) {
    const error = 1 - test;
    if (Math.abs(error - dev) > tolerance(dev, rows.validation, error, rows.test)) {
      const message = `the error is ${percent(dev)} on validation and ${percent(error)} on test, more of a difference than ${rows.validation} and ${rows.test} rows explain: the parts seem to come from different distributions, or validation was used up by choosing`;
      remarks.push({ code: 'mismatch', message });
    }
  }
  if (train - dev > tolerance(train, rows.train, dev, rows[part])) {
    const message = `the training error (${percent(train)}) is above that of ${part} (${percent(dev)}), though both are measured without dropout and noise: ${part} seems to hold easier rows, or some of the training part's`;
    remarks.push({ code: 'train_above_dev', message });
  }
  return remarks;
}

/** Of a share of `rows` rows. */
function standardError(share: number, rows: number): number {
  return Math.sqrt((share * (1 - share)) / Math.max(1, rows));
}

function percent(share: number): string {
  const value = 100 * share;
  return `${value.toFixed(value >= 9.95 ? 0 : 1)} %`;
}
