/** What the best trial's network says all over the plane of two features, for a picture. */

import { BestTrial } from '../../db/best-trial.ts';
import { Reader } from '../../db/reader.ts';
import type { Dataset } from '../../workers/data/dataset.ts';
import { applyScale } from '../../workers/data/scale.ts';
import type { Params } from '../definition/resolved.ts';
import type { Goal } from '../metrics.ts';
import type { DecisionRegions } from '../report/report-data.ts';
import { startModel, type OpenModel } from './open-model.ts';
import { largest } from './predictions.ts';
import type { NumberColumn, Target } from './preprocessing.ts';
import { readStored, type StoredTrial } from './stored-trial.ts';

/** Cells of the picture. */
const COLUMNS = 96;
const ROWS = 72;
/** Of the range of each feature, on either side. */
const MARGIN = 0.08;
/** Of a larger data set every n-th row is shown. */
const MOST_POINTS = 2000;

/**
 * Null for data that have not exactly two features, both of them numbers, and where no network is at hand: none has
 * completed, a module trains, or the best trial's weights were not kept. It trains nothing.
 * @param sweep database id and goal
 * @param label of the config
 * Errors: as `openModel`.
 */
export async function decisionRegions(
  database: string,
  sweep: { readonly id: number; readonly goal: Goal },
  label: (config: { readonly config: number; readonly params: Params }) => string,
): Promise<DecisionRegions | null> {
  const trial = bestTrial(database, sweep);
  if (trial === undefined) return null;
  const stored = readStored(database, trial);
  const plane = planeOf(stored);
  // A damaged one counts as none.
  if (!plane || stored.checkpoint === null) return null;
  const open = await startModel(stored);
  try {
    return await regionsOf(open, stored, plane, label({ config: stored.config.ordinal, params: stored.config.params }));
  } finally {
    open.close();
  }
}

/** One of a network whose final checkpoint is there. */
function bestTrial(database: string, { id, goal }: { readonly id: number; readonly goal: Goal }): number | undefined {
  const reader = Reader.open(database);
  try {
    return reader.read((db) => {
      const best = new BestTrial(db).find(id, goal);
      return db
        .prepare<[number | null], number>(
          `SELECT trial.id FROM trial JOIN checkpoint ON checkpoint.trial = trial.id AND checkpoint.epoch = trial.epochs
           WHERE trial.id = ?`,
        )
        .pluck()
        .get(best ?? null);
    });
  } finally {
    reader.close();
  }
}

type Plane = readonly [x: NumberColumn, y: NumberColumn];
type Range = readonly [low: number, high: number];

function planeOf({ preprocessing: { columns } }: StoredTrial): Plane | undefined {
  const [x, y] = columns;
  return columns.length === 2 && x?.kind === 'number' && y?.kind === 'number' ? [x, y] : undefined;
}

async function regionsOf(
  open: OpenModel,
  { config, replicate, dataset, preprocessing }: StoredTrial,
  [x, y]: Plane,
  label: string,
): Promise<DecisionRegions> {
  const ranges = { x: rangeOf(dataset, 0, x), y: rangeOf(dataset, 1, y) };
  const grid = new Float32Array(COLUMNS * ROWS * 2);
  for (let row = 0; row < ROWS; row++) {
    for (let column = 0; column < COLUMNS; column++) {
      const at = (row * COLUMNS + column) * 2;
      grid[at] = applyScale(middleOf(column, COLUMNS, ranges.x), x);
      grid[at + 1] = applyScale(middleOf(row, ROWS, ranges.y), y);
    }
  }
  const outputs = await open.predict(grid);
  const { target } = preprocessing;
  return {
    config: config.ordinal,
    replicate,
    label,
    features: [x.name, y.name],
    ...ranges,
    columns: COLUMNS,
    rows: ROWS,
    classes: target.kind === 'class' ? target.classes : [],
    ...meaningOf(outputs, target),
    points: pointsOf(dataset, [x, y]),
  };
}

/** Of the data, in the feature's own unit, with a margin. */
function rangeOf({ features, rows }: Dataset, index: 0 | 1, column: NumberColumn): Range {
  let [low, high] = [Infinity, -Infinity];
  for (let row = 0; row < rows; row++) {
    const value = ownUnit(features[row * 2 + index]!, column);
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  const margin = (high - low) * MARGIN || 1;
  return [low - margin, high + margin];
}

function ownUnit(value: number, { scale, offset }: NumberColumn): number {
  return value * scale + offset;
}

/** What a picture can show: thousands of such numbers are in a report. */
function short(value: number): number {
  return Number(value.toPrecision(4));
}

function middleOf(cell: number, cells: number, [low, high]: Range): number {
  return low + ((cell + 0.5) / cells) * (high - low);
}

function meaningOf(outputs: Float32Array, target: Target): Pick<DecisionRegions, 'values' | 'confidence'> {
  if (target.kind === 'number') {
    return { values: Array.from(outputs, (output) => short(output * target.scale + target.offset)), confidence: [] };
  }
  if (target.encoding === 'signed') {
    // A margin of 1 is what hinge losses ask for: as sure as can be.
    return {
      values: Array.from(outputs, (score) => Number(score > 0)),
      confidence: Array.from(outputs, (score) => short(0.5 + Math.min(1, Math.abs(score)) / 2)),
    };
  }
  if (target.encoding === 'binary') {
    return {
      values: Array.from(outputs, (p) => Number(p > 0.5)),
      confidence: Array.from(outputs, (p) => short(Math.max(p, 1 - p))),
    };
  }
  const classes = target.classes.length;
  const cells = Array.from({ length: outputs.length / classes }, (_, cell) =>
    outputs.subarray(cell * classes, (cell + 1) * classes),
  );
  const values = cells.map(largest);
  return { values, confidence: cells.map((cell, index) => short(cell[values[index]!]!)) };
}

function pointsOf({ features, targets, targetScale, parts }: Dataset, [x, y]: Plane): DecisionRegions['points'] {
  const all = (['train', 'validation', 'test'] as const).flatMap((part) =>
    Array.from(parts[part], (row) => ({
      x: short(ownUnit(features[row * 2]!, x)),
      y: short(ownUnit(features[row * 2 + 1]!, y)),
      value: short(targets[row]! * targetScale.scale + targetScale.offset),
      part,
    })),
  );
  const step = Math.ceil(all.length / MOST_POINTS);
  return all.filter((_, index) => index % step === 0);
}
