/** The decision regions of a report: drawn where they can be, explained where they ought to be and cannot. */

import { createReadStream } from 'node:fs';
import { readConfig } from '../../db/read-config.ts';
import type { Reader } from '../../db/reader.ts';
import type { SweepFacts } from '../../db/read-sweep.ts';
import { csvBatches } from '../../workers/data/csv-batches.ts';
import type { ResolvedData } from '../definition/resolved.ts';
import { decisionRegions } from '../export/decision-regions.ts';
import { labelOf } from './label.ts';
import type { DecisionRegions } from './report-data.ts';

export interface Regions {
  /** Null where the data have not two features, or where the best trial's network is not at hand. */
  readonly regions: DecisionRegions | null;
  /** Why there are none, where something went wrong. */
  readonly problem: string | null;
}

/**
 * Loads a backend in a process of its own; a report without the picture is better than none.
 * @param best ordinal of the best config; null without a result
 */
export async function regionsOf(reader: Reader, sweep: SweepFacts, best: number | null): Promise<Regions> {
  if (best === null) return { regions: null, problem: null };
  try {
    const { config } = reader.read((db) => readConfig(db, sweep, best));
    const isPlane = 'data' in config && (await mayBePlane(config.data));
    return { regions: isPlane ? await decisionRegions(reader.file, sweep, labelOf) : null, problem: null };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { regions: null, problem: `the decision regions could not be drawn: ${message}` };
  }
}

/** By the first line of a file: to read a large one to its end would take longer than all the rest of a report. */
async function mayBePlane({ source, split, image }: ResolvedData): Promise<boolean> {
  if (image !== null) return false;
  if ('generator' in source) return !('features' in source) || source.features === 2;
  const others = new Set([source.target, ...source.drop, split.group]);
  for await (const { header } of csvBatches(source.file, createReadStream(source.file), 1)) {
    return header.filter((name) => !others.has(name)).length === 2;
  }
  return false;
}
