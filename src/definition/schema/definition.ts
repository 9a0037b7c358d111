/** The whole format of a definition, as a zod schema without references: `$name` is replaced before it is applied. */

import { z } from 'zod';
import { BASE_METRICS } from '../../metrics.ts';
import { dataSection } from './data.ts';
import { limits } from './limits.ts';
import { modelSection } from './model.ts';
import { userModule } from './module.ts';
import { exclusion, method, point, replicates, searchSection } from './search.ts';
import { trainSection } from './train.ts';

const sections = {
  data: dataSection,
  model: modelSection,
  train: trainSection,
};

export const trialSection = userModule(
  'TypeScript or JavaScript file whose default export is an async function that reports metrics by name.',
).describe('Replaces data, model and train.');

export type TrialSection = z.output<typeof trialSection>;

const rest = {
  name: z
    .string()
    .regex(/^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/, 'text of a-z, 0-9 and inner hyphens')
    .describe('Names the sweep and its view in SQL: a-z, 0-9 and inner hyphens.'),
  search: searchSection.optional(),
  baseline: point.optional().describe('The config that all others are compared with; added if it is not in the space.'),
  include: z.array(point).min(1).optional().describe('Extra configs, run first.'),
  exclude: z.array(exclusion).min(1).optional().describe('Configs that are left out.'),
  method: method.default('grid').describe('grid | list | { name: random | sobol, configs: N }.'),
  replicates: replicates.default(1).describe('Repetitions of each config with other seeds.'),
  metrics: z.array(z.enum(BASE_METRICS)).default([]).describe('Metrics besides those that the loss brings.'),
  objective: z
    .union([z.string(), z.strictObject({ metric: z.string(), goal: z.enum(['minimize', 'maximize']).optional() })])
    .optional()
    .describe('The metric by which configs are ranked, such as validation_accuracy.'),
  optimal_error: z.number().min(0).optional().describe('The error that cannot be avoided, for the diagnosis.'),
  record: z
    .strictObject({
      epochs: z.enum(['auto', 'all']).default('auto').describe('Which epochs are kept in the database.'),
      weight_norms: z.boolean().default(false),
      gradient_norms: z.boolean().default(false),
    })
    .prefault({})
    .describe('What is written besides the results.'),
  limits: limits.describe('What a trial may take before it fails; they never change a result.'),
  pruning: z.unknown().optional().describe('Reserved.'),
  seed: z.int().min(0).max(0xffffffff).default(1).describe('Seed of everything that is random.'),
};

const ownTrial = z.strictObject({ ...rest, trial: trialSection });
const builtIn = z.strictObject({ ...rest, ...sections });

export const definitionSchema = z.union([builtIn, ownTrial]);

/** Everything but the sections in which references may stand. */
export const restSchema = z.object(rest);
export type Rest = z.output<typeof restSchema>;

/** The sections in which `$name` may stand. */
export const REFERRING_SECTIONS = ['data', 'model', 'train', 'trial'] as const;
export { builtIn, ownTrial };
