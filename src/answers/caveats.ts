/** What limits every number of a sweep: warnings of its design, its split and its definition, each thing said once. Pure. */

import type { Answers } from './answers.ts';
import type { SplitRemark } from '../diagnosis/diagnosis.ts';
import type { DesignWarning } from '../statistics/analysis-rows.ts';

export interface Caveats {
  readonly design: readonly DesignWarning[];
  readonly split: readonly SplitRemark[];
  /** As they are stored, which may begin with the path of a key. */
  readonly stored: readonly string[];
}

/** @param stored warnings of the definition, and notes of the run */
export function caveatsOf({ analysis, diagnosis }: Answers, stored: readonly string[]): Caveats {
  // Without a result there is nothing to be wrong about.
  const design = analysis.trials === 0 ? [] : analysis.warnings;
  const codes = new Set(design.map(({ code }) => code));
  // The design's own warnings say the same with the numbers that there are now.
  return {
    design,
    split: diagnosis.split.filter(({ code }) => code !== 'few_dev_rows' || !codes.has('few_rows')),
    stored: stored.filter((text) => !codes.has('test_selected') || !text.startsWith('objective: choosing by ')),
  };
}
