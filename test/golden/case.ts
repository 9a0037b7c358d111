/** A recorded Keras trajectory: what the file says, and the program and numbers that it means to us. */

import { z } from 'zod';
import type { ActivationName, ConstraintName, LossName } from '../../src/definition/resolved.ts';
import { encodingOf } from '../../workers/train/encoding.ts';
import type { LayerProgram, OptimizerProgram, Program } from '../../workers/train/program.ts';
import { buildProgram, PLAIN_LAYER, type LayerOptions } from '../train/builders.ts';

const matrix = z.array(z.array(z.number()));
/** kernel [inputs][units], and vectors: bias; gamma, beta, moving_mean, moving_variance. */
const layerValues = z.record(z.string(), z.union([matrix, z.array(z.number())]));
const strength = z.number().default(0);

const denseSchema = z.object({
  type: z.literal('dense'),
  units: z.number(),
  activation: z.string(),
  alpha: z.number().optional(),
  kernel_l1: strength,
  kernel_l2: strength,
  bias_l2: strength,
  activity_l1: strength,
  activity_l2: strength,
  kernel_constraint: z
    .object({ name: z.string(), axis: z.literal(0).optional() })
    .catchall(z.number())
    .nullable()
    .default(null),
});
const normalizationSchema = z.object({
  type: z.enum(['batch_normalization', 'layer_normalization']),
  momentum: z.number().optional(),
  epsilon: z.number(),
});

const caseSchema = z.object({
  name: z.string(),
  family: z.string(),
  model: z.object({
    input: z.number(),
    layers: z.array(z.discriminatedUnion('type', [denseSchema, normalizationSchema])),
  }),
  loss: z.string(),
  loss_args: z.record(z.string(), z.number()).default({}),
  optimizer: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
  x: matrix,
  y: matrix,
  batchSize: z.number(),
  steps: z.number(),
  initial: z.array(layerValues),
  expected: z.object({
    loss_per_step: z.array(z.number()),
    data_loss_per_step: z.array(z.number()),
    gradients_step1: z.array(layerValues),
    clipped_gradients_step1: z.array(layerValues).optional(),
    weights_after_step1: z.array(layerValues),
    moving_after_step: z.array(z.array(layerValues.nullable())).optional(),
    final: z.array(layerValues),
    predictions_final: matrix,
  }),
});
type CaseFile = z.infer<typeof caseSchema>;
type Layer = CaseFile['model']['layers'][number];
type Numbers = Record<string, number>;

export type LayerValues = z.infer<typeof layerValues>;

export interface GoldenCase {
  readonly name: string;
  readonly program: Program;
  readonly hyper: Readonly<Record<string, number>>;
  /** [rows][inputs] and, encoded as the loss wants it, [rows][outputs]. */
  readonly x: readonly (readonly number[])[];
  readonly y: readonly (readonly number[])[];
  readonly batchSize: number;
  readonly steps: number;
  readonly initial: readonly LayerValues[];
  readonly expected: CaseFile['expected'];
}

export interface Refused {
  readonly name: string;
  readonly refused: string;
}

/** The case, or the reason why a definition cannot ask for it. */
export function readCase(json: unknown): GoldenCase | Refused {
  const file = caseSchema.parse(json);
  const { name, model, batchSize, steps, initial, expected } = file;
  if (file.family === 'quirks') return { name, refused: 'a Keras peculiarity that a definition refuses' };

  const hyper: Numbers = { epochs: 1e6 };
  const widths = model.layers.reduce<number[]>(
    (sizes, layer) => [...sizes, layer.type === 'dense' ? layer.units : sizes.at(-1)!],
    [model.input],
  );
  const loss = file.loss as LossName;
  const program = buildProgram({
    width: model.input,
    parts: { train: file.x.length, validation: 0, test: 0 },
    batch: batchSize,
    layers: model.layers.map((layer, index) => layerOf(layer, `layers.${index}`, widths[index]!, hyper)),
    loss,
    optimizer: optimizerOf(file.optimizer, hyper),
    clip: clipOf(file.optimizer, hyper),
    objective: 'train_loss',
  });
  for (const [argument, value] of Object.entries(file.loss_args)) hyper[`loss.${argument}`] = value;
  const y = encodingOf(loss) === 'one_hot' && file.y[0]!.length === 1 ? oneHot(file.y, widths.at(-1)!) : file.y;
  return { name, program, hyper, x: file.x, y, batchSize, steps, initial, expected };
}

