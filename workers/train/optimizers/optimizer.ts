/** What an optimizer is, and what several of them are made of. */

import * as tf from '@tensorflow/tfjs-core';
import { named, padded, type Tensor, type Tensors } from '../tensors.ts';

export interface Optimizer {
  /** Moving quantities kept per variable and of its shape, such as `m` and `v`. */
  readonly slots: readonly OptimizerSlot[];
  /** Numbers kept per trial, [K, 1, 1]; in the state they are named `optimizer.<name>`. */
  readonly scalars: readonly { readonly name: string; readonly initial: number }[];
  /** Arguments that make updates faster where all slots have the same and they come as [1, 1, 1]; by default none. */
  readonly common?: readonly string[];
  /**
   * What the updates need besides the optimizer's arguments, in double precision: an exact 1 - beta or log beta is not
   * to be had from a beta in float32. By name, as hyperparameters `optimizer.<name>`.
   */
  numbers(argument: (name: string) => number): Readonly<Record<string, number>>;
  /**
   * What updates take that depends on the number of the step only, for several steps at once: `rate` itself and what the
   * optimizer makes of it, each [K, 1, steps], or [K, 1, 1] where it is the same in all.
   */
  prepare(steps: PlannedSteps): Tensors;
  /** What the variables of one step share. */
  begin(step: OptimizerStep): StartedStep;
}

export interface OptimizerSlot {
  readonly name: string;
  /** A number, or the hyperparameter that holds it. */
  readonly initial: number | { readonly hyper: string };
}

export interface PlannedSteps {
  /** Updates made after each step (1 after the first), float32 [K, 1, steps]. */
  readonly t: Tensor;
  /** Learning rates, [K, 1, steps] or [K, 1, 1]. */
  readonly rate: Tensor;
  readonly hyper: Tensors;
}

export interface OptimizerStep {
  /** As prepared, of this step, [K, 1, 1] each. */
  readonly numbers: Tensors;
  readonly state: Tensors;
  readonly hyper: Tensors;
}

export interface StartedStep {
  /** New values by their names in the state. */
  readonly scalars: Tensors;
  /** Elementwise; a variable may have any shape that broadcasts with [K, 1, 1]. */
  readonly update: Update;
}

export type Update = (variable: Tensor, gradient: Tensor, slots: readonly Tensor[]) => Updated;

export interface Updated {
  readonly variable: Tensor;
  readonly slots: readonly Tensor[];
}

export function rateAlone({ rate }: PlannedSteps): Tensors {
  return { rate };
}

export function noNumbers(): Readonly<Record<string, number>> {
  return {};
}

export function zeroSlots(...names: readonly string[]): readonly OptimizerSlot[] {
  return names.map((name) => ({ name, initial: 0 }));
}

export function number(hyper: Tensors, name: string): Tensor {
  return named(hyper, `optimizer.${name}`);
}

/**
 * beta * old + fresh: a moving average without its factor 1 - beta, which stands in the step size and in epsilon
 * instead. Two ops less per variable.
 */
export function moved(old: Tensor, fresh: Tensor, beta: Tensor): Tensor {
  return tf.add(tf.mul(old, beta), fresh);
}

/** a / sqrt(b). TensorFlow's optimiser must not see the two together: it would make a less exact Rsqrt of them. */
export function overRoot(a: Tensor, b: Tensor, hyper: Tensors): Tensor {
  return tf.div(a, tf.maximum(tf.sqrt(b), named(hyper, 'zero')));
}

/** 1 - base^t of numbers by the names of their logarithms, each [K, 1, steps], in one exponential for all. */
export function oneMinusPowers(t: Tensor, hyper: Tensors, ...logarithms: readonly string[]): readonly Tensor[] {
  const logs = logarithms.map((name) => number(hyper, name));
  if (logs.length === 1) return [oneMinusExp(tf.mul(t, logs[0]!))];
  return tf.split(oneMinusExp(tf.mul(t, tf.concat(logs, 1))), logs.length, 1);
}

function oneMinusExp(x: Tensor): Tensor {
  return padded(x, (long) => tf.neg(tf.expm1(long)));
}

/** A stack of one slot may overwrite its variables: the layout `single`. */
export function isSingle(variable: Tensor): boolean {
  return variable.shape[0] === 1;
}

/** A number of a single slot, as TensorFlow's own updates take it. */
export function scalar(perSlot: Tensor): Tensor {
  return tf.reshape(perSlot, []);
}

export function asUpdated([variable, ...slots]: readonly Tensor[]): Updated {
  return { variable: variable!, slots };
}
