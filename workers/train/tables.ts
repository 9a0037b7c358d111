/** The rows of a stack's data as tensors: one table when all slots share it, else one per slot, one below the other. */

import * as tf from '@tensorflow/tfjs-core';
import { PARTS, type Part } from '../../src/metrics.ts';
import type { Dataset } from '../data/dataset.ts';
import { passesAhead } from './ahead.ts';
import { encodingOf, outputWidth } from './encoding.ts';
import { foldsBias, type Layout } from './layout.ts';
import { stepsPerEpoch, type Program } from './program.ts';
import { evaluatedParts } from './reports.ts';
import type { Rows } from './rows.ts';
import { named, type Tensor, type Tensors } from './tensors.ts';
import type { EvaluationPiece } from './training.ts';

/** Columns of the tables: the features, and ones where a bias is folded into the kernel. */
function inputWidth(program: Program, layout: Layout): number {
  return program.data.width + (foldsBias(program, layout) ? 1 : 0);
}

/** Numbers per slot in the widest layer of an evaluation; more rows are evaluated in pieces. */
const EVALUATION_NUMBERS = { flat: 1 << 18, stacked: 1 << 18, single: 1 << 20 } as const satisfies Record<
  Layout,
  number
>;

/** A run of rows of one part inside a piece. */
interface PlannedSection {
  readonly part: Part;
  /** Row of the piece. */
  readonly from: number;
  /** Row of the part. */
  readonly partFrom: number;
  readonly size: number;
}

/**
 * Which rows are evaluated together: all parts one below the other, cut into pieces; without those of which passes ahead
 * tell. A function of the program only, since it decides the order of addition. An activity penalty is a sum over a
 * piece: then none has two parts.
 */
export function evaluationPlan(program: Program, layout: Layout): readonly (readonly PlannedSection[])[] {
  const widest = Math.max(program.data.width, outputWidth(program), ...program.layers.map(({ units }) => units));
  const size = Math.max(16, Math.floor(EVALUATION_NUMBERS[layout] / widest));
  const apart = program.layers.some((layer) => layer.activity_l1 || layer.activity_l2);
  const pieces: PlannedSection[][] = [];
  let room = 0;
  const parts = evaluatedParts(program).filter((part) => part !== 'train' || !passesAhead(program, layout));
  for (const part of parts) {
    if (apart) room = 0;
    for (let partFrom = 0; partFrom < program.data.parts[part];) {
      if (room === 0) {
        pieces.push([]);
        room = size;
      }
      const taken = Math.min(room, program.data.parts[part] - partFrom);
      pieces.at(-1)!.push({ part, from: size - room, partFrom, size: taken });
      partFrom += taken;
      room -= taken;
    }
  }
  return pieces;
}

export interface Tables {
  /** By name, for the functions below. */
  readonly tensors: Tensors;
  /** The data set of all slots, where they share one. */
  readonly shared: Dataset | undefined;
  /** Distance between the tables of two slots, in rows; 0 where they share one. */
  readonly stride: number;
  dispose(): void;
}

/** @param datasets the data set of each slot; the same object where slots share it */
export function createTables(program: Program, datasets: readonly Dataset[], layout: Layout): Tables {
  const distinct = [...new Set(datasets)];
  const shared = distinct.length === 1;
  const own = shared ? distinct : datasets;
  const { batch, data } = program;
  const inputs = inputWidth(program, layout);
  const outputs = outputWidth(program);
  const tensors: Record<string, Tensor> = {};
  const valuesOf = (part: Part): readonly PartValues[] => {
    const byDataset = new Map(distinct.map((dataset) => [dataset, partValues(program, dataset, part, inputs)]));
    return own.map((dataset) => byDataset.get(dataset)!);
  };
  try {
    const parts = Object.fromEntries(PARTS.map((part) => [part, valuesOf(part)])) as Record<
      Part,
      readonly PartValues[]
    >;
    const rows = data.parts.train;
    const stacked = (pick: (values: PartValues) => Float32Array, width: number): Tensor =>
      tf.tensor(joined(parts.train.map(pick)), [own.length * rows, width]);
    tensors['train.x'] = stacked(({ x }) => x, inputs);
    tensors['train.y'] = stacked(({ y }) => y, outputs);
    // Those of all steps are the same where the last batch is not short.
    const steps = rows % batch === 0 ? 1 : stepsPerEpoch(program);
    const sizes = Array.from({ length: steps }, (_, step) => Math.min(batch, rows - step * batch));
    const weights = (value: (row: number, size: number) => number): Float32Array =>
      joined(sizes.map((size) => Float32Array.from({ length: batch }, (_, row) => value(row, size))));
    // By one number an op multiplies faster than by one for each row.
    tensors['batch.share'] = sizes.every((size) => size === batch)
      ? tf.fill([1, 1, 1, 1], 1 / batch)
      : tf.tensor(
          weights((row, size) => (row < size ? 1 / size : 0)),
          [steps, 1, batch, 1],
        );
    tensors['batch.present'] = tf.tensor(
      weights((row, size) => (row < size ? 1 : 0)),
      [steps, 1, 1, batch],
    );
    tensors['batch.count'] = tf.tensor(sizes, [steps, 1, 1, 1], 'float32');
    evaluationPlan(program, layout).forEach((sections, index) => {
      const size = sections.reduce((sum, section) => sum + section.size, 0);
      const piece = (pick: (values: PartValues) => Float32Array, width: number): Tensor => {
        const cut = own.flatMap((_, slot) =>
          sections.map(({ part, partFrom, size: length }) =>
            pick(parts[part][slot]!).subarray(partFrom * width, (partFrom + length) * width),
          ),
        );
        return tf.tensor(joined(cut), [own.length, size, width]);
      };
      tensors[`piece.${index}.x`] = piece(({ x }) => x, inputs);
      tensors[`piece.${index}.y`] = piece(({ y }) => y, outputs);
      tensors[`piece.${index}.share`] = tf.zeros([1, size, 1]);
      sections.forEach(({ size: length }, at) => (tensors[`piece.${index}.present.${at}`] = tf.ones([1, 1, length])));
    });
    for (const part of evaluatedParts(program)) tensors[`rows.${part}`] = tf.fill([1, 1, 1], data.parts[part]);
  } catch (error) {
    tf.dispose(tensors);
    throw error;
  }
  return {
    tensors,
    shared: shared ? distinct[0] : undefined,
    stride: shared ? 0 : data.parts.train,
    dispose: () => tf.dispose(tensors),
  };
}

