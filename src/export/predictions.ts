/** What the outputs of a network say: a class with probabilities, or a number in its own unit; and how good that is. Pure. */

import { isMissing, parseNumber } from '../../workers/data/cells.ts';
import type { Preprocessing, Target } from './preprocessing.ts';
import { labeller } from './input-rows.ts';

export type Prediction = string | number;

export interface Predictions {
  /** `prediction`, then `probability_CLASS` for each class, or `score` where the network has learnt margins. */
  readonly columns: readonly string[];
  /** In the order of `columns`. */
  readonly row: (outputs: Float32Array) => readonly Prediction[];
}

export function predictionsOf(target: Target): Predictions {
  if (target.kind === 'number') {
    const { scale, offset } = target;
    return { columns: ['prediction'], row: ([output]) => [digits(output! * scale + offset)] };
  }
  const { classes, encoding } = target;
  const [first = '', second = ''] = classes;
  if (encoding === 'signed') {
    return { columns: ['prediction', 'score'], row: ([score]) => [score! > 0 ? second : first, digits(score!)] };
  }
  const columns = ['prediction', ...classes.map((label) => `probability_${label}`)];
  if (encoding === 'binary') {
    return { columns, row: ([p]) => [p! > 0.5 ? second : first, digits(1 - p!), digits(p!)] };
  }
  return { columns, row: (outputs) => [classes[largest(outputs)]!, ...Array.from(outputs, digits)] };
}

/** Index of the largest, the first of equal ones. */
export function largest(values: ArrayLike<number>): number {
  let index = 0;
  for (let at = 1; at < values.length; at++) if (values[at]! > values[index]!) index = at;
  return index;
}

/** As many digits as a 32-bit float carries. */
function digits(value: number): number {
  return Number(value.toPrecision(7));
}

/** Gathers how good predictions are, over rows whose target is known. */
export interface Score {
  add(prediction: Prediction, cell: string): void;
  /** Such as `accuracy`; empty where no target is known. */
  metrics(): Readonly<Record<string, number>>;
  /** Rows whose target is known. */
  readonly rows: number;
}

export function scoreOf({ target }: Preprocessing): Score {
  return target.kind === 'class' ? new ClassScore(target.classes) : new NumberScore();
}

class ClassScore implements Score {
  rows = 0;
  #correct = 0;
  readonly #classes: ReadonlySet<string>;
  readonly #label: (cell: string) => string;

  constructor(classes: readonly string[]) {
    this.#classes = new Set(classes);
    this.#label = labeller(classes.every((label) => Number.isFinite(parseNumber(label))) ? 'number' : 'text');
  }

  add(prediction: Prediction, cell: string): void {
    const label = this.#label(cell.trim());
    if (!this.#classes.has(label)) return;
    this.rows += 1;
    this.#correct += Number(label === prediction);
  }

  metrics(): Readonly<Record<string, number>> {
    return this.rows === 0 ? {} : { accuracy: this.#correct / this.rows };
  }
}

class NumberScore implements Score {
  rows = 0;
  #absolute = 0;
  #squares = 0;
  #mean = 0;
  /** Sum of squared deviations from the mean of the targets so far, by Welford. */
  #spread = 0;

  add(prediction: Prediction, cell: string): void {
    const value = isMissing(cell) ? NaN : parseNumber(cell);
    if (!Number.isFinite(value)) return;
    const error = Number(prediction) - value;
    this.rows += 1;
    this.#absolute += Math.abs(error);
    this.#squares += error ** 2;
    const deviation = value - this.#mean;
    this.#mean += deviation / this.rows;
    this.#spread += deviation * (value - this.#mean);
  }

  metrics(): Readonly<Record<string, number>> {
    const { rows } = this;
    if (rows === 0) return {};
    return {
      mae: this.#absolute / rows,
      rmse: Math.sqrt(this.#squares / rows),
      ...(this.#spread > 0 ? { r2: 1 - this.#squares / this.#spread } : {}),
    };
  }
}
