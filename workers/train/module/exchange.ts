/** Layers of tf.layers that draw random numbers or look at the whole batch, exchanged for ours; and the output before its activation. */

import * as tf from '@tensorflow/tfjs-core';
import * as layersApi from '@tensorflow/tfjs-layers';
import type { LayersModel, LayerVariable } from '@tensorflow/tfjs-layers';
import type { ActivationName } from '../../../src/definition/resolved.ts';
import type { Tensor } from '../tensors.ts';
import { mistakeIn, type LayerInside } from './build.ts';
import { keepMask, normal, type MaskedCell, type Pass, type Stage } from './pass.ts';

/** Constants of the SELU, in the layer that goes with it. Source: Klambauer et al., "Self-Normalizing Neural Networks". */
const SELU_LIMIT = -1.6732632423543772 * 1.0507009873554805;

/** Properties of the layers below that their types hide. */
type Noisy = LayerInside & {
  readonly rate: number;
  readonly stddev: number;
  readonly noiseShape?: readonly number[] | null;
  getNoiseShape?(input: Tensor): readonly (number | null)[] | null | undefined;
};

/** The output of a layer in training, from its input. */
type Disturb = (pass: Pass, x: Tensor) => Tensor;

/** Makes the layer draw from the trial's stream. `index` is its place among the model's layers. */
export function exchangeLayer(path: string, layer: LayerInside, index: number, stage: Stage): void {
  if (layer.stateful) {
    throw mistakeIn(path, `no layer must keep a state from batch to batch, but ${layer.name} is stateful`);
  }
  if ('dropoutFunc' in layer) {
    // A recurrent cell asks for one mask per step of training, and has a way in for it.
    stage.cells.push(layer as unknown as MaskedCell);
    layer.dropoutFunc = (ones: Tensor, rate: number) => dropped(stage.pass!, index, rate, ones, ones.shape);
    return;
  }
  if (layer.getClassName() === 'BatchNormalization') return exchangeNormalization(layer, stage);
  const disturb = disturbing(layer as Noisy, index);
  if (!disturb) return;
  layer.call = (inputs) => {
    const x = only(inputs);
    return stage.pass?.draw ? disturb(stage.pass, x) : x;
  };
}

function disturbing(layer: Noisy, index: number): Disturb | undefined {
  const { rate, stddev } = layer;
  switch (layer.getClassName()) {
    case 'Dropout':
    case 'SpatialDropout1D':
      if (!isRate(rate)) return (_pass, x) => x;
      return (pass, x) => dropped(pass, index, rate, x, (layer.getNoiseShape?.(x) ?? x.shape) as number[]);
    case 'GaussianNoise':
      return (pass, x) => tf.add(x, tf.mul(normal(pass, index, x.shape), stddev));
    case 'GaussianDropout':
      if (!isRate(rate)) return (_pass, x) => x;
      return (pass, x) => {
        const noise = tf.mul(normal(pass, index, x.shape), Math.sqrt(rate / (1 - rate)));
        return tf.mul(x, tf.add(noise, 1));
      };
    case 'AlphaDropout':
      if (!isRate(rate)) return (_pass, x) => x;
      return (pass, x) => alphaDropped(keepMask(pass, index, rate, layer.noiseShape ?? x.shape), rate, x);
    default:
      return undefined;
  }
}

/** Outside (0, 1) the layers of tf.layers do nothing. */
function isRate(rate: number): boolean {
  return rate > 0 && rate < 1;
}

function dropped(pass: Pass, index: number, rate: number, x: Tensor, shape: readonly number[]): Tensor {
  return tf.mul(x, tf.mul(keepMask(pass, index, rate, shape), 1 / (1 - rate)));
}

/** Dropped units take the SELU's lower limit, and all are scaled so that mean and variance stay. */
function alphaDropped(mask: Tensor, rate: number, x: Tensor): Tensor {
  const scale = ((1 - rate) * (1 + rate * SELU_LIMIT ** 2)) ** -0.5;
  const mixed = tf.add(tf.mul(x, mask), tf.mul(tf.sub(1, mask), SELU_LIMIT));
  return tf.add(tf.mul(mixed, scale), -scale * SELU_LIMIT * rate);
}

