/** The model section, checked and with its defaults, to the layers that the engine is told. Pure. */

import type { FoundFile } from './resolve.ts';
import type {
  Pair,
  ResolvedDense,
  ResolvedLayer,
  ResolvedModel,
  ResolvedModule,
  ResolvedNormalization,
} from './resolved.ts';
import type { Layer, ModelSection } from './schema/model.ts';

type Weighted = Extract<Layer, { type: 'dense' | 'conv2d' }>;
type Normalization = Extract<Layer, { type: 'batch_normalization' | 'layer_normalization' }>;

/** `files` maps what `model.module` says to what was found there. */
export function resolveModel(model: ModelSection, files: ReadonlyMap<string, FoundFile>): ResolvedModel {
  if (!('layers' in model)) return resolveModule(model, files);
  return { input: model.input, layers: model.layers.map(resolveLayer) };
}

export function resolveModule(
  { module, params }: { readonly module: string; readonly params: ResolvedModule['params'] },
  files: ReadonlyMap<string, FoundFile>,
): ResolvedModule {
  const found = files.get(module);
  if (!found) throw new Error(`the module ${module} must have been looked up`);
  return { module: found.path, sha256: found.sha256, params };
}

export function resolveLayer(layer: Layer): ResolvedLayer {
  switch (layer.type) {
    case 'dense':
      return { type: 'dense', units: layer.units, ...weightedPart(layer) };
    case 'conv2d': {
      const { type, filters, padding } = layer;
      const kernel_size = pairOf(layer.kernel_size);
      return { type, filters, kernel_size, strides: pairOf(layer.strides), padding, ...weightedPart(layer) };
    }
    case 'max_pooling2d':
    case 'average_pooling2d': {
      const { type, padding } = layer;
      const pool_size = pairOf(layer.pool_size);
      return { type, pool_size, strides: layer.strides === undefined ? pool_size : pairOf(layer.strides), padding };
    }
    case 'global_average_pooling2d':
    case 'flatten':
      return { type: layer.type };
    case 'batch_normalization':
    case 'layer_normalization':
      return { type: 'normalization', normalization: normalizationOf(layer) };
  }
}

/** One number stands for both directions. */
export function pairOf(size: number | readonly [number, number]): Pair {
  return typeof size === 'number' ? [size, size] : [size[0], size[1]];
}

function weightedPart(layer: Weighted): Omit<ResolvedDense, 'type' | 'units'> {
  return {
    activation: layer.activation,
    initializer: layer.initializer,
    bias_initializer: layer.bias_initializer,
    l1: layer.l1,
    l2: layer.l2,
    l2_over_2m: layer.l2_over_2m,
    bias_l1: layer.bias_l1,
    bias_l2: layer.bias_l2,
    activity_l1: layer.activity_l1,
    activity_l2: layer.activity_l2,
    constraint: layer.constraint,
    normalization: layer.normalization,
    noise_before: layer.noise_before,
    noise_after: layer.noise_after,
    weight_noise: layer.weight_noise,
    dropout: layer.dropout,
  };
}

function normalizationOf(layer: Normalization): ResolvedNormalization {
  const { epsilon, center, scale } = layer;
  if (layer.type === 'layer_normalization') return { name: layer.type, epsilon, center, scale };
  return { name: layer.type, momentum: layer.momentum, epsilon, center, scale };
}
