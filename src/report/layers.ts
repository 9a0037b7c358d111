/** How the norms of layers went over the epochs, averaged over the replicates of a config. */

import type Database from 'better-sqlite3';
import { readBegunTrials, readLayers, type LayerRow } from '../../db/read-report.ts';
import type { SweepFacts } from '../../db/read-sweep.ts';
import { thinned } from '../dashboard/answers/thin.ts';
import { aligned, type Recorded } from './alignment.ts';
import { rounded } from './digits.ts';
import type { FeaturedConfig } from './featured.ts';
import { labelOf } from './label.ts';
import type { LayerHistory } from './report-data.ts';

const MEASURES = ['kernel_norm', 'gradient_norm', 'clipped_share'] as const;
const MOST_POINTS = 120;

/** Only what the sweep records. */
export function layerHistories(db: Database.Database, sweep: SweepFacts, row: FeaturedConfig): LayerHistory[] {
  const trials = readBegunTrials(db, sweep.id, row.config).map(({ id, epochs }) => ({
    last: epochs,
    layers: byLayer(readLayers(db, id)),
  }));
  const layers = [...new Set(trials.flatMap((trial) => [...trial.layers.keys()]))].sort((a, b) => a - b);
  return MEASURES.flatMap((measure) => {
    const histories = layers.flatMap((layer) => {
      const recorded = trials.map((trial) => recordedOf(trial.last, trial.layers.get(layer) ?? [], measure));
      return historyOf(layer, recorded) ?? [];
    });
    if (histories.length === 0) return [];
    return [{ config: row.config, label: labelOf(row), measure, layers: histories }];
  });
}

function byLayer(rows: readonly LayerRow[]): ReadonlyMap<number, readonly LayerRow[]> {
  const layers = new Map<number, LayerRow[]>();
  for (const row of rows) {
    const known = layers.get(row.layer);
    if (known) known.push(row);
    else layers.set(row.layer, [row]);
  }
  return layers;
}

function recordedOf(last: number, rows: readonly LayerRow[], measure: (typeof MEASURES)[number]): Recorded {
  return { last, epochs: rows.map(({ epoch }) => epoch), values: rows.map((row) => row[measure]) };
}

function historyOf(layer: number, trials: readonly Recorded[]): LayerHistory['layers'][number] | undefined {
  const { epochs, values } = aligned(trials);
  const means = values.map((numbers) =>
    numbers.length === 0 ? null : numbers.reduce((sum, number) => sum + number, 0) / numbers.length,
  );
  if (means.every((mean) => mean === null)) return undefined;
  const kept = thinned(means, MOST_POINTS);
  return { layer, epochs: kept.map((index) => epochs[index]!), mean: kept.map((index) => rounded(means[index]!)) };
}
