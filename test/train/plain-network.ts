/** A network and its metrics in plain JavaScript and double precision: slow, and obviously right. */

import type { Part } from '../../src/metrics.ts';
import type { Dataset } from '../../workers/data/dataset.ts';
import { encodingOf } from '../../workers/train/encoding.ts';
import { isWeighted, type LayerProgram, type Program } from '../../workers/train/program.ts';
import { ACTIVATION_FORMULAS, LOSS_FORMULAS, type Row } from './formulas.ts';

type Weights = Readonly<Record<string, ArrayLike<number>>>;
type Numbers = Readonly<Record<string, number>>;

/** One trial: its program and numbers, and what it has learnt. */
export interface PlainTrial {
  readonly program: Program;
  readonly weights: Weights;
  readonly numbers: Numbers;
}

interface Evaluated {
  readonly output: Row;
  /** As the loss has it, of as many numbers as the output. */
  readonly target: Row;
  /** Activity penalties of all layers. */
  readonly activity: number;
}

/** The output of a layer for one row; a normalization must be one over the layer's own units. */
function outputOf({ weights, numbers }: PlainTrial, layer: LayerProgram, place: string, inputs: Row): Row {
  let z = inputs;
  if (isWeighted(layer)) {
    const kernel = weights[`${place}.kernel`]!;
    z = Array.from({ length: layer.units }, (_, unit) => {
      const products = inputs.map((input, i) => input * kernel[i * layer.units + unit]!);
      return sum(products) + weights[`${place}.bias`]![unit]!;
    });
  }
  if (layer.normalization === 'layer_normalization') {
    const centre = mean(z);
    const spread = Math.sqrt(
      mean(z.map((value) => (value - centre) ** 2)) + numbers[`${place}.normalization.epsilon`]!,
    );
    const [gamma, beta] = [weights[`${place}.gamma`]!, weights[`${place}.beta`]!];
    z = z.map((value, unit) => ((value - centre) / spread) * gamma[unit]! + beta[unit]!);
  }
  return ACTIVATION_FORMULAS[layer.activation](z, numbers[`${place}.activation.alpha`] ?? 1);
}

function evaluate(trial: PlainTrial, features: Row, target: Row): Evaluated {
  let [values, activity] = [features, 0];
  for (const [index, layer] of trial.program.layers.entries()) {
    const place = `layers.${index}`;
    values = outputOf(trial, layer, place, values);
    if (layer.activity_l1) activity += trial.numbers[`${place}.activity_l1`]! * sum(values.map(Math.abs));
    if (layer.activity_l2) activity += trial.numbers[`${place}.activity_l2`]! * sum(values.map((y) => y * y));
  }
  return { output: values, target, activity };
}

function targetOf({ loss, layers }: Program, value: number): Row {
  switch (encodingOf(loss)) {
    case 'one_hot':
      return Array.from({ length: layers.at(-1)!.units }, (_, index) => (index === value ? 1 : 0));
    case 'signed':
      return [2 * value - 1];
    case 'binary':
    case 'number':
      return [value];
  }
}

/** Every metric that the loss brings for one part, given the penalty of its weights. */
export function plainMetrics(
  trial: PlainTrial,
  dataset: Dataset,
  part: Part,
  penalty = 0,
): Readonly<Record<string, number>> {
  const { program, numbers } = trial;
  const { width, features, targets, parts } = dataset;
  const rows = [...parts[part]].map((row) =>
    evaluate(trial, [...features.subarray(row * width, (row + 1) * width)], targetOf(program, targets[row]!)),
  );
  const delta = numbers['loss.delta'] ?? 1;
  const data_loss = mean(rows.map(({ output, target }) => LOSS_FORMULAS[program.loss](output, target, delta)));
  const encoding = encodingOf(program.loss);
  const metrics =
    encoding === 'number'
      ? inOwnUnits(rows, dataset)
      : { accuracy: mean(rows.map((row) => (isRight(row, encoding === 'signed' ? 0 : 0.5) ? 1 : 0))) };
  const loss = data_loss + penalty + mean(rows.map(({ activity }) => activity));
  const all = { loss, data_loss, ...metrics };
  return Object.fromEntries(Object.entries(all).map(([name, value]) => [`${part}_${name}`, value]));
}

function isRight({ output, target }: Evaluated, middle: number): boolean {
  if (output.length === 1) return output[0]! > middle === target[0]! > middle;
  return output.indexOf(Math.max(...output)) === target.indexOf(1);
}

function inOwnUnits(rows: readonly Evaluated[], { targetScale: { scale, offset } }: Dataset): Record<string, number> {
  const own = (scaled: Row): number => scaled[0]! * scale + offset;
  const targets = rows.map(({ target }) => own(target));
  const errors = rows.map(({ output, target }) => own(output) - own(target));
  const mse = mean(errors.map((error) => error ** 2));
  const variance = mean(targets.map((target) => (target - mean(targets)) ** 2));
  return { mae: mean(errors.map(Math.abs)), mse, rmse: Math.sqrt(mse), r2: 1 - mse / variance };
}

function sum(numbers: Row): number {
  return numbers.reduce((total, number) => total + number, 0);
}

function mean(numbers: Row): number {
  return sum(numbers) / numbers.length;
}
