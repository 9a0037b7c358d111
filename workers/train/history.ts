/** What is recorded of each layer with a kernel: the size of its weights and of its gradients, and how often it was clipped. */

import * as tf from '@tensorflow/tfjs-core';
import { isWeighted, type Program } from './program.ts';
import { layerColumns } from './reports.ts';
import { dot, named, type Tensor, type Tensors } from './tensors.ts';

/** State names of a layer's sums over the steps of an epoch. */
const sumName = (layer: number, quantity: 'gradient_norm' | 'clipped'): string => `history.${layer}.${quantity}`;

/** Per-slot numbers [K, 1, 1] of the state, each a sum over the epoch's steps, with their values for a new epoch. */
export function historyState(program: Program): Readonly<Record<string, number>> {
  const names = recordedLayers(program).flatMap((layer) => [
    sumName(layer, 'gradient_norm'),
    ...(clips(program) ? [sumName(layer, 'clipped')] : []),
  ]);
  return Object.fromEntries(names.map((name) => [name, 0]));
}

/**
 * The sums after one more step.
 * @param before the gradients, by variable, as they enter the clipping
 * @param after as they leave it
 */
export function historyStep(program: Program, state: Tensors, before: Tensors, after: Tensors): Tensors {
  const next: Record<string, Tensor> = {};
  const add = (name: string, value: Tensor): void => {
    next[name] = tf.add(named(state, name), value);
  };
  for (const layer of recordedLayers(program)) {
    const names = Object.keys(before).filter((name) => name.startsWith(`layers.${layer}.`));
    add(sumName(layer, 'gradient_norm'), norm(names.map((name) => named(before, name))));
    if (clips(program)) {
      const changed = names.map((name) => tf.any(tf.notEqual(named(before, name), named(after, name)), [1, 2], true));
      const anywhere = changed.reduce((one, other) => tf.logicalOr(one, other));
      add(sumName(layer, 'clipped'), tf.cast(anywhere, 'float32'));
    }
  }
  return next;
}

/**
 * The values of an epoch in the order of `layerColumns`, each [K, 1, 1]: the kernel's norm at its end, the mean norm of
 * the layer's gradient over its steps, and the share of them in which clipping changed that.
 * @param variables by name
 * @param steps [K, 1, 1], updates made in the epoch
 */
export function historyColumns(program: Program, variables: Tensors, state: Tensors, steps: Tensor): readonly Tensor[] {
  return layerColumns(program).map(({ layer, quantity }) => {
    switch (quantity) {
      case 'kernel_norm':
        return norm([named(variables, `layers.${layer}.kernel`)]);
      case 'gradient_norm':
        return tf.div(named(state, sumName(layer, 'gradient_norm')), steps);
      case 'clipped_share':
        return clips(program) ? tf.div(named(state, sumName(layer, 'clipped')), steps) : tf.zerosLike(steps);
    }
  });
}

function recordedLayers({ layers, layer_history }: Program): readonly number[] {
  return layer_history.gradient_norms ? layers.flatMap((layer, index) => (isWeighted(layer) ? [index] : [])) : [];
}

function clips({ clip }: Program): boolean {
  return clip.variable_norm || clip.global_norm || clip.value;
}

/** Of all numbers of a slot's tensors together, [K, 1, 1]. */
function norm(tensors: readonly Tensor[]): Tensor {
  return tf.sqrt(tensors.map((tensor) => dot(tensor, tensor)).reduce((sum, square) => tf.add(sum, square)));
}
