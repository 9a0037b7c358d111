/** The rows of a cohort's data as tensors: one table when all slots share it, else one per slot, stacked. */

import * as tf from '@tensorflow/tfjs-core';
import type { Part } from '../../src/metrics.ts';
import type { Dataset } from '../data/dataset.ts';
import type { Program } from './program.ts';
import { evaluatedParts } from './reports.ts';
import type { Rows } from './training.ts';
import type { Tensor } from './tensors.ts';

/** Values of one part of one data set. */
interface PartValues {
  readonly rows: number;
  /** [rows, inputs] */
  readonly x: Float32Array;
  /** [rows, outputs] */
  readonly y: Float32Array;
}

/** Targets as the loss needs them: one column per class for a categorical one. */
function partValues(program: Program, dataset: Dataset, part: Part): PartValues {
  const indices = dataset.parts[part];
  const outputs = program.layers.at(-1)!.units;
  const x = new Float32Array(indices.length * dataset.width);
  const y = new Float32Array(indices.length * outputs);
  indices.forEach((row, i) => {
    x.set(dataset.features.subarray(row * dataset.width, (row + 1) * dataset.width), i * dataset.width);
    const target = dataset.targets[row]!;
    if (program.loss === 'categorical_crossentropy') y[i * outputs + target] = 1;
    else y[i] = target;
  });
  return { rows: indices.length, x, y };
}

/** At most this many numbers per slot in one layer of an evaluation; more rows are evaluated in pieces. */
const EVALUATION_NUMBERS = 1 << 18;

/** Rows evaluated at once: a function of the program only, since it decides the order of addition. */
export function evaluationRows(program: Program): number {
  const widest = Math.max(program.data.width, ...program.layers.map(({ units }) => units));
  return Math.max(16, Math.floor(EVALUATION_NUMBERS / widest));
}

export interface Tables {
  /** A training batch for each slot: `order` holds K * count indices into the training part, slot by slot. */
  batch(order: Int32Array, count: number, size: number): Rows;
  /** All training rows in their order, for `full`. */
  readonly whole: Rows;
  readonly evaluation: Readonly<Partial<Record<Part, readonly Rows[]>>>;
  dispose(): void;
}

/** @param datasets the data set of each slot; the same object where slots share it */
export function createTables(program: Program, datasets: readonly Dataset[]): Tables {
  const distinct = [...new Set(datasets)];
  const shared = distinct.length === 1;
  const slots = shared ? 1 : datasets.length;
  const valuesOf = (part: Part): PartValues[] => {
    const byDataset = new Map(distinct.map((dataset) => [dataset, partValues(program, dataset, part)]));
    return (shared ? distinct : datasets).map((dataset) => byDataset.get(dataset)!);
  };
  const owned: Tensor[] = [];
  const own = <T extends Tensor>(tensor: T): T => {
    owned.push(tf.keep(tensor));
    return tensor;
  };
  const outputs = program.layers.at(-1)!.units;
  const inputs = program.data.width;

  const piece = (values: readonly PartValues[], from: number, size: number, meanOver: number): Rows => {
    const x = new Float32Array(slots * size * inputs);
    const y = new Float32Array(slots * size * outputs);
    const present = Math.min(size, values[0]!.rows - from);
    values.forEach((part, slot) => {
      x.set(part.x.subarray(from * inputs, (from + present) * inputs), slot * size * inputs);
      y.set(part.y.subarray(from * outputs, (from + present) * outputs), slot * size * outputs);
    });
    return {
      x: own(tf.tensor3d(x, [slots, size, inputs])),
      y: own(tf.tensor3d(y, [slots, size, outputs])),
      ...weights(size, present, meanOver, own),
    };
  };

  const evaluation: Partial<Record<Part, readonly Rows[]>> = {};
  for (const part of evaluatedParts(program)) {
    const values = valuesOf(part);
    const { rows } = values[0]!;
    const size = Math.min(rows, evaluationRows(program));
    evaluation[part] = Array.from({ length: Math.ceil(rows / size) }, (_, index) =>
      piece(values, index * size, size, rows),
    );
  }

  const training = valuesOf('train');
  const { rows } = training[0]!;
  const pieces = evaluation.train;
  const whole = pieces?.length === 1 ? pieces[0]! : piece(training, 0, rows, rows);
  const table = { x: own(tf.reshape(whole.x, [-1, inputs])), y: own(tf.reshape(whole.y, [-1, outputs])) };
  const weightsOf = new Map<number, Omit<Rows, 'x' | 'y'>>();

  return {
    whole,
    evaluation,
    batch(order, count, size) {
      let shares = weightsOf.get(count);
      if (!shares) {
        shares = weights(size, count, count, own);
        weightsOf.set(count, shares);
      }
      const stacked = order.length / count;
      const indices = new Int32Array(stacked * size);
      for (let slot = 0; slot < stacked; slot += 1) {
        const offset = shared ? 0 : slot * rows;
        for (let i = 0; i < count; i += 1) indices[slot * size + i] = order[slot * count + i]! + offset;
        indices.fill(offset, slot * size + count, (slot + 1) * size);
      }
      const rowsOf = tf.tensor2d(indices, [stacked, size], 'int32');
      return { x: tf.gather(table.x, rowsOf), y: tf.gather(table.y, rowsOf), ...shares };
    },
    dispose() {
      tf.dispose(owned);
    },
  };
}

/** Rows from `present` on only fill up: they have no share in the mean over `meanOver` rows. */
function weights(
  size: number,
  present: number,
  meanOver: number,
  own: <T extends Tensor>(tensor: T) => T,
): Omit<Rows, 'x' | 'y'> {
  const share = Float32Array.from({ length: size }, (_, row) => (row < present ? 1 / meanOver : 0));
  return {
    share: own(tf.tensor3d(share, [1, size, 1])),
    present: own(tf.tensor3d(share.map(Math.sign), [1, 1, size])),
    count: own(tf.fill([1, 1, 1], meanOver)),
  };
}
