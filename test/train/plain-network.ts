/** A network and its metrics in plain JavaScript and double precision: slow, and obviously right. */

import type { Part } from '../../src/metrics.ts';
import type { ActivationName } from '../../src/definition/resolved.ts';
import type { Dataset } from '../../workers/data/dataset.ts';
import type { Program } from '../../workers/train/program.ts';

type Weights = Readonly<Record<string, Float32Array>>;

const ELEMENTWISE: Readonly<Record<Exclude<ActivationName, 'softmax'>, (z: number) => number>> = {
  linear: (z) => z,
  relu: (z) => Math.max(0, z),
  tanh: Math.tanh,
  sigmoid: (z) => 1 / (1 + Math.exp(-z)),
};

function activate(name: ActivationName, z: readonly number[]): number[] {
  if (name !== 'softmax') return z.map(ELEMENTWISE[name]);
  const exponentials = z.map((value) => Math.exp(value));
  return exponentials.map((value) => value / sum(exponentials));
}

/** The outputs for a row of features. */
function predict(program: Program, weights: Weights, features: readonly number[]): number[] {
  return program.layers.reduce<number[]>(
    (inputs, { units, activation }, index) => {
      const kernel = weights[`layers.${index}.kernel`]!;
      const bias = weights[`layers.${index}.bias`]!;
      const z = Array.from(
        { length: units },
        (_, unit) => sum(inputs.map((input, i) => input * kernel[i * units + unit]!)) + bias[unit]!,
      );
      return activate(activation, z);
    },
    [...features],
  );
}

interface Row {
  readonly output: readonly number[];
  readonly target: number;
}

function rowsOf(program: Program, weights: Weights, dataset: Dataset, part: Part): Row[] {
  const { width, features, targets, parts } = dataset;
  return [...parts[part]].map((row) => ({
    output: predict(program, weights, [...features.subarray(row * width, (row + 1) * width)]),
    target: targets[row]!,
  }));
}

const LOSSES: Readonly<Record<Program['loss'], (row: Row) => number>> = {
  mse: ({ output, target }) => (output[0]! - target) ** 2,
  binary_crossentropy: ({ output, target }) => -Math.log(target === 1 ? output[0]! : 1 - output[0]!),
  categorical_crossentropy: ({ output, target }) => -Math.log(output[target]!),
};

/** Every metric of the program for one part, given the penalty of its weights. */
export function plainMetrics(
  program: Program,
  weights: Weights,
  dataset: Dataset,
  part: Part,
  penalty = 0,
): Readonly<Record<string, number>> {
  const rows = rowsOf(program, weights, dataset, part);
  const data_loss = mean(rows.map(LOSSES[program.loss]));
  const metrics =
    program.loss === 'mse' ? inOwnUnits(rows, dataset) : { accuracy: mean(rows.map((row) => (isRight(row) ? 1 : 0))) };
  const all = { loss: data_loss + penalty, data_loss, ...metrics };
  return Object.fromEntries(Object.entries(all).map(([name, value]) => [`${part}_${name}`, value]));
}

function isRight({ output, target }: Row): boolean {
  if (output.length === 1) return output[0]! > 0.5 === target > 0.5;
  return output.indexOf(Math.max(...output)) === target;
}

function inOwnUnits(rows: readonly Row[], { targetScale: { scale, offset } }: Dataset): Record<string, number> {
  const own = (scaled: number): number => scaled * scale + offset;
  const targets = rows.map(({ target }) => own(target));
  const errors = rows.map(({ output, target }) => own(output[0]!) - own(target));
  const mse = mean(errors.map((error) => error ** 2));
  const variance = mean(targets.map((target) => (target - mean(targets)) ** 2));
  return { mae: mean(errors.map(Math.abs)), mse, rmse: Math.sqrt(mse), r2: 1 - mse / variance };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

function mean(numbers: readonly number[]): number {
  return sum(numbers) / numbers.length;
}
