/** The network: what it is made of, forward through its layers and back again. */

import * as tf from '@tensorflow/tfjs-core';
import type { ActivationName } from '../../src/definition/resolved.ts';
import type { Ops } from '../backend/ops/ops.ts';
import { ACTIVATIONS } from './activations.ts';
import { augment } from './augment.ts';
import { constrain } from './constraints.ts';
import { convolve, convolveGradients } from './convolution.ts';
import { initialVariable } from './initializers.ts';
import { gatedGradients, gatedProduct, isGated } from './gated.ts';
import { kernelInputs } from './layout.ts';
import type { OutputValues } from './losses.ts';
import { addNoise, dropoutMasks, dropoutPlaces, INPUT, weightNoise, type DropoutMask, type Draw } from './noise.ts';
import { normalizationStatistics, normalizationVariables, normalize, normalizeGradient } from './normalization.ts';
import { FOLDED, type Variable } from './parameters.ts';
import { pool, poolGradient } from './pooling.ts';
import { isWeighted, type LayerProgram, type Program, type TrialTask, type WeightedProgram } from './program.ts';
import {
  activityGradient,
  activityPenalty,
  penalty,
  penaltyStrengths,
  type PenaltyStrengths,
} from './regularization.ts';
import type { Rows } from './rows.ts';
import { biasedProduct, isMatrix, named, product, rowSum, type Place, type Tensor, type Tensors } from './tensors.ts';

/** Numbers that training changes but no gradient, such as moving means. Without the leading K. */
export interface Statistic {
  readonly name: string;
  readonly shape: readonly number[];
  /** `network`: what its `initial` says. */
  readonly initial: number | 'network';
}

/** What an evaluation sees of a network. */
export interface Prediction {
  readonly values: OutputValues;
  /** Activity penalty of the rows, over `rows.count`; [K, 1, 1]. */
  readonly activityPenalty: Tensor | undefined;
}

export interface TrainingPass extends Prediction {
  /** Of data loss and activity penalty, by variable (or `FOLDED`), each of its shape. */
  readonly gradients: Tensors;
  /** New values, by name. */
  readonly statistics: Tensors;
}

/** What makes outputs of inputs: layers, or a user's module. Pure functions of named tensors. */
export interface Network {
  readonly variables: readonly Variable[];
  readonly statistics: readonly Statistic[];
  /** What makes the output of `values.z`. */
  readonly activation: ActivationName;
  /** The values with which a trial begins. */
  initial(variable: Variable, task: TrialTask): Float32Array;
  /** Of the weights, [K, 1, 1]; undefined without any. */
  penalty(variables: Tensors, hyper: Tensors): Tensor | undefined;
  /** What gives that penalty's gradient, where `train` does not bring it. */
  penaltyStrengths(hyper: Tensors): PenaltyStrengths;
  /** The variables whose constraint is to hold after an update, by name; undefined without any. */
  readonly constrain: ((variables: Tensors, hyper: Tensors) => Tensors) | undefined;
  /** Without any noise. */
  predict(variables: Tensors, statistics: Tensors, rows: Rows, hyper: Tensors): Prediction;
  /** @param lossGradient dL/dz [K, rows, outputs] of the last layer, rows already weighted */
  train(
    variables: Tensors,
    statistics: Tensors,
    rows: Rows,
    lossGradient: (values: OutputValues) => Tensor,
    draw: Draw,
  ): TrainingPass;
}

/** What a layer remembers of its forward pass for the backward one. All [K, rows, numbers]. */
interface LayerTape {
  readonly input: Tensor;
  /** With its noise of this step; undefined for a layer without. */
  readonly kernel: Tensor | undefined;
  readonly product: Tensor;
  readonly normalization: ReturnType<typeof normalize>['tape'] | undefined;
  /** Before the activation; after it where the two are made at once: see `reluOfProduct`. */
  readonly z: Tensor;
  /** After the activation, before noise and dropout. */
  readonly activated: Tensor;
  readonly output: Tensor;
  readonly dropout: Dropout | undefined;
  /** [K, 1, 1]: what the dropout of the layer below left for this layer's product to be multiplied by. */
  readonly scale: Tensor | undefined;
  /** The same where it is left to the layer above again: all that is remembered here lacks this factor. */
  readonly passedOn: Tensor | undefined;
}

interface Dropout {
  /** 0 where a unit is dropped; 1 where it is kept, or 1 / (1 - rate) where the scale is not left to the layer above. */
  readonly mask: Tensor;
  /** 1 / (1 - rate), left to the product of the layer above: it is smaller. */
  readonly scale: Tensor | undefined;
}

interface ForwardPass extends Prediction {
  readonly tapes: readonly LayerTape[];
  readonly statistics: Tensors;
}

