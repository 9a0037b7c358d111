/** What a comparison comes to. Pure. */

import type { Goal } from '../metrics.ts';
import type { ComparisonRow } from './analysis-rows.ts';
import { isClaimed } from './student.ts';

/** @param pValue for all comparisons of its family at once */
export function conclude(difference: number, pValue: number, goal: Goal): ComparisonRow['conclusion'] {
  if (!isClaimed(pValue)) return 'unclear';
  return difference > 0 === (goal === 'maximize') ? 'better' : 'worse';
}
