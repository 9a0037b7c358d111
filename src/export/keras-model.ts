/** A program of layers in Keras' terms, of which tf.layers' are a part: a Sequential model. Pure. */

import type { ActivationName } from '../definition/resolved.ts';
import { isWeighted, type LayerProgram, type Program, type WeightedProgram } from '../../workers/train/program.ts';
import type { KerasObject, LayersModel } from './layers-model.ts';
import type { NamedWeights } from './trained-model.ts';

type Hyper = Readonly<Record<string, number>>;

interface KerasLayer {
  readonly layer: KerasObject;
  readonly weights: readonly NamedWeights[];
}

/**
 * What acts in training only is left out where Keras or tf.layers has no word for it: augmentation, noise on weights,
 * penalties on activities, radial constraints.
 * @param hyper as in `TrialTask`
 * @param weights by the network's names
 */
export function kerasModel(program: Program, hyper: Hyper, weights: readonly NamedWeights[]): LayersModel {
  const byName = new Map(weights.map((each) => [each.name, each]));
  const shape = program.image ? imageShape(program.image) : [program.data.width];
  const layers = [
    plain('InputLayer', 'inputs', { batch_input_shape: [null, ...shape], sparse: false }),
    ...inputNoise(program, hyper),
    ...program.layers.flatMap((layer, index) =>
      kerasLayers({ layer, index, hyper, weights: byName, fromImage: isImage(program, index) }),
    ),
  ];
  return {
    topology: {
      class_name: 'Sequential',
      config: { name: 'nightsweep', layers: layers.map(({ layer }) => layer) },
    },
    layers: layers.map(({ layer, weights: own }) => ({ name: layer.config['name'] as string, weights: own })),
  };
}

interface At {
  readonly layer: LayerProgram;
  readonly index: number;
  readonly hyper: Hyper;
  readonly weights: ReadonlyMap<string, NamedWeights>;
  /** What comes in is an image. */
  readonly fromImage: boolean;
}

/** Order of a layer: product, normalization, noise, activation, noise, dropout. */
function kerasLayers(at: At): KerasLayer[] {
  const { layer, index, hyper } = at;
  if (!isWeighted(layer)) return plainLayers(at, layer);
  const number = (name: string): number => hyper[`layers.${index}.${name}`]!;
  const own = activationLayer(layer.activation, `activation_${index}`, () => number('activation.alpha'));
  const fused = !own && !layer.normalization && !layer.noise_before;
  return [
    ...flattened(at, layer),
    weightedLayer(at, layer, fused ? layer.activation : 'linear'),
    ...normalizationLayers(at),
    ...(layer.noise_before ? [noise(`noise_before_${index}`, number('noise_before'))] : []),
    ...(fused ? [] : [own ?? plain('Activation', `activation_${index}`, { activation: layer.activation })]),
    ...(layer.noise_after ? [noise(`noise_after_${index}`, number('noise_after'))] : []),
    ...(layer.dropout ? [plain('Dropout', `dropout_${index}`, { rate: number('dropout') })] : []),
  ];
}

function inputNoise({ input }: Program, hyper: Hyper): KerasLayer[] {
  return [
    ...(input.noise ? [noise('input_noise', hyper['input.noise']!)] : []),
    ...(input.dropout ? [plain('Dropout', 'input_dropout', { rate: hyper['input.dropout']! })] : []),
  ];
}

function noise(name: string, stddev: number): KerasLayer {
  return plain('GaussianNoise', name, { stddev });
}

function plainLayers(at: At, layer: Exclude<LayerProgram, WeightedProgram>): KerasLayer[] {
  const { index } = at;
  switch (layer.type) {
    case 'max_pooling2d':
    case 'average_pooling2d': {
      const { pool_size, strides, padding } = layer;
      const name = layer.type === 'max_pooling2d' ? 'MaxPooling2D' : 'AveragePooling2D';
      return [plain(name, `${layer.type}_${index}`, { pool_size, strides, padding, data_format: 'channels_last' })];
    }
    case 'global_average_pooling2d':
      return [plain('GlobalAveragePooling2D', `${layer.type}_${index}`, { data_format: 'channels_last' })];
    case 'flatten':
      return at.fromImage ? [plain('Flatten', `flatten_${index}`, { data_format: 'channels_last' })] : [];
    case 'normalization':
      return normalizationLayers(at);
  }
}

/** A dense layer takes the pixels of an image as one row. */
function flattened({ index, fromImage }: At, layer: WeightedProgram): KerasLayer[] {
  const flattens = fromImage && layer.type === 'dense';
  return flattens ? [plain('Flatten', `flatten_${index}`, { data_format: 'channels_last' })] : [];
}

