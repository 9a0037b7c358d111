/** Who may be the best config, and whether it is better than the baseline, as a sentence. Pure. */

import { leadSentence, type Lead } from '../../answers/lead-sentence.ts';
import type { Goal } from '../../metrics.ts';
import { leadOverBaseline, type Comparisons } from '../../statistics/comparisons.ts';

export interface VerdictOptions {
  readonly goal: Goal;
  /** Ordinal; null for none. */
  readonly baseline: number | null;
  /** Of the whole sweep. */
  readonly replicates: number;
}

/** Undefined where too little is known: fewer than two configs with two replicates each. */
export function verdictOf(compared: Comparisons, options: VerdictOptions): string | undefined {
  const { best, tied, replicates } = compared;
  if (best === null || replicates === 0) return undefined;
  const progress = replicates < options.replicates ? ` (by ${replicates} of ${options.replicates} replicates)` : '';
  const others = tied.has(best) ? [...tied.values()].filter(Boolean).length - 1 : null;
  const sentence = leadSentence({ best: `config ${best}`, others, baseline: baselineOf(best, compared, options) });
  return `${sentence}${progress}`;
}

function baselineOf(best: number, { rows }: Comparisons, { baseline, goal }: VerdictOptions): Lead['baseline'] {
  if (baseline === null) return 'none';
  if (baseline === best) return 'best';
  return leadOverBaseline(rows, best, baseline, goal) ?? 'none';
}