export function layeredNetwork(program: Program, ops: Ops): Network {
  const { layers } = program;
  const places = layers.map((_, index) => `layers.${index}`);
  /** The lowest layer with variables: no gradient is needed below it. */
  const lowest = layers.findIndex((layer) => isWeighted(layer) || layer.scale || layer.center);

  function forward(variables: Tensors, statistics: Tensors, rows: Rows, hyper: Tensors, draw?: Draw): ForwardPass {
    const tapes: LayerTape[] = [];
    const fresh: Record<string, Tensor> = {};
    let penalty: Tensor | undefined;
    const masks = draw ? dropoutMasks(draw, dropoutPlaces(program), rows.x.shape[1]!) : new Map<string, DropoutMask>();
    let h = draw ? disturbInput(program, rows.x, draw, masks.get(INPUT)) : rows.x;
    let scale: Tensor | undefined;
    for (const [index, layer] of layers.entries()) {
      const place: Place = { name: places[index]!, hyper, ops };
      const kernel = isWeighted(layer) ? kernelOf(layer, place.name, variables, draw) : undefined;
      const isOfOne = !tapes.at(-1)?.passedOn;
      const passedOn = scale && isOfOne && passesScaleOn(layer, layers[index + 1]) ? scale : undefined;
      const own = passedOn ? dividedBias(variables, place, passedOn) : variables;
      if (passedOn) scale = undefined;
      const direct = scale ? undefined : reluOfProduct(layer, place, h, kernel, own);
      const [input, made] = direct ? [h, direct] : forwardProduct(layer, place, h, scale, kernel, own);
      let z = made;
      let normalization: LayerTape['normalization'];
      if (layer.normalization) {
        const at = { layer, place: place.name, variables, statistics, hyper };
        const normalized = normalize(at, z, draw ? rows : undefined);
        Object.assign(fresh, normalized.statistics);
        ({ output: z, tape: normalization } = normalized);
      }
      if (draw && layer.noise_before) z = addNoise(draw, place.name, 'noise_before', z);
      const activated = direct ?? ACTIVATIONS[layer.activation].apply(z, place);
      const active = activityPenalty(layer, place.name, activated, rows, hyper);
      if (active) penalty = penalty ? tf.add(penalty, active) : active;
      let output = draw && layer.noise_after ? addNoise(draw, place.name, 'noise_after', activated) : activated;
      const dropout = dropoutBelow(masks.get(place.name), layers[index + 1]);
      if (dropout) output = tf.mul(output, dropout.mask);
      tapes.push({ input, kernel, product: made, normalization, z, activated, output, dropout, scale, passedOn });
      h = output;
      scale = passedOn && dropout?.scale ? tf.mul(passedOn, dropout.scale) : (passedOn ?? dropout?.scale);
    }
    const values = { z: tapes.at(-1)!.z, output: h, target: rows.y };
    return { values, activityPenalty: penalty, tapes, statistics: fresh };
  }

  function predict(variables: Tensors, statistics: Tensors, rows: Rows, hyper: Tensors): Prediction {
    const folded = variables[FOLDED];
    if (!folded || !isGated(layers)) return forward(variables, statistics, rows, hyper);
    const [hidden, output] = layers as readonly [LayerProgram, LayerProgram];
    const above = gatedProduct(withOnes(rows.x, hidden.inputs), folded, named(variables, 'layers.1.kernel'));
    const z = tf.add(above, named(variables, 'layers.1.bias'));
    const made = ACTIVATIONS[output.activation].apply(z, { name: places[1]!, hyper, ops });
    return { values: { z, output: made, target: rows.y }, activityPenalty: undefined };
  }

  /** @param dzLast dL/dz of the last layer */
  function backward(pass: ForwardPass, variables: Tensors, dzLast: Tensor, rows: Rows, draw: Draw): Tensors {
    const folded = variables[FOLDED];
    if (folded && isGated(layers)) {
      const [hidden, output] = pass.tapes as readonly [LayerTape, LayerTape];
      const dz = times(dzLast, output.scale);
      return {
        ...gatedGradients({ input: hidden.input, output: hidden.output, folded, above: output.kernel!, dz }),
        'layers.1.bias': rowSum(rows.present, dzLast),
      };
    }
    const gradients: Record<string, Tensor> = {};
    let dy: Tensor | undefined;
    for (let index = layers.length - 1; index >= lowest; index -= 1) {
      const layer = layers[index]!;
      const tape = pass.tapes[index]!;
      const place: Place = { name: places[index]!, hyper: draw.hyper, ops };
      let dz = gradientOfActivation(layer, place, tape, dy, dzLast, rows);
      if (tape.normalization) {
        const at = { layer, place: place.name, variables, hyper: draw.hyper };
        const normalized = normalizeGradient(at, tape.normalization, dz, rows);
        Object.assign(gradients, normalized.gradients);
        dz = normalized.dz;
      }
      if (isWeighted(layer)) Object.assign(gradients, weightGradients(layer, place, tape, dz, variables, rows));
      if (index > lowest) dy = backwardProduct(layer, tape, dz);
    }
    return gradients;
  }

  /** The kernels that layers constrain. */
  function constrainKernels(variables: Tensors, hyper: Tensors): Tensors {
    return Object.fromEntries(
      layers.flatMap((layer, index) => {
        if (!isWeighted(layer) || !layer.constraint) return [];
        const name = `${places[index]!}.kernel`;
        return [[name, constrain(layer, places[index]!, named(variables, name), hyper)]];
      }),
    );
  }

  return {
    variables: layers.flatMap((layer, index) => layerVariables(layer, places[index]!)),
    statistics: layers.flatMap((layer, index) => normalizationStatistics(layer, places[index]!)),
    activation: layers.at(-1)!.activation,
    initial: (variable, task) => initialVariable(task, variable),
    penalty: (variables, hyper) => penalty(program, variables, hyper),
    penaltyStrengths: (hyper) => penaltyStrengths(program, hyper),
    constrain: layers.some((layer) => isWeighted(layer) && layer.constraint) ? constrainKernels : undefined,
    predict,
    train(variables, statistics, rows, lossGradient, draw) {
      const pass = forward(variables, statistics, rows, draw.hyper, draw);
      const gradients = backward(pass, variables, lossGradient(pass.values), rows, draw);
      return { ...pass, gradients };
    },
  };
}

