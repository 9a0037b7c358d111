/** A trial's numbers as the training functions take them: derived values, seeds of streams, constants. Pure. */

import { PARTS } from '../../src/metrics.ts';
import type { Dataset } from '../data/dataset.ts';
import { streamKey } from '../random/philox.ts';
import { ACTIVATION_CONSTANTS } from './activations.ts';
import { encodingOf, outputWidth } from './encoding.ts';
import { optimizerNumbers } from './optimizers.ts';
import { isWeighted, type LayerProgram, type Program, type TrialTask } from './program.ts';
import { scheduleNumbers } from './schedules.ts';

/** float32 [1, 1, 1] each, shared by all slots. Scalars are inputs: TensorFlow's optimiser folds constants. */
export function constants(program: Program): Readonly<Record<string, number>> {
  const outputs = outputWidth(program);
  return {
    zero: 0,
    half: 0.5,
    one: 1,
    two: 2,
    epsilon: 1e-7,
    one_over_outputs: 1 / outputs,
    other_outputs: outputs - 1,
    ...ACTIVATION_CONSTANTS,
  };
}

export interface SlotHyper {
  /** float32 [K, 1, 1] each. */
  readonly numbers: Readonly<Record<string, number>>;
  /** int32 [K, 1, 1] each. */
  readonly thresholds: Readonly<Record<string, number>>;
  /** int32 [K] each: the stream of random numbers of a place. */
  readonly streams: Readonly<Record<string, number>>;
}

/** The unit of dropout's thresholds. */
const LANES = 0x10000;

export function slotHyper(program: Program, task: TrialTask, dataset: Dataset): SlotHyper {
  const numbers = { ...task.hyper, ...derivedNumbers(program, task.hyper), ...dataNumbers(program, dataset) };
  const thresholds: Record<string, number> = {};
  for (const [name, value] of Object.entries(task.hyper)) {
    if (name.endsWith('.dropout')) thresholds[`${name}.threshold`] = Math.round(value * LANES);
  }
  const streams: Record<string, number> = {};
  for (const place of noisyPlaces(program)) {
    streams[`${place}.stream`] = streamKey(task.seed, 'noise', task.replicate, place)[0] | 0;
  }
  return { numbers, thresholds, streams };
}

/** Numbers that follow from hyperparameters: computed once, in double precision, and not in every step. */
export function derivedNumbers(
  program: Pick<Program, 'optimizer' | 'schedule'>,
  hyper: Readonly<Record<string, number>>,
): Record<string, number> {
  const derived: Record<string, number> = {
    ...optimizerNumbers(program.optimizer, hyper),
    ...scheduleNumbers(program, hyper),
  };
  for (const [name, value] of Object.entries(hyper)) {
    if (/[._]l2$/.test(name)) derived[`${name}.doubled`] = 2 * value;
    if (name.endsWith('.dropout')) derived[`${name}.scale`] = 1 / (1 - value);
    if (name === 'augment.rotate') derived[`${name}.radians`] = (value * Math.PI) / 180;
  }
  return derived;
}

/** The places of a program that draw random numbers in training. */
export function noisyPlaces(program: Program): readonly string[] {
  const { input, augment, noise } = program;
  return [
    ...(input.noise ? ['input'] : []),
    ...(input.dropout || program.layers.some(({ dropout }) => dropout) ? ['dropout'] : []),
    ...(augment ? ['augment'] : []),
    ...(noise.labels ? ['labels'] : []),
    ...(noise.gradients ? ['gradients'] : []),
    ...(program.module ? ['module'] : []),
    ...program.layers.flatMap((layer, index) => (isNoisy(layer) ? [`layers.${index}`] : [])),
  ];
}

function isNoisy(layer: LayerProgram): boolean {
  const weights = isWeighted(layer) && layer.weight_noise;
  return layer.noise_before || layer.noise_after || weights;
}

/** What brings regression metrics to the target's own units. */
function dataNumbers(program: Program, dataset: Dataset): Record<string, number> {
  if (encodingOf(program.loss) !== 'number') return {};
  const numbers: Record<string, number> = { 'data.scale': dataset.targetScale.scale };
  for (const part of PARTS) {
    const targets = [...dataset.parts[part]].map((row) => dataset.targets[row]! * dataset.targetScale.scale);
    const mean = targets.reduce((sum, value) => sum + value, 0) / targets.length;
    const variance = targets.reduce((sum, value) => sum + (value - mean) ** 2, 0) / targets.length;
    if (targets.length > 0) numbers[`data.${part}.one_over_variance`] = 1 / variance;
  }
  return numbers;
}
