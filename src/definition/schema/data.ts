/** The `data` section: a generator or a CSV file, its split, transforms, image shape and augmentation. */

import { z } from 'zod';
import { kind, off, orBareName, positiveInteger } from './kind.ts';

const fitOn = z
  .enum(['train', 'all'])
  .default('train')
  .describe('Rows that the transform learns from; `all` leaks the other parts into training and is warned about.');

export const transform = z.union([
  off,
  orBareName(
    z.discriminatedUnion('name', [
      kind('standardize', { fit_on: fitOn }),
      kind('min_max', {
        range: z.tuple([z.number(), z.number()]).default([0, 1]).describe('Smallest and largest value afterwards.'),
        fit_on: fitOn,
      }),
      kind('robust', { fit_on: fitOn }),
    ]),
  ),
]);

const transforms = z
  .strictObject({
    features: transform.prefault('none').describe('standardize | min_max | robust | none, for every feature column.'),
    target: transform
      .prefault('none')
      .describe('The same for a numeric target; metrics are turned back into its own units.'),
  })
  .prefault({})
  .describe('Scaling, learned from the training part.');

/** NumPy's: a word of 32 bits. */
const seed = z.int().min(0).max(0xffffffff).default(1);

const amount = z.union([z.number().gt(0).lt(1), positiveInteger, z.literal('rest')]);

const shuffling = {
  shuffle: z.boolean().default(true).describe('Shuffle the rows before they are divided.'),
  stratify: z.boolean().default(false).describe('Keep the shares of the classes in every part.'),
  group: z.string().optional().describe('Column whose equal values stay together in one part.'),
  seed: seed.describe('Seed of the shuffle.'),
};

const parts = z.strictObject({
  train: amount.optional().describe('A fraction below 1, a number of rows from 1 up, or `rest`.'),
  validation: amount.optional().describe('As `train`; for stopping and choosing.'),
  test: amount.optional().describe('As `train`; for the final figures.'),
  ...shuffling,
});

const folds = z.strictObject({
  folds: z.int().min(2).describe('Replicate r holds out fold r mod k as `validation`.'),
  ...shuffling,
});

const split = z
  .union([parts, folds])
  .prefault({})
  .describe('How the rows are divided; 70 % train and the rest test where nothing is said.');

const common = {
  transform: transforms,
  split,
  image: z
    .strictObject({ height: positiveInteger, width: positiveInteger, channels: positiveInteger.default(1) })
    .optional()
    .describe('The feature columns are an image, row by row: height * width * channels columns.'),
  augment: z
    .strictObject({
      flip: z
        .enum(['none', 'horizontal', 'vertical', 'both'])
        .default('none')
        .describe('Mirrored with probability 1/2, in each of the directions.'),
      shift_pixels: z.int().min(0).default(0).describe('Largest shift in both directions.'),
      rotate_degrees: z.number().min(0).max(180).default(0).describe('Largest rotation, either way.'),
    })
    .optional()
    .describe('Random changes of the training images, drawn anew in every step.'),
};

const generated = {
  samples: positiveInteger.default(100).describe('Number of rows.'),
  seed: seed.describe('Seed of the generator.'),
};
const deviation = z.number().min(0).default(0).describe('Standard deviation of the Gaussian noise.');

const generator = z.discriminatedUnion('generator', [
  z.strictObject({ generator: z.literal('moons'), ...generated, noise: deviation, ...common }),
  z.strictObject({
    generator: z.literal('circles'),
    ...generated,
    noise: deviation,
    factor: z.number().min(0).lt(1).default(0.8).describe('Radius of the inner circle.'),
    ...common,
  }),
  z.strictObject({
    generator: z.literal('blobs'),
    ...generated,
    features: positiveInteger.default(2),
    centers: positiveInteger.default(3).describe('Number of classes.'),
    std: z.number().min(0).default(1).describe('Standard deviation of a blob.'),
    ...common,
  }),
  z.strictObject({
    generator: z.literal('regression'),
    ...generated,
    features: positiveInteger.default(100),
    informative: positiveInteger.default(10),
    noise: deviation,
    ...common,
  }),
  z.strictObject({
    generator: z.literal('classification'),
    ...generated,
    features: positiveInteger.default(20),
    informative: positiveInteger.default(2),
    redundant: z.int().min(0).default(2),
    ...common,
  }),
]);

const file = z.strictObject({
  file: z.string().min(1).describe('CSV file with a header line; relative to the definition.'),
  target: z.string().min(1).describe('Column that is predicted.'),
  categorical: z.array(z.string()).default([]).describe('Columns that are encoded one-hot.'),
  drop: z.array(z.string()).default([]).describe('Columns that are left out.'),
  missing: z
    .enum(['error', 'drop', 'impute'])
    .default('error')
    .describe('Empty cells: refuse, drop the row, or take the median (commonest category) of the training part.'),
  ...common,
});

export const dataSection = z
  .union([generator, file])
  .describe('A generator (moons, circles, blobs, classification, regression) or a CSV file.');
export type DataSection = z.output<typeof dataSection>;