/** Kernel and bias, then gamma and beta, as far as the layer has them. */
export function layerVariables(layer: LayerProgram, place: string): readonly Variable[] {
  const normalization = normalizationVariables(layer, place);
  if (!isWeighted(layer)) return normalization;
  const inputs = kernelInputs(layer);
  const spread = inputs / (layer.type === 'conv2d' ? layer.image.channels : layer.inputs);
  return [
    { name: `${place}.kernel`, shape: [inputs, layer.channels], fans: [inputs, spread * layer.channels] },
    { name: `${place}.bias`, shape: [1, layer.channels] },
    ...normalization,
  ];
}

function disturbInput(program: Program, x: Tensor, draw: Draw, dropout: DropoutMask | undefined): Tensor {
  const { noise } = program.input;
  let h = program.augment ? augment(program, x, draw) : x;
  if (!noise && !dropout) return h;
  const slots = draw.t.shape[0]!;
  const [, rows, width] = x.shape as [number, number, number];
  h = tf.broadcastTo(h, [slots, rows, width]);
  if (noise) h = addNoise(draw, INPUT, 'noise', h);
  return dropout ? tf.mul(h, tf.mul(dropout.mask, dropout.scale)) : h;
}

/** The scale is left to the layer above where that has a product. */
function dropoutBelow(drawn: DropoutMask | undefined, above: LayerProgram | undefined): Dropout | undefined {
  if (!drawn || (above && isWeighted(above))) return drawn;
  return { mask: tf.mul(drawn.mask, drawn.scale), scale: undefined };
}

/**
 * Whether a layer may leave to the one above what its product is to be multiplied by. relu(s z + b) = s relu(z + b / s)
 * for s > 0: so only the bias is divided, and its gradient, instead of all outputs and their gradients multiplied.
 * The factor of no more than two layers is left, so that it stays small.
 */
function passesScaleOn(layer: LayerProgram, above: LayerProgram | undefined): boolean {
  if (layer.type !== 'dense' || layer.activation !== 'relu' || !above || !isWeighted(above)) return false;
  const looksAtOutputs = layer.activity_l1 || layer.activity_l2;
  return !layer.normalization && !layer.noise_before && !layer.noise_after && !looksAtOutputs;
}

function dividedBias(variables: Tensors, { name }: Place, scale: Tensor): Tensors {
  const bias = `${name}.bias`;
  return { ...variables, [bias]: tf.div(named(variables, bias), scale) };
}

function kernelOf(layer: WeightedProgram, place: string, variables: Tensors, draw?: Draw): Tensor {
  const kernel = named(variables, `${place}.kernel`);
  return draw && layer.weight_noise ? weightNoise(draw, place, kernel) : kernel;
}

