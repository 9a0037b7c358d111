/** A recorded Keras trajectory: what the file says, and the program and numbers that it means to us. */

import { z } from 'zod';
import type { ActivationName, LossName } from '../../src/definition/resolved.ts';
import type { DenseProgram, OptimizerProgram, Program } from '../../workers/train/program.ts';

const matrix = z.array(z.array(z.number()));
const layerValues = z.object({ kernel: matrix, bias: z.array(z.number()) });
const dense = z.object({
  type: z.string(),
  units: z.number().optional(),
  activation: z.string().optional(),
  kernel_l1: z.number().default(0),
  kernel_l2: z.number().default(0),
  bias_l2: z.number().default(0),
  activity_l1: z.number().default(0),
  activity_l2: z.number().default(0),
  kernel_constraint: z.unknown().optional(),
});

const caseSchema = z.object({
  name: z.string(),
  family: z.string(),
  model: z.object({ input: z.number(), layers: z.array(dense) }),
  loss: z.string(),
  optimizer: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
  x: matrix,
  y: matrix,
  batchSize: z.number(),
  steps: z.number(),
  initial: z.array(z.unknown()),
  expected: z.record(z.string(), z.unknown()),
});

const expectedSchema = z.object({
  loss_per_step: z.array(z.number()),
  data_loss_per_step: z.array(z.number()),
  gradients_step1: z.array(layerValues),
  clipped_gradients_step1: z.array(layerValues).optional(),
  weights_after_step1: z.array(layerValues),
  final: z.array(layerValues),
  predictions_final: matrix,
});

export type LayerValues = z.infer<typeof layerValues>;

export interface GoldenCase {
  readonly name: string;
  readonly program: Program;
  readonly hyper: Readonly<Record<string, number>>;
  readonly x: readonly (readonly number[])[];
  readonly y: readonly (readonly number[])[];
  readonly batchSize: number;
  readonly steps: number;
  readonly initial: readonly LayerValues[];
  readonly expected: z.infer<typeof expectedSchema>;
}

const ACTIVATIONS: readonly string[] = ['linear', 'relu', 'tanh', 'sigmoid', 'softmax'] satisfies ActivationName[];
const LOSSES: readonly string[] = ['mse', 'binary_crossentropy', 'categorical_crossentropy'] satisfies LossName[];

/** The case, or the reason why nothing here can replay it. */
export function readCase(json: unknown): GoldenCase | { readonly name: string; readonly skipped: string } {
  const named = z.object({ name: z.string(), model: z.unknown().optional() }).parse(json);
  if (named.model === undefined) return { name: named.name, skipped: 'a table, no trajectory' };
  const file = caseSchema.parse(json);
  const reason = unsupported(file);
  if (reason) return { name: file.name, skipped: reason };

  const outputs = file.model.layers.at(-1)!.units!;
  const hyper: Record<string, number> = { epochs: 1e6 };
  const layers = file.model.layers.map((layer, index): DenseProgram => {
    if (layer.kernel_l1) hyper[`layers.${index}.l1`] = layer.kernel_l1;
    if (layer.kernel_l2) hyper[`layers.${index}.l2`] = layer.kernel_l2;
    return {
      type: 'dense',
      inputs: file.model.layers[index - 1]?.units ?? file.model.input,
      units: layer.units!,
      activation: layer.activation as ActivationName,
      l1: layer.kernel_l1 !== 0,
      l2: layer.kernel_l2 !== 0,
      noise_before: false,
      noise_after: false,
      dropout: false,
    };
  });
  const { optimizer } = file;
  for (const [name, value] of Object.entries(optimizer)) {
    if (typeof value === 'number') hyper[`optimizer.${name}`] = value;
  }
  const clips = { variable_norm: 'clipnorm', global_norm: 'global_clipnorm', value: 'clipvalue' } as const;
  const clip = { variable_norm: false, global_norm: false, value: false };
  for (const [ours, theirs] of Object.entries(clips) as [keyof typeof clips, string][]) {
    const limit = optimizer[theirs];
    if (typeof limit !== 'number') continue;
    clip[ours] = true;
    hyper[`clip.${ours}`] = limit;
  }
  return {
    name: file.name,
    program: {
      version: 1,
      data: { width: file.model.input, classes: outputs, parts: { train: file.x.length, validation: 0, test: 0 } },
      input: { noise: false, dropout: false },
      layers,
      loss: file.loss as LossName,
      optimizer: optimizerProgram(optimizer),
      clip,
      batch: file.batchSize,
      metrics: ['train_loss', 'train_data_loss'],
      monitor: null,
      keep: 'last',
      keep_metric: null,
      objective: 'train_loss',
      record: 'all',
    },
    hyper,
    x: file.x,
    y: file.y,
    batchSize: file.batchSize,
    steps: file.steps,
    initial: z.array(layerValues).parse(file.initial),
    expected: expectedSchema.parse(file.expected),
  };
}

function optimizerProgram(optimizer: z.infer<typeof caseSchema>['optimizer']): OptimizerProgram {
  if (optimizer['name'] === 'adam') return { name: 'adam' };
  return { name: 'sgd', momentum: optimizer['momentum'] !== 0, nesterov: optimizer['nesterov'] === true };
}

function unsupported(file: z.infer<typeof caseSchema>): string | undefined {
  if (file.family === 'quirks') return 'a Keras peculiarity that a definition refuses';
  for (const layer of file.model.layers) {
    if (layer.type !== 'dense') return `layer type ${layer.type}: not yet`;
    if (!ACTIVATIONS.includes(layer.activation ?? '')) return `activation ${layer.activation}: not yet`;
    if (layer.kernel_constraint) return 'constraints: not yet';
    if (layer.bias_l2) return 'bias penalties: not yet';
    if (layer.activity_l1 || layer.activity_l2) return 'activity penalties: not yet';
  }
  if (!LOSSES.includes(file.loss)) return `loss ${file.loss}: not yet`;
  const { optimizer } = file;
  if (!['sgd', 'adam'].includes(String(optimizer['name']))) return `optimizer ${optimizer['name']}: not yet`;
  if (optimizer['weight_decay']) return 'decoupled weight decay: not yet';
  if (optimizer['amsgrad']) return 'amsgrad: not yet';
  return undefined;
}
