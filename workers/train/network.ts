/** The network: forward through its layers and back again, with penalties apart. */

import * as tf from '@tensorflow/tfjs-core';
import { ACTIVATIONS } from './activations.ts';
import { addNoise, dropoutFactor, type Draw } from './noise.ts';
import type { DenseProgram, Program } from './program.ts';
import { dot, named, rowSum, type Tensor, type Tensors } from './tensors.ts';

export interface VariableShape {
  readonly name: string;
  /** Without the leading K: [inputs, units] for a kernel, [1, units] for a bias. */
  readonly shape: readonly [number, number];
}

/** All variables of a program, in order: kernel and bias of each layer. */
export function variableShapes(program: Pick<Program, 'layers'>): readonly VariableShape[] {
  return program.layers.flatMap((layer, index): VariableShape[] => [
    { name: `layers.${index}.kernel`, shape: [layer.inputs, layer.units] },
    { name: `layers.${index}.bias`, shape: [1, layer.units] },
  ]);
}

/** What a layer remembers of its forward pass for the backward one. All [K, rows, units]. */
interface LayerTape {
  readonly input: Tensor;
  readonly z: Tensor;
  /** After the activation, before noise and dropout. */
  readonly activated: Tensor;
  readonly dropout: Tensor | undefined;
}

export interface ForwardPass {
  readonly tapes: readonly LayerTape[];
  /** Of the last layer, before and after its activation. */
  readonly z: Tensor;
  readonly output: Tensor;
}

/**
 * @param x [K, rows, inputs], or [1, rows, inputs] when all slots see the same rows
 * @param draw absent when evaluating: no noise, no dropout
 */
export function forward(program: Program, state: Tensors, x: Tensor, draw?: Draw): ForwardPass {
  const tapes: LayerTape[] = [];
  let h = draw ? disturbInput(program, x, draw) : x;
  for (const [index, layer] of program.layers.entries()) {
    const place = `layers.${index}`;
    let z = tf.add(tf.matMul(h, named(state, `${place}.kernel`)), named(state, `${place}.bias`));
    if (draw && layer.noise_before) z = addNoise(draw, place, 'noise_before', z);
    const activated = ACTIVATIONS[layer.activation].apply(z);
    let output = draw && layer.noise_after ? addNoise(draw, place, 'noise_after', activated) : activated;
    let dropout: Tensor | undefined;
    if (draw && layer.dropout) {
      dropout = dropoutFactor(draw, place, output.shape[1]!, layer.units);
      output = tf.mul(output, dropout);
    }
    tapes.push({ input: h, z, activated, dropout });
    h = output;
  }
  return { tapes, z: tapes.at(-1)!.z, output: h };
}

function disturbInput(program: Program, x: Tensor, draw: Draw): Tensor {
  if (!program.input.noise && !program.input.dropout) return x;
  const slots = draw.t.shape[0]!;
  const [, rows, width] = x.shape as [number, number, number];
  let h = tf.broadcastTo(x, [slots, rows, width]);
  if (program.input.noise) h = addNoise(draw, 'input', 'noise', h);
  if (program.input.dropout) h = tf.mul(h, dropoutFactor(draw, 'input', rows, width));
  return h;
}

/**
 * Gradients of data loss plus penalties, one per variable and of its shape, from dL/dz of the last layer.
 * @param dzLast [K, rows, outputs], rows already weighted
 * @param present [1, 1, rows], 1 for every row that is there
 */
export function backward(
  program: Program,
  state: Tensors,
  pass: ForwardPass,
  dzLast: Tensor,
  present: Tensor,
  draw: Draw,
): Record<string, Tensor> {
  const gradients: Record<string, Tensor> = {};
  let dz = dzLast;
  for (let index = program.layers.length - 1; index >= 0; index -= 1) {
    const place = `layers.${index}`;
    const layer = program.layers[index]!;
    const tape = pass.tapes[index]!;
    const kernel = named(state, `${place}.kernel`);
    gradients[`${place}.bias`] = rowSum(present, dz);
    gradients[`${place}.kernel`] = addPenaltyGradients(
      layer,
      place,
      kernel,
      tf.matMul(tape.input, dz, true, false),
      draw.hyper,
    );
    if (index === 0) break;
    const below = pass.tapes[index - 1]!;
    let dy = tf.matMul(dz, kernel, false, true);
    if (below.dropout) dy = tf.mul(dy, below.dropout);
    const { activation } = program.layers[index - 1]!;
    dz = ACTIVATIONS[activation].gradient(dy, below.activated, draw.ops, draw.hyper);
  }
  return gradients;
}

function addPenaltyGradients(
  layer: DenseProgram,
  place: string,
  kernel: Tensor,
  gradient: Tensor,
  hyper: Tensors,
): Tensor {
  let total = gradient;
  if (layer.l2) total = tf.add(total, tf.mul(kernel, named(hyper, `${place}.l2.doubled`)));
  if (layer.l1) total = tf.add(total, tf.mul(tf.sign(kernel), named(hyper, `${place}.l1`)));
  return total;
}

/** Sum of l1 * sum|w| and l2 * sum w^2 over the kernels, [K, 1, 1]; undefined where the program has no penalty. */
export function penalty(program: Program, state: Tensors, hyper: Tensors): Tensor | undefined {
  let total: Tensor | undefined;
  const add = (term: Tensor): void => {
    total = total ? tf.add(total, term) : term;
  };
  for (const [index, layer] of program.layers.entries()) {
    const place = `layers.${index}`;
    const kernel = named(state, `${place}.kernel`);
    if (layer.l2) add(tf.mul(dot(kernel, kernel), named(hyper, `${place}.l2`)));
    if (layer.l1) add(tf.mul(dot(kernel, tf.sign(kernel)), named(hyper, `${place}.l1`)));
  }
  return total;
}