/** The layer's input as its product takes it, and the product with its bias. */
function forwardProduct(
  layer: LayerProgram,
  place: Place,
  h: Tensor,
  scale: Tensor | undefined,
  kernel: Tensor | undefined,
  variables: Tensors,
): readonly [input: Tensor, product: Tensor] {
  switch (layer.type) {
    case 'dense': {
      const folded = place.name === 'layers.0' ? variables[FOLDED] : undefined;
      if (folded) {
        const input = withOnes(h, layer.inputs);
        return [input, product(input, folded)];
      }
      const bias = named(variables, `${place.name}.bias`);
      if (isMatrix(h) && isMatrix(kernel!) && !scale) return [h, biasedProduct(h, kernel!, bias, 'linear', place.ops)];
      return [h, tf.add(times(product(h, kernel!), scale), bias)];
    }
    case 'conv2d': {
      const convolved = times(convolve(layer, h, kernel!), scale);
      const pixels = tf.reshape(convolved, [1, -1, layer.channels]);
      return [h, tf.reshape(tf.add(pixels, named(variables, `${place.name}.bias`)), convolved.shape)];
    }
    case 'max_pooling2d':
    case 'average_pooling2d':
    case 'global_average_pooling2d':
      return [h, pool(layer, h)];
    case 'flatten':
    case 'normalization':
      return [h, h];
  }
}

/** What a dense layer of relu gives in a stack of one slot, where product, bias and relu are one op. */
function reluOfProduct(
  layer: LayerProgram,
  { name, ops }: Place,
  h: Tensor,
  kernel: Tensor | undefined,
  variables: Tensors,
): Tensor | undefined {
  const isPlain = layer.type === 'dense' && layer.activation === 'relu' && !layer.normalization && !layer.noise_before;
  if (!isPlain || !kernel || !isMatrix(h) || !isMatrix(kernel)) return undefined;
  return biasedProduct(h, kernel, named(variables, `${name}.bias`), 'relu', ops);
}

function times(x: Tensor, scale: Tensor | undefined): Tensor {
  return scale ? tf.mul(x, scale) : x;
}

/** Inputs with a column of ones, for a kernel with the bias as its last row; tables of training bring it. */
export function withOnes(x: Tensor, inputs: number): Tensor {
  if (x.shape[2] === inputs + 1) return x;
  return tf.concat([x, tf.ones([x.shape[0]!, x.shape[1]!, 1])], 2);
}

/** dL/dz of a layer: of the last one as the loss gives it, of others from dL/dy of their output. */
function gradientOfActivation(
  layer: LayerProgram,
  place: Place,
  tape: LayerTape,
  dy: Tensor | undefined,
  dzLast: Tensor,
  rows: Rows,
): Tensor {
  const { gradient } = ACTIVATIONS[layer.activation];
  const active = activityGradient(layer, place.name, tape.activated, rows, place.hyper);
  if (!dy) return active ? tf.add(dzLast, gradient(active, tape.activated, tape.z, place)) : dzLast;
  // A dropped output is 0, and so is the gradient of relu where its output is.
  if (tape.dropout?.scale && layer.activation === 'relu' && !layer.noise_after && !active) {
    return gradient(dy, tape.output, tape.z, place);
  }
  let total = tape.dropout ? tf.mul(dy, tape.dropout.mask) : dy;
  if (active) total = tf.add(total, active);
  return gradient(total, tape.activated, tape.z, place);
}

/** Of kernel and bias, without penalties. */
function weightGradients(
  layer: WeightedProgram,
  { name }: Place,
  tape: LayerTape,
  dz: Tensor,
  variables: Tensors,
  rows: Rows,
): Tensors {
  if (name === 'layers.0' && variables[FOLDED]) return { [FOLDED]: product(tape.input, dz, true, false) };
  const ofBias = layer.type === 'conv2d' || isMatrix(dz) ? sumOfSlot(dz, layer.channels) : rowSum(rows.present, dz);
  return {
    [`${name}.bias`]: tape.passedOn ? tf.div(ofBias, tape.passedOn) : ofBias,
    [`${name}.kernel`]: kernelGradient(layer, tape, times(dz, tape.scale)),
  };
}

function kernelGradient(layer: WeightedProgram, tape: LayerTape, dz: Tensor): Tensor {
  if (layer.type === 'dense') return product(tape.input, dz, true, false);
  return convolveGradients(layer, tape.input, tape.kernel!, dz).kernel();
}

/** [1, rows, units] or [1, rows, pixels * channels] to [1, 1, channels]; rows that only fill up have gradients of 0. */
function sumOfSlot(dz: Tensor, channels: number): Tensor {
  return tf.reshape(tf.sum(tf.reshape(dz, [-1, channels]), 0), [1, 1, channels]);
}

/** dL/dy of the layer below. */
function backwardProduct(layer: LayerProgram, tape: LayerTape, dz: Tensor): Tensor {
  switch (layer.type) {
    case 'dense':
      return product(times(dz, tape.scale), tape.kernel!, false, true);
    case 'conv2d':
      return convolveGradients(layer, tape.input, tape.kernel!, times(dz, tape.scale)).input();
    case 'max_pooling2d':
    case 'average_pooling2d':
    case 'global_average_pooling2d':
      return poolGradient(layer, tape.input, tape.product, dz);
    case 'flatten':
    case 'normalization':
      return dz;
  }
}