/** Values of one part of one data set. */
interface PartValues {
  /** [rows, inputs] */
  readonly x: Float32Array;
  /** [rows, outputs] */
  readonly y: Float32Array;
}

/** @param inputs the features' width, or one more for a column of ones */
function partValues(program: Program, dataset: Dataset, part: Part, inputs: number): PartValues {
  const indices = dataset.parts[part];
  const outputs = outputWidth(program);
  const encoding = encodingOf(program.loss);
  const x = new Float32Array(indices.length * inputs).fill(1);
  const y = new Float32Array(indices.length * outputs);
  indices.forEach((row, i) => {
    x.set(dataset.features.subarray(row * dataset.width, (row + 1) * dataset.width), i * inputs);
    const target = dataset.targets[row]!;
    if (encoding === 'one_hot') y[i * outputs + target] = 1;
    else y[i] = encoding === 'signed' ? 2 * target - 1 : target;
  });
  return { x, y };
}

function joined(arrays: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(arrays.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const array of arrays) {
    all.set(array, at);
    at += array.length;
  }
  return all;
}

/** All training rows as one batch, for `full`. */
export function wholeBatch({ data }: Program, tables: Tensors): Rows {
  const stacked = (name: string): Tensor => {
    const table = named(tables, name);
    return tf.reshape(table, [-1, data.parts.train, table.shape[1]!]);
  };
  return { x: stacked('train.x'), y: stacked('train.y'), ...batchWeights(tables, tf.scalar(0, 'int32')) };
}

/**
 * The batch of one step.
 * @param step int32 scalar, from 0
 * @param indices int32 [K, batch], rows of the tables; where the last batch is short, any row fills up
 */
export function batchOf(tables: Tensors, step: Tensor, indices: Tensor): Rows {
  return {
    x: tf.gather(named(tables, 'train.x'), indices),
    y: tf.gather(named(tables, 'train.y'), indices),
    ...batchWeights(tables, step),
  };
}

function batchWeights(tables: Tensors, step: Tensor): Pick<Rows, 'share' | 'present' | 'count'> {
  const at = (name: string): Tensor => {
    const steps = named(tables, name);
    const shape = steps.shape.slice(1);
    return tf.reshape(steps.shape[0] === 1 ? steps : tf.gather(steps, step), shape);
  };
  return { share: at('batch.share'), present: at('batch.present'), count: at('batch.count') };
}

/** What `evaluate` takes. */
export function evaluationPieces(program: Program, tables: Tensors, layout: Layout): readonly EvaluationPiece[] {
  return evaluationPlan(program, layout).map((sections, index) => {
    const piece = `piece.${index}`;
    const [first] = sections;
    return {
      rows: {
        x: named(tables, `${piece}.x`),
        y: named(tables, `${piece}.y`),
        share: named(tables, `${piece}.share`),
        present: named(tables, `${piece}.present.0`),
        count: named(tables, `rows.${first!.part}`),
      },
      sections: sections.map(({ part, from, size }, at) => ({
        part,
        from,
        size,
        present: named(tables, `${piece}.present.${at}`),
        count: named(tables, `rows.${part}`),
      })),
    };
  });
}

/**
 * Row numbers of whole epochs in the order of training, int32 [epochs, steps, K, batch].
 * @param orders by epoch and slot: a permutation of the training rows
 */
export function batchIndices(program: Program, orders: readonly (readonly Int32Array[])[], stride: number): Int32Array {
  const { batch, data } = program;
  const rows = data.parts.train;
  const slots = orders[0]!.length;
  const indices = new Int32Array(orders.length * stepsPerEpoch(program) * slots * batch);
  let at = 0;
  for (const order of orders) {
    for (let from = 0; from < rows; from += batch) {
      for (let slot = 0; slot < slots; slot += 1, at += batch) {
        const offset = slot * stride;
        const last = Math.min(batch, rows - from);
        for (let i = 0; i < last; i += 1) indices[at + i] = order[slot]![from + i]! + offset;
        indices.fill(offset, at + last, at + batch);
      }
    }
  }
  return indices;
}
