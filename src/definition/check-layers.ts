/** Layers that cannot be, by themselves or after those before them. Pure. */

import type { ImageShape } from '../../workers/train/program.ts';
import { fits, slide, windowOf } from './geometry.ts';
import type { Mistake, Path } from './mistake.ts';
import { pairOf, resolveLayer } from './resolve-model.ts';
import type { Pair, ResolvedLayer } from './resolved.ts';
import type { DataSection } from './schema/data.ts';
import type { Layer, ModelSection } from './schema/model.ts';

type Layered = Extract<ModelSection, { layers: unknown }>;
type Weighted = Extract<Layer, { type: 'dense' | 'conv2d' }>;
type Sliding = Extract<ResolvedLayer, { type: 'conv2d' | 'max_pooling2d' | 'average_pooling2d' }>;

export function layersMistakes({ layers }: Layered, data: DataSection): Mistake[] {
  const own = layers.flatMap((layer, index): Mistake[] =>
    layer.type === 'dense' || layer.type === 'conv2d' ? weightedMistakes(layer, ['model', 'layers', index]) : [],
  );
  return [...own, ...shapeMistakes(layers.map(resolveLayer), data)];
}

function weightedMistakes(layer: Weighted, path: Path): Mistake[] {
  return [...softmaxMistakes(layer, path), ...initializerMistakes(layer, path), ...constraintMistakes(layer, path)];
}

function softmaxMistakes(layer: Weighted, path: Path): Mistake[] {
  const [outputs, what] = layer.type === 'dense' ? [layer.units, 'units'] : [layer.filters, 'filters'];
  if (layer.activation.name !== 'softmax' || outputs > 1) return [];
  const message = `softmax must have at least 2 ${what}, but found 1: it would always give 1`;
  return [{ path: [...path, 'activation'], message, hint: `sigmoid is for one ${what.slice(0, -1)}` }];
}

function initializerMistakes(layer: Weighted, path: Path): Mistake[] {
  const mistakes: Mistake[] = [];
  for (const key of ['initializer', 'bias_initializer'] as const) {
    const kind = layer[key];
    if (kind.name === 'random_uniform' && kind.minval > kind.maxval) {
      const message = `minval must be at most maxval, but found ${kind.minval} and ${kind.maxval}`;
      mistakes.push({ path: [...path, key], message });
    }
  }
  const bias = layer.bias_initializer.name;
  if (bias === 'orthogonal' || bias === 'identity') {
    const message = `must be an initializer for one row of numbers, but found ${bias}, which is for matrices`;
    mistakes.push({ path: [...path, 'bias_initializer'], message });
  }
  if (layer.type === 'conv2d' && layer.initializer.name === 'identity') {
    const message = 'must be an initializer for kernels of conv2d, but found identity, which is for matrices';
    mistakes.push({ path: [...path, 'initializer'], message });
  }
  return mistakes;
}

function constraintMistakes(layer: Weighted, path: Path): Mistake[] {
  const { constraint } = layer;
  const mistake = (message: string, hint?: string): Mistake[] => [
    { path: [...path, 'constraint'], message, ...(hint === undefined ? {} : { hint }) },
  ];
  if (constraint?.name === 'min_max_norm' && constraint.min_value > constraint.max_value) {
    return mistake(
      `min_value must be at most max_value, but found ${constraint.min_value} and ${constraint.max_value}`,
    );
  }
  if (constraint?.name !== 'radial') return [];
  if (layer.type === 'dense') {
    return mistake('must be a constraint for dense, but found radial', 'radial is for the kernels of conv2d');
  }
  const size = pairOf(layer.kernel_size);
  if (size[0] === size[1]) return [];
  return mistake(`radial must have a square kernel, but found ${sizeText(size)}`);
}

/** Follows the image from layer to layer, until one cannot be: what comes after it is not known. */
function shapeMistakes(layers: readonly ResolvedLayer[], data: DataSection): Mistake[] {
  let image: ImageShape | undefined = data.image;
  for (const [index, layer] of layers.entries()) {
    const path: Path = ['model', 'layers', index];
    switch (layer.type) {
      case 'conv2d':
      case 'max_pooling2d':
      case 'average_pooling2d': {
        if (!image) return [imagelessMistake(layer, path, data)];
        const window = windowOf(layer);
        if (!fits(image, window)) return [windowMistake(layer, path, image)];
        image = slide(image, window, layer.type === 'conv2d' ? layer.filters : image.channels);
        break;
      }
      case 'global_average_pooling2d':
        if (!image) return [imagelessMistake(layer, path, data)];
        image = undefined;
        break;
      case 'dense':
        if (image) return [flattenMistake(path, image)];
        break;
      case 'flatten':
        image = undefined;
        break;
      case 'normalization':
        break;
    }
  }
  return [];
}

function imagelessMistake({ type }: ResolvedLayer, path: Path, { image }: DataSection): Mistake {
  if (image) {
    return {
      path,
      message: `must stand where there still is an image, but found ${type} after a layer that makes a row of numbers of it`,
      hint: 'move it before flatten',
    };
  }
  return {
    path,
    message: `must have images to act on, but found ${type} without data.image`,
    hint: 'say what the feature columns are: data: { image: { height: 8, width: 8, channels: 1 } }',
  };
}

function windowMistake(layer: Sliding, path: Path, image: ImageShape): Mistake {
  return {
    path: [...path, layer.type === 'conv2d' ? 'kernel_size' : 'pool_size'],
    message: `must be at most the image that is left here, ${sizeText([image.height, image.width])}, but found ${sizeText(windowOf(layer).size)}`,
    hint: 'padding: same keeps images larger',
  };
}

function flattenMistake(path: Path, { height, width, channels }: ImageShape): Mistake {
  return {
    path,
    message: `must be given a row of numbers, but dense finds an image, ${height} x ${width} x ${channels}`,
    hint: 'put { type: flatten } before it',
  };
}

function sizeText([height, width]: Pair): string {
  return `${height} x ${width}`;
}
