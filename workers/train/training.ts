/** Training, written once: `step`, `evaluate` and `epochEnd` as functions of named tensors with a leading axis K. */

import * as tf from '@tensorflow/tfjs-core';
import type { Part } from '../../src/metrics.ts';
import type { Ops } from '../backend/ops/ops.ts';
import { clip } from './clipping.ts';
import { lossFor, type Loss } from './losses.ts';
import { partMetrics, rowSums } from './metrics.ts';
import { backward, forward, penalty, variableShapes } from './network.ts';
import { optimizerOf } from './optimizers.ts';
import type { Program } from './program.ts';
import { evaluatedParts } from './reports.ts';
import { epochEnd, keepsWeights, stoppingState } from './stopping.ts';
import { named, rowSum, type Tensor, type Tensors } from './tensors.ts';

/** Rows of one step or of one piece of an evaluation. The leading axis is 1 where all slots share the rows. */
export interface Rows {
  /** [1 or K, rows, inputs] */
  readonly x: Tensor;
  /** [1 or K, rows, outputs] */
  readonly y: Tensor;
  /** [1, rows, 1]: the weight of each row in a mean; 0 for a row that only fills up. */
  readonly share: Tensor;
  /** [1, 1, rows]: 1, and 0 for a row that only fills up. */
  readonly present: Tensor;
  /** [1, 1, 1]: rows that a mean is over, of the batch or of the whole part. */
  readonly count: Tensor;
}

export interface Gradients {
  /** Data loss of the batch, [K, 1, 1]. */
  readonly dataLoss: Tensor;
  /** Of data loss plus penalties, before clipping; by variable. */
  readonly gradients: Tensors;
}

/**
 * State (all with a leading K): `t` int32 [K], updates made; the variables and `<variable>/<optimizer slot>`;
 * `loss_sum` [K, 1, 1], the epoch's batch losses; and what `epochEnd` keeps. Hyperparameters: see `hyper.ts`.
 */
export interface Training {
  readonly program: Program;
  gradients(state: Tensors, batch: Rows, hyper: Tensors): Gradients;
  /** One update. */
  step(state: Tensors, batch: Rows, hyper: Tensors): Tensors;
  /** Metrics of all parts by name, each [K, 1, 1], without noise; a part comes in one or more pieces. */
  evaluate(state: Tensors, parts: Readonly<Partial<Record<Part, readonly Rows[]>>>, hyper: Tensors): Tensors;
  /** Decides what the epoch's metrics mean for each slot; resets `loss_sum`. */
  epochEnd(state: Tensors, metrics: Tensors, hyper: Tensors): Tensors;
}

export function createTraining(program: Program, ops: Ops): Training {
  const loss = requireLoss(program);
  const optimizer = optimizerOf(program.optimizer);
  const variables = variableShapes(program);

  function gradients(state: Tensors, batch: Rows, hyper: Tensors): Gradients {
    const draw = { ops, t: named(state, 't'), hyper };
    const pass = forward(program, state, batch.x, draw);
    const values = { z: pass.z, output: pass.output, target: batch.y };
    const dz = loss.gradient(values, batch.share, ops, hyper);
    return {
      dataLoss: tf.div(rowSum(batch.present, loss.rows(values, hyper)), batch.count),
      gradients: backward(program, state, pass, dz, batch.present, draw),
    };
  }

  function step(state: Tensors, batch: Rows, hyper: Tensors): Tensors {
    const { dataLoss, gradients: raw } = gradients(state, batch, hyper);
    const clipped = clip(program, raw, hyper);
    const t = tf.add(named(state, 't'), tf.onesLike(named(state, 't')));
    const update = optimizer.begin(tf.reshape(tf.cast(t, 'float32'), [-1, 1, 1]), hyper);
    const next: Record<string, Tensor> = { t, loss_sum: tf.add(named(state, 'loss_sum'), dataLoss) };
    for (const { name } of variables) {
      const kept = optimizer.slots.map((slot) => named(state, `${name}/${slot}`));
      const updated = update(named(state, name), named(clipped, name), kept);
      next[name] = updated.variable;
      optimizer.slots.forEach((slot, index) => {
        next[`${name}/${slot}`] = updated.slots[index]!;
      });
    }
    return { ...state, ...next };
  }

  function sumsOf(state: Tensors, rows: Rows, hyper: Tensors): Tensors {
    const pass = forward(program, state, rows.x);
    const values = { z: pass.z, output: pass.output, target: rows.y };
    return rowSums(program.loss, values, loss.rows(values, hyper), rows.present);
  }

  return {
    program,
    gradients,
    step,
    evaluate(state, parts, hyper) {
      const penalties = penalty(program, state, hyper);
      const metrics = evaluatedParts(program).map((part) => {
        const pieces = parts[part];
        if (!pieces?.[0]) throw new Error(`the ${part} part is evaluated but has no rows`);
        const sums = pieces.map((rows) => sumsOf(state, rows, hyper)).reduce(addAll);
        return partMetrics(part, sums, pieces[0].count, penalties, hyper);
      });
      return Object.assign({}, ...metrics) as Tensors;
    },
    epochEnd(state, metrics, hyper) {
      const sum = named(state, 'loss_sum');
      const ended = epochEnd(program, state, { ...metrics, mean_training_loss: sum }, hyper);
      return { ...ended, loss_sum: tf.zerosLike(sum) };
    },
  };
}

function addAll(a: Tensors, b: Tensors): Tensors {
  return Object.fromEntries(Object.keys(a).map((name) => [name, tf.add(named(a, name), named(b, name))]));
}

function requireLoss(program: Program): Loss {
  const output = program.layers.at(-1)!.activation;
  const loss = lossFor(program.loss, output);
  if (!loss) throw new Error(`no program has the loss ${program.loss} on the output activation ${output}`);
  return loss;
}

export interface StateEntry {
  readonly name: string;
  readonly dtype: 'float32' | 'int32';
  /** Without the leading K. */
  readonly shape: readonly number[];
  /** The value of a new trial; a name of a variable where it starts as a copy of that. */
  readonly initial: number | { readonly copyOf: string } | 'initializer';
}

/** Everything that a program's state consists of, in a fixed order. */
export function stateEntries(program: Program): readonly StateEntry[] {
  const { slots } = optimizerOf(program.optimizer);
  const variables = variableShapes(program).flatMap(({ name, shape }): StateEntry[] => [
    { name, dtype: 'float32', shape, initial: 'initializer' },
    ...slots.map((slot): StateEntry => ({ name: `${name}/${slot}`, dtype: 'float32', shape, initial: 0 })),
    ...(keepsWeights(program)
      ? [{ name: `kept.${name}`, dtype: 'float32', shape, initial: { copyOf: name } } as const]
      : []),
  ]);
  const numbers = { loss_sum: 0, ...stoppingState(program) };
  return [
    { name: 't', dtype: 'int32', shape: [], initial: 0 },
    ...variables,
    ...Object.entries(numbers).map(([name, initial]): StateEntry => ({
      name,
      dtype: 'float32',
      shape: [1, 1],
      initial,
    })),
  ];
}
