/** The sections that say which configs there are: `search`, `baseline`, `include`, `exclude`, `method`, `replicates`. */

import { z } from 'zod';
import { MAX_VALUES } from '../../search/domain.ts';
import { positiveInteger } from './kind.ts';

export const scalar = z.union([z.number(), z.string(), z.boolean()]);

const when = z
  .record(z.string(), z.union([scalar, z.array(scalar).min(1)]))
  .optional()
  .describe('The parameter exists only where the named parameters have one of these values.');

const values = z.strictObject({
  values: z
    .union([z.array(scalar).min(1), z.record(z.string(), z.unknown())])
    .describe('A list of plain values, or named choices of anything.'),
  when,
});

const spaced = z.strictObject({
  range: z.tuple([z.number(), z.number()]).describe('Lowest and highest value, both included.'),
  log: z.boolean().default(false).describe('Evenly spaced in the logarithm.'),
  integer: z.boolean().default(false).describe('Round to whole numbers.'),
  step: z.number().gt(0).optional().describe('Distance of neighbours.'),
  points: z.int().min(2).max(MAX_VALUES).optional().describe('Number of values, ends included.'),
  also: z.array(z.number()).min(1).optional().describe('Values besides those of the range, such as 0.'),
  when,
});
/** Asked here, since whatever looks at such a list has to make it. */
const range = spaced.refine(({ range: [low, high], step }) => step === undefined || (high - low) / step < MAX_VALUES, {
  path: ['step'],
  message: `large enough for at most ${MAX_VALUES} values`,
});

export const parameter = z.union([values, range]);
export type Parameter = z.output<typeof parameter>;

export const searchSection = z
  .record(z.string(), parameter)
  .describe('The searched parameters; `$name` stands for the value of one.');

export const point = z.record(z.string(), scalar);
export const exclusion = z.record(z.string(), z.union([scalar, z.array(scalar).min(1)]));

export const method = z.union([
  z.enum(['grid', 'list']),
  z.discriminatedUnion('name', [
    z.strictObject({ name: z.literal('grid') }),
    z.strictObject({ name: z.literal('list') }),
    z.strictObject({ name: z.literal('random'), configs: positiveInteger }),
    z.strictObject({ name: z.literal('sobol'), configs: positiveInteger }),
    z.strictObject({ name: z.literal('tpe'), configs: positiveInteger }),
  ]),
]);

export const replicates = z.union([
  positiveInteger,
  z.strictObject({
    count: positiveInteger,
    vary: z
      .array(z.enum(['training', 'split', 'data']))
      .min(1)
      .default(['training'])
      .describe('What the replicate changes: seeds of training, of the split, of the generator.'),
  }),
]);
