/** Penalties on weights and on activities, and what they add to gradients. The sign of 0 is 0. Semantics: Keras. */

import * as tf from '@tensorflow/tfjs-core';
import { isWeighted, type LayerProgram, type Program } from './program.ts';
import type { Rows } from './rows.ts';
import { dot, named, rowSum, type Tensor, type Tensors } from './tensors.ts';

/** Which strengths a layer has, and under which names; those of a kernel have no prefix. */
const PENALTIES = {
  kernel: { l1: 'l1', l2: 'l2' },
  bias: { l1: 'bias_l1', l2: 'bias_l2' },
} as const;

/**
 * Sum over kernels and biases of l1 * sum|w| and l2 * sum w^2, [K, 1, 1]; undefined where the program has no such penalty.
 * @param variables by name
 */
export function penalty(program: Program, variables: Tensors, hyper: Tensors): Tensor | undefined {
  const terms = program.layers.flatMap((layer, index): Tensor[] => {
    if (!isWeighted(layer)) return [];
    const place = `layers.${index}`;
    return (['kernel', 'bias'] as const).flatMap((which) => {
      const { l1, l2 } = PENALTIES[which];
      const variable = (): Tensor => named(variables, `${place}.${which}`);
      return [
        ...(layer[l2] ? [tf.mul(dot(variable(), variable()), named(hyper, `${place}.${l2}`))] : []),
        ...(layer[l1] ? [tf.mul(dot(variable(), tf.sign(variable())), named(hyper, `${place}.${l1}`))] : []),
      ];
    });
  });
  return sumOf(terms);
}

/** Each by variable, [K, 1, 1]: the penalties' gradient is `linear` * w + `signed` * sign(w). */
export interface PenaltyStrengths {
  readonly linear: Tensors;
  readonly signed: Tensors;
}

/** @param hyper each `l2` doubled, too: see `derivedNumbers` */
export function penaltyStrengths(program: Program, hyper: Tensors): PenaltyStrengths {
  const linear: Record<string, Tensor> = {};
  const signed: Record<string, Tensor> = {};
  for (const [index, layer] of program.layers.entries()) {
    if (!isWeighted(layer)) continue;
    const place = `layers.${index}`;
    for (const which of ['kernel', 'bias'] as const) {
      const { l1, l2 } = PENALTIES[which];
      if (layer[l2]) linear[`${place}.${which}`] = named(hyper, `${place}.${l2}.doubled`);
      if (layer[l1]) signed[`${place}.${which}`] = named(hyper, `${place}.${l1}`);
    }
  }
  return { linear, signed };
}

/**
 * (activity_l1 * sum|y| + activity_l2 * sum y^2) over the rows that are there, divided by `rows.count`; [K, 1, 1].
 * Pieces of a part add up.
 * @param output of the activation, [K, rows, units]
 */
export function activityPenalty(
  layer: LayerProgram,
  place: string,
  output: Tensor,
  rows: Rows,
  hyper: Tensors,
): Tensor | undefined {
  const total = (values: Tensor): Tensor => tf.sum(rowSum(rows.present, values), -1, true);
  const sum = sumOf([
    ...(layer.activity_l2 ? [tf.mul(total(tf.square(output)), named(hyper, `${place}.activity_l2`))] : []),
    ...(layer.activity_l1 ? [tf.mul(total(tf.abs(output)), named(hyper, `${place}.activity_l1`))] : []),
  ]);
  return sum && tf.div(sum, rows.count);
}

/** What the activity penalty adds to dL/d output, [K, rows, units]; 0 in rows that only fill up. */
export function activityGradient(
  layer: LayerProgram,
  place: string,
  output: Tensor,
  rows: Rows,
  hyper: Tensors,
): Tensor | undefined {
  // Not `rows.share`, in which classes may weigh differently.
  const strength = (name: string): Tensor =>
    tf.mul(tf.reshape(rows.present, [1, -1, 1]), tf.div(named(hyper, `${place}.${name}`), rows.count));
  return sumOf([
    ...(layer.activity_l2 ? [tf.mul(output, strength('activity_l2.doubled'))] : []),
    ...(layer.activity_l1 ? [tf.mul(tf.sign(output), strength('activity_l1'))] : []),
  ]);
}

function sumOf(terms: readonly Tensor[]): Tensor | undefined {
  return terms.length === 0 ? undefined : terms.reduce((sum, term) => tf.add(sum, term));
}
