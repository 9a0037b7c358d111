/** The decision regions of a report: drawn where they can be, explained where they ought to be and cannot. */

import type { SweepFacts } from '../../db/read-sweep.ts';
import { decisionRegions } from '../export/decision-regions.ts';
import { labelOf } from './label.ts';
import type { DecisionRegions } from './report-data.ts';

export interface Regions {
  /** Null where the data have not two features, or where the best trial's network is not at hand. */
  readonly regions: DecisionRegions | null;
  /** Why there are none, where something went wrong. */
  readonly problem: string | null;
}

/** Loads a backend in a process of its own; a report without the picture is better than none. @param database its path */
export async function regionsOf(database: string, sweep: SweepFacts): Promise<Regions> {
  try {
    return { regions: await decisionRegions(database, sweep, labelOf), problem: null };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { regions: null, problem: `the decision regions could not be drawn: ${message}` };
  }
}
