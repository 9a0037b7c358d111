/** A trial's numbers as the training functions take them: derived values, seeds of streams, constants. Pure. */

import { PARTS } from '../../src/metrics.ts';
import type { Dataset } from '../data/dataset.ts';
import { streamKey } from '../random/philox.ts';
import type { Program, TrialTask } from './program.ts';

/** float32 [1, 1, 1] each, shared by all slots. Scalars are inputs: TensorFlow's optimiser folds constants. */
export function constants(program: Program): Readonly<Record<string, number>> {
  return { zero: 0, one: 1, two: 2, epsilon: 1e-7, one_over_outputs: 1 / program.layers.at(-1)!.units };
}

export interface SlotHyper {
  /** float32 [K, 1, 1] each. */
  readonly numbers: Readonly<Record<string, number>>;
  /** int32 [K, 1, 1] each. */
  readonly thresholds: Readonly<Record<string, number>>;
  /** int32 [K] each: the stream of random numbers of a place. */
  readonly streams: Readonly<Record<string, number>>;
}

/** Dropout decides by 16 random bits. */
const LANES = 0x10000;

export function slotHyper(program: Program, task: TrialTask, dataset: Dataset): SlotHyper {
  const numbers: Record<string, number> = { ...task.hyper, ...dataNumbers(program, dataset) };
  const thresholds: Record<string, number> = {};
  const streams: Record<string, number> = {};
  for (const [name, value] of Object.entries(task.hyper)) {
    if (name.endsWith('.l2')) numbers[`${name}.doubled`] = 2 * value;
    if (name.endsWith('.beta_1')) numbers['optimizer.one_minus_beta_1'] = 1 - value;
    if (name.endsWith('.beta_2')) numbers['optimizer.one_minus_beta_2'] = 1 - value;
    if (name.endsWith('.dropout')) {
      numbers[`${name}.scale`] = 1 / (1 - value);
      thresholds[`${name}.threshold`] = Math.round(value * LANES);
    }
  }
  for (const place of noisyPlaces(program)) {
    streams[`${place}.stream`] = streamKey(task.seed, 'noise', task.replicate, place)[0] | 0;
  }
  return { numbers, thresholds, streams };
}

/** The places of a program that draw random numbers in training. */
export function noisyPlaces(program: Program): readonly string[] {
  const { noise, dropout } = program.input;
  return [
    ...(noise || dropout ? ['input'] : []),
    ...program.layers.flatMap((layer, index) =>
      layer.dropout || layer.noise_before || layer.noise_after ? [`layers.${index}`] : [],
    ),
  ];
}

/** What brings regression metrics to the target's own units. */
function dataNumbers(program: Program, dataset: Dataset): Record<string, number> {
  if (program.loss !== 'mse') return {};
  const numbers: Record<string, number> = { 'data.scale': dataset.targetScale.scale };
  for (const part of PARTS) {
    const targets = [...dataset.parts[part]].map((row) => dataset.targets[row]! * dataset.targetScale.scale);
    const mean = targets.reduce((sum, value) => sum + value, 0) / targets.length;
    const variance = targets.reduce((sum, value) => sum + (value - mean) ** 2, 0) / targets.length;
    if (targets.length > 0) numbers[`data.${part}.one_over_variance`] = 1 / variance;
  }
  return numbers;
}
