/**
 * Remarks on how the data are divided: the order of rows, sizes of parts, parts that differ. Pure.
 *
 * What a definition alone shows, such as choosing by the test part, stopping by it, or a transform that is fitted on all
 * rows, is warned about before the sweep starts (`check-sweep.ts`), and is shown beside these.
 */

import { counted } from '../counted.ts';
import type { SplitRemark } from './diagnosis.ts';
import { isShare, rowsHalfWidth, type Errors } from './errors.ts';
import type { ConfigFacts, PartRows } from './facts.ts';

/** A dev error that is less certain than this, as a share, cannot tell settings apart that differ by it. */
const CERTAIN = 0.02;
/** Times the half width of a 95 % interval: a difference between two parts that chance does not explain. */
const UNLIKELY = 1.5;
/** Rows of a part for choosing or for the final figures beyond which more are better used for training. */
const PLENTY = 10_000;
const LARGE_SHARE = 0.1;

/** @param facts of the best config */
export function splitRemarks(facts: ConfigFacts, errors: Errors | null): SplitRemark[] {
  const { sections, rows } = facts;
  return [
    ...(sections && 'file' in sections.data.source && !sections.data.split.shuffle ? [NOT_SHUFFLED] : []),
    ...(rows ? [...sizeRemarks(rows, errors), ...mismatchRemarks(facts, rows, errors)] : []),
  ];
}

const NOT_SHUFFLED: SplitRemark = {
  code: 'not_shuffled',
  message:
    'rows are divided in the order of the file: right for a series over time, wrong where the file is sorted by anything else',
};

function sizeRemarks(rows: NonNullable<PartRows>, errors: Errors | null): SplitRemark[] {
  const remarks: SplitRemark[] = [];
  const all = rows.train + rows.validation + rows.test;
  if (errors && isShare(errors.metric)) {
    const n = rows[errors.part];
    const half = rowsHalfWidth(errors.dev, n);
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
    Math.max(CERTAIN, UNLIKELY * Math.hypot(rowsHalfWidth(a, from), rowsHalfWidth(b, to)));
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

function percent(share: number): string {
  const value = 100 * share;
  return `${value.toFixed(value >= 9.95 ? 0 : 1)} %`;
}