type Normalizing = LayerInside & {
  readonly axis: number;
  readonly momentum: number;
  readonly epsilon: number;
  readonly gamma?: LayerVariable | null;
  readonly beta?: LayerVariable | null;
  readonly movingMean: LayerVariable;
  readonly movingVariance: LayerVariable;
};

/** Batch normalization whose moments leave out the rows that only fill up a batch. */
function exchangeNormalization(given: LayerInside, stage: Stage): void {
  const layer = given as Normalizing;
  layer.call = (inputs) => {
    const x = only(inputs);
    const { draw, rows } = stage.pass!;
    const axis = (layer.axis + x.rank) % x.rank;
    const shape = x.shape.map((length, at) => (at === axis ? length : 1));
    const broadcast = (variable: LayerVariable): Tensor => tf.reshape(variable.read(), shape);
    let mean: Tensor;
    let variance: Tensor;
    if (draw) {
      const present = tf.reshape(rows.present, [-1, ...x.shape.slice(1).map(() => 1)]);
      const perRow = x.size / (x.shape[0]! * x.shape[axis]!);
      const count = tf.mul(
        tf.reshape(
          rows.count,
          shape.map(() => 1),
        ),
        perRow,
      );
      const others = shape.flatMap((_, at) => (at === axis ? [] : [at]));
      const average = (values: Tensor): Tensor => tf.div(tf.sum(tf.mul(values, present), others, true), count);
      mean = average(x);
      variance = average(tf.square(tf.sub(x, mean)));
      follow(layer.movingMean, mean, layer.momentum);
      follow(layer.movingVariance, variance, layer.momentum);
    } else {
      mean = broadcast(layer.movingMean);
      variance = broadcast(layer.movingVariance);
    }
    let normalized = tf.div(tf.sub(x, mean), tf.sqrt(tf.add(variance, layer.epsilon)));
    if (layer.gamma) normalized = tf.mul(normalized, broadcast(layer.gamma));
    return layer.beta ? tf.add(normalized, broadcast(layer.beta)) : normalized;
  };
}

function follow(moving: LayerVariable, fresh: Tensor, momentum: number): void {
  const before = moving.read();
  const step = tf.mul(tf.sub(before, tf.reshape(fresh, before.shape)), 1 - momentum);
  moving.write(tf.sub(before, step));
}

function only(inputs: Tensor | Tensor[]): Tensor {
  return Array.isArray(inputs) ? inputs[0]! : inputs;
}

/** Of these the losses take the logits. */
const STRIPPED: ReadonlySet<string> = new Set(['sigmoid', 'softmax'] satisfies ActivationName[]);

type Activating = LayerInside & { activation: { getClassName(): string } };

/** Takes a sigmoid or softmax off the model's output and names it; any other activation stays where it is: `linear`. */
export function stripActivation(path: string, model: LayersModel): ActivationName {
  const layer = outputLayer(model);
  const kind = layer.getClassName();
  const hasActivation = kind === 'Dense' || kind === 'Activation';
  const name = kind === 'Softmax' ? 'softmax' : hasActivation ? (layer as Activating).activation.getClassName() : '';
  if (!STRIPPED.has(name)) return 'linear';
  const uses = layer.inboundNodes.length;
  if (uses > 1) throw mistakeIn(path, `the output layer must be used once, but ${layer.name} is used ${uses} times`);
  if (hasActivation) {
    const identity = layersApi.layers.activation({ activation: 'linear' }) as unknown as Activating;
    (layer as Activating).activation = identity.activation;
  } else {
    layer.call = only;
  }
  return name as ActivationName;
}

/** The layer that makes the output: inside the last one, where that is a model. */
function outputLayer(model: LayersModel): LayerInside {
  let layer: unknown = model;
  while (layer instanceof layersApi.LayersModel) layer = layer.outputs[0]!.sourceLayer;
  return layer as LayerInside;
}