function weightedLayer(at: At, layer: WeightedProgram, activation: ActivationName): KerasLayer {
  const { index } = at;
  const name = `${layer.type}_${index}`;
  const shared = {
    name,
    trainable: true,
    dtype: 'float32',
    activation,
    use_bias: true,
    kernel_regularizer: regularizer(at, '', layer.l1 || layer.l2),
    bias_regularizer: regularizer(at, 'bias_', layer.bias_l1 || layer.bias_l2),
    kernel_constraint: constraint(at, layer),
  };
  const bias = weight(at, 'bias', `${name}/bias`, [layer.channels]);
  if (layer.type === 'dense') {
    const kernel = weight(at, 'kernel', `${name}/kernel`, [layer.inputs, layer.units]);
    return {
      layer: { class_name: 'Dense', config: { ...shared, units: layer.units } },
      weights: [kernel, bias],
    };
  }
  const { kernel_size, strides, padding, image, channels } = layer;
  const convolution = {
    filters: channels,
    kernel_size,
    strides,
    padding,
    data_format: 'channels_last',
    dilation_rate: [1, 1],
  };
  const kernel = weight(at, 'kernel', `${name}/kernel`, [...kernel_size, image.channels, channels]);
  return { layer: { class_name: 'Conv2D', config: { ...shared, ...convolution } }, weights: [kernel, bias] };
}

function normalizationLayers(at: At): KerasLayer[] {
  const { layer, index, hyper } = at;
  if (!layer.normalization) return [];
  const name = `${layer.normalization}_${index}`;
  const { scale, center, channels } = layer;
  const epsilon = hyper[`layers.${index}.normalization.epsilon`]!;
  const isBatch = layer.normalization === 'batch_normalization';
  const entries = [
    ...(scale ? ['gamma'] : []),
    ...(center ? ['beta'] : []),
    ...(isBatch ? ['moving_mean', 'moving_variance'] : []),
  ];
  const momentum = isBatch ? { momentum: hyper[`layers.${index}.normalization.momentum`]! } : {};
  const config = { name, trainable: true, dtype: 'float32', axis: -1, ...momentum, epsilon, center, scale };
  return [
    {
      layer: { class_name: isBatch ? 'BatchNormalization' : 'LayerNormalization', config },
      weights: entries.map((entry) => weight(at, entry, `${name}/${entry}`, [channels])),
    },
  ];
}

/** Activations with an argument are layers; undefined for the others. */
function activationLayer(activation: ActivationName, name: string, alpha: () => number): KerasLayer | undefined {
  if (activation === 'leaky_relu') return plain('LeakyReLU', name, { alpha: alpha() });
  return activation === 'elu' ? plain('ELU', name, { alpha: alpha() }) : undefined;
}

function regularizer({ index, hyper }: At, prefix: '' | 'bias_', exists: boolean): KerasObject | null {
  if (!exists) return null;
  const strength = (kind: string): number => hyper[`layers.${index}.${prefix}${kind}`] ?? 0;
  return { class_name: 'L1L2', config: { l1: strength('l1'), l2: strength('l2') } };
}

const CONSTRAINTS = {
  unit_norm: 'UnitNorm',
  max_norm: 'MaxNorm',
  min_max_norm: 'MinMaxNorm',
  non_neg: 'NonNeg',
} as const;

/** A norm is of one unit's or filter's weights. */
function constraint({ index, hyper }: At, { constraint: kind, type }: WeightedProgram): KerasObject | null {
  if (kind === null || kind === 'radial') return null;
  const class_name = CONSTRAINTS[kind];
  if (kind === 'non_neg') return { class_name, config: {} };
  const prefix = `layers.${index}.constraint.`;
  const given = Object.entries(hyper).filter(([name]) => name.startsWith(prefix));
  const numbers = Object.fromEntries(given.map(([name, value]) => [name.slice(prefix.length), value]));
  return { class_name, config: { ...numbers, axis: type === 'dense' ? 0 : [0, 1, 2] } };
}

function plain(class_name: string, name: string, config: Readonly<Record<string, unknown>>): KerasLayer {
  return { layer: { class_name, config: { name, dtype: 'float32', ...config } }, weights: [] };
}

/** The same numbers in Keras' shape. */
function weight({ index, weights }: At, entry: string, name: string, shape: readonly number[]): NamedWeights {
  const found = weights.get(`layers.${index}.${entry}`);
  if (!found) throw new Error(`the trained network must have layers.${index}.${entry}`);
  return { name, shape, values: found.values };
}

function isImage({ image, layers }: Pick<Program, 'image' | 'layers'>, index: number): boolean {
  if (index === 0) return image !== null;
  const below = layers[index - 1]!;
  if (below.type === 'conv2d' || below.type === 'max_pooling2d' || below.type === 'average_pooling2d') return true;
  return below.type === 'normalization' && isImage({ image, layers }, index - 1);
}

function imageShape({ height, width, channels }: NonNullable<Program['image']>): readonly number[] {
  return [height, width, channels];
}
