/** From resolved layers to layer programs: what comes in, what goes out, and which operations there are. Pure. */

import { pixelValues, slide, windowOf } from '../../src/definition/geometry.ts';
import type {
  ResolvedConv2d,
  ResolvedDense,
  ResolvedLayer,
  ResolvedNormalization,
} from '../../src/definition/resolved.ts';
import type { ImageShape, LayerProgram } from './program.ts';

/** What a layer finds: an image, or a row of numbers. */
type Shape = { readonly image: ImageShape } | { readonly units: number };

/** `image`: what the features are, where they are one; otherwise `width` numbers. */
export function layerPrograms(
  layers: readonly ResolvedLayer[],
  width: number,
  image: ImageShape | null,
): readonly LayerProgram[] {
  let shape: Shape = image ? { image } : { units: width };
  return layers.map((layer) => {
    const [program, next] = layerProgram(layer, shape);
    shape = next;
    return program;
  });
}

/** Of a layer that only changes the shape. */
const PLAIN = {
  normalization: null,
  scale: false,
  center: false,
  noise_before: false,
  activation: 'linear',
  activity_l1: false,
  activity_l2: false,
  noise_after: false,
  dropout: false,
} as const;

function layerProgram(layer: ResolvedLayer, shape: Shape): [LayerProgram, Shape] {
  const inputs = 'image' in shape ? pixelValues(shape.image) : shape.units;
  switch (layer.type) {
    case 'dense': {
      const { type, units } = layer;
      return [{ type, inputs, units, channels: units, ...weighted(layer) }, { units }];
    }
    case 'conv2d': {
      const image = imageOf(shape, layer.type);
      const { type, kernel_size, strides, padding } = layer;
      const output = slide(image, windowOf(layer), layer.filters);
      const sizes = { inputs, units: pixelValues(output), channels: output.channels };
      return [{ type, ...sizes, image, kernel_size, strides, padding, ...weighted(layer) }, { image: output }];
    }
    case 'max_pooling2d':
    case 'average_pooling2d': {
      const image = imageOf(shape, layer.type);
      const { type, pool_size, strides, padding } = layer;
      const output = slide(image, windowOf(layer), image.channels);
      const sizes = { inputs, units: pixelValues(output), channels: output.channels };
      return [{ ...PLAIN, type, ...sizes, image, pool_size, strides, padding }, { image: output }];
    }
    case 'global_average_pooling2d': {
      const image = imageOf(shape, layer.type);
      const units = image.channels;
      return [{ ...PLAIN, type: layer.type, inputs, units, channels: units, image }, { units }];
    }
    case 'flatten':
      return [{ ...PLAIN, type: layer.type, inputs, units: inputs, channels: inputs }, { units: inputs }];
    case 'normalization': {
      const channels = 'image' in shape ? shape.image.channels : inputs;
      const sizes = { inputs, units: inputs, channels };
      return [{ ...PLAIN, type: layer.type, ...sizes, ...normalization(layer.normalization) }, shape];
    }
  }
}

/** Of a definition that was checked, so that the lack of an image is a mistake of ours. */
function imageOf(shape: Shape, type: string): ImageShape {
  if ('image' in shape) return shape.image;
  throw new Error(`${type} must have been refused where there is no image`);
}

function weighted(layer: ResolvedDense | ResolvedConv2d) {
  return {
    ...normalization(layer.normalization),
    noise_before: layer.noise_before !== null,
    activation: layer.activation.name,
    activity_l1: layer.activity_l1 !== null,
    activity_l2: layer.activity_l2 !== null,
    noise_after: layer.noise_after !== null,
    dropout: layer.dropout !== null,
    l1: layer.l1 !== null,
    l2: layer.l2 !== null || layer.l2_over_2m !== null,
    bias_l1: layer.bias_l1 !== null,
    bias_l2: layer.bias_l2 !== null,
    constraint: layer.constraint?.name ?? null,
    weight_noise: layer.weight_noise !== null,
  };
}

function normalization(said: ResolvedNormalization | null) {
  return { normalization: said?.name ?? null, scale: said?.scale ?? false, center: said?.center ?? false };
}
