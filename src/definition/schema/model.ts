/** The `model` section: layers with their activations, initializers, penalties, constraints and noise. */

import { z } from 'zod';
import { kind, off, orBareName, positiveInteger, rate, strength } from './kind.ts';
import { userModule } from './module.ts';

export const activation = orBareName(
  z.discriminatedUnion('name', [
    kind('linear'),
    kind('relu'),
    kind('tanh'),
    kind('sigmoid'),
    kind('softmax'),
    kind('elu', { alpha: z.number().default(1) }),
    kind('selu'),
    kind('leaky_relu', { alpha: z.number().default(0.3) }),
    kind('softplus'),
    kind('softsign'),
  ]),
);

const spread = { mean: z.number().default(0), stddev: z.number().min(0).default(0.05) };

export const initializer = orBareName(
  z.discriminatedUnion('name', [
    kind('zeros'),
    kind('ones'),
    kind('constant', { value: z.number().default(0) }),
    kind('random_uniform', { minval: z.number().default(-0.05), maxval: z.number().default(0.05) }),
    kind('random_normal', spread),
    kind('truncated_normal', spread),
    kind('glorot_uniform'),
    kind('glorot_normal'),
    kind('he_uniform'),
    kind('he_normal'),
    kind('lecun_uniform'),
    kind('lecun_normal'),
    kind('orthogonal', { gain: z.number().default(1) }),
    kind('identity', { gain: z.number().default(1) }),
  ]),
);

export const constraint = z.union([
  off,
  orBareName(
    z.discriminatedUnion('name', [
      kind('unit_norm'),
      kind('max_norm', { max_value: z.number().gt(0).default(2) }),
      kind('min_max_norm', {
        min_value: z.number().min(0).default(0),
        max_value: z.number().gt(0).default(1),
        rate: z.number().min(0).max(1).default(1),
      }),
      kind('non_neg'),
      kind('radial'),
    ]),
  ),
]);

const batchNormalization = {
  momentum: z.number().min(0).max(1).default(0.99),
  epsilon: z.number().min(0).default(1e-3),
  center: z.boolean().default(true),
  scale: z.boolean().default(true),
};
const layerNormalization = {
  epsilon: z.number().min(0).default(1e-3),
  center: z.boolean().default(true),
  scale: z.boolean().default(true),
};

export const normalization = z.union([
  off,
  orBareName(
    z.discriminatedUnion('name', [
      kind('batch_normalization', batchNormalization),
      kind('layer_normalization', layerNormalization),
    ]),
  ),
]);

/** What a layer with weights may say besides its size; `hidden` says it for all of them but the last. */
const weighted = {
  activation: activation.prefault('linear').describe('linear | relu | tanh | sigmoid | softmax | ...'),
  initializer: initializer.prefault('glorot_uniform').describe('Of the kernel; Keras names.'),
  bias_initializer: initializer.prefault('zeros').describe('Of the bias.'),
  l1: strength('Adds l1 * sum|w| of the kernel to the loss.'),
  l2: strength('Adds l2 * sum w^2 of the kernel to the loss.'),
  l2_over_2m: strength('Adds (l2_over_2m / 2m) * sum w^2 of the kernel, m = training rows.'),
  bias_l1: strength('Adds bias_l1 * sum|b| to the loss.'),
  bias_l2: strength('Adds bias_l2 * sum b^2 to the loss.'),
  activity_l1: strength('Adds activity_l1 * sum|output|, per row, to the loss.'),
  activity_l2: strength('Adds activity_l2 * sum output^2, per row, to the loss.'),
  constraint: constraint.prefault('none').describe('On the kernel, after each update.'),
  normalization: normalization.prefault('none').describe('Between product and activation.'),
  noise_before: strength('Standard deviation of Gaussian noise before the activation, in training.'),
  noise_after: strength('Standard deviation of Gaussian noise after the activation, in training.'),
  weight_noise: strength('Standard deviation of Gaussian noise on the kernel, in training.'),
  dropout: rate('Probability of dropping an output, in training.'),
};

/** More layers than this in a row are a slip of the pen, which must not be written out. */
export const MAX_REPEAT = 1000;

const repeat = z
  .int()
  .min(0)
  .max(MAX_REPEAT)
  .default(1)
  .describe('How many of this layer stand in a row; 0 leaves it out.');
const size = z.union([positiveInteger, z.tuple([positiveInteger, positiveInteger])]);
const padding = z.enum(['valid', 'same']).default('valid');
const pooling = { pool_size: size.default(2), strides: size.optional(), padding, repeat };

export const layer = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('dense').default('dense'),
    units: positiveInteger.describe('Outputs of the layer.'),
    repeat,
    ...weighted,
  }),
  z.strictObject({
    type: z.literal('conv2d'),
    filters: positiveInteger,
    kernel_size: size,
    strides: size.default(1),
    padding,
    repeat,
    ...weighted,
  }),
  z.strictObject({ type: z.literal('max_pooling2d'), ...pooling }),
  z.strictObject({ type: z.literal('average_pooling2d'), ...pooling }),
  z.strictObject({ type: z.literal('global_average_pooling2d'), repeat }),
  z.strictObject({ type: z.literal('flatten'), repeat }),
  z.strictObject({ type: z.literal('batch_normalization'), ...batchNormalization, repeat }),
  z.strictObject({ type: z.literal('layer_normalization'), ...layerNormalization, repeat }),
]);

export type Layer = z.output<typeof layer>;

/** Layers that have a kernel, to which `hidden` applies. */
export const WEIGHTED_LAYERS: ReadonlySet<unknown> = new Set(['dense', 'conv2d']);

const layered = z.strictObject({
  input: z
    .strictObject({
      noise: strength('Standard deviation of Gaussian noise.'),
      dropout: rate('Probability of dropping.'),
    })
    .prefault({})
    .describe('What happens to the features in training.'),
  hidden: z
    .strictObject(weighted)
    .partial()
    .optional()
    .describe('For every layer with weights but the last, unless the layer says otherwise.'),
  layers: z.array(layer).min(1).describe('From the first hidden layer to the output.'),
});

const moduled = userModule('TypeScript or JavaScript file whose default export is (tf, params) => a tf.layers model.');

export const modelSection = z.union([layered, moduled]).describe('Layers, or a module of your own.');
export type ModelSection = z.output<typeof modelSection>;