function layerOf(layer: Layer, place: string, inputs: number, hyper: Numbers): LayerOptions {
  if (layer.type !== 'dense') return normalizationOf(layer, place, inputs, hyper);
  const put = (name: string, value: number): boolean => {
    if (value !== 0) hyper[`${place}.${name}`] = value;
    return value !== 0;
  };
  if (layer.alpha !== undefined) put('activation.alpha', layer.alpha);
  // Keras' own default.
  else if (layer.activation === 'elu') put('activation.alpha', 1);
  const { name: constraint = null, axis: _axis, ...limits } = layer.kernel_constraint ?? {};
  for (const [argument, limit] of Object.entries(limits)) hyper[`${place}.constraint.${argument}`] = limit as number;
  return {
    units: layer.units,
    activation: layer.activation as ActivationName,
    l1: put('l1', layer.kernel_l1),
    l2: put('l2', layer.kernel_l2),
    bias_l2: put('bias_l2', layer.bias_l2),
    activity_l1: put('activity_l1', layer.activity_l1),
    activity_l2: put('activity_l2', layer.activity_l2),
    constraint: constraint as ConstraintName | null,
  };
}

function normalizationOf(
  { type, momentum, epsilon }: z.infer<typeof normalizationSchema>,
  place: string,
  units: number,
  hyper: Numbers,
): LayerProgram & LayerOptions {
  hyper[`${place}.normalization.epsilon`] = epsilon;
  if (momentum !== undefined) hyper[`${place}.normalization.momentum`] = momentum;
  const sizes = { inputs: units, units, channels: units };
  return { ...PLAIN_LAYER, type: 'normalization', ...sizes, normalization: type, scale: true, center: true };
}

function optimizerOf(optimizer: CaseFile['optimizer'], hyper: Numbers): OptimizerProgram {
  for (const [argument, value] of Object.entries(optimizer)) {
    if (typeof value === 'number') hyper[`optimizer.${argument}`] = value;
  }
  const momentum = Boolean(optimizer['momentum']);
  const weight_decay = optimizer['weight_decay'] !== null;
  const { name } = z.object({ name: z.string() }).parse(optimizer);
  switch (name) {
    case 'sgd':
      return { name, momentum, nesterov: optimizer['nesterov'] === true, weight_decay };
    case 'adam':
    case 'adamw':
      return { name: 'adam', amsgrad: optimizer['amsgrad'] === true, weight_decay };
    case 'rmsprop':
      return { name, momentum, centered: optimizer['centered'] === true, weight_decay };
    case 'adamax':
    case 'nadam':
    case 'adagrad':
      return { name, weight_decay };
    default:
      throw new Error(`no optimizer of ours is ${name}`);
  }
}

function clipOf(optimizer: CaseFile['optimizer'], hyper: Numbers): Program['clip'] {
  const put = (ours: keyof Program['clip'], theirs: string): boolean => {
    const limit = optimizer[theirs];
    if (typeof limit === 'number') hyper[`clip.${ours}`] = limit;
    return typeof limit === 'number';
  };
  return {
    variable_norm: put('variable_norm', 'clipnorm'),
    global_norm: put('global_norm', 'global_clipnorm'),
    value: put('value', 'clipvalue'),
  };
}

function oneHot(classes: readonly (readonly number[])[], count: number): number[][] {
  return classes.map(([own]) => Array.from({ length: count }, (_, index) => (index === own ? 1 : 0)));
}
