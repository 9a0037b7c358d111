/** The hyperparameters that a first sweep may search: their values, and what they do, in a line. */

export interface Knob {
  readonly values: readonly number[];
  /** One of `values`: that of the baseline, and where it is not searched. */
  readonly usual: number;
  /** For somebody who meets it for the first time. */
  readonly effect: string;
}

export const KNOBS = {
  width: {
    values: [16, 64],
    usual: 64,
    effect: 'units of a hidden layer: more can learn more, and overfit more',
  },
  depth: {
    values: [1, 2],
    usual: 1,
    effect: 'hidden layers: more find finer rules, and are harder to train',
  },
  l2: {
    values: [0, 0.0001, 0.001],
    usual: 0,
    effect: 'penalty on large weights, against overfitting; too much learns nothing',
  },
  dropout: {
    values: [0, 0.2, 0.4],
    usual: 0,
    effect: 'share of units left out at random in training, against overfitting',
  },
  learning_rate: {
    values: [0.0003, 0.001, 0.003],
    usual: 0.001,
    effect: 'size of a step: large ones do not settle, small ones take long',
  },
  batch_size: {
    values: [32, 128],
    usual: 32,
    effect: 'rows of a step: smaller is slower, often generalises better',
  },
} as const satisfies Readonly<Record<string, Knob>>;

export type KnobName = keyof typeof KNOBS;

/** In the order in which a definition has them. */
export const KNOB_NAMES = Object.keys(KNOBS) as readonly KnobName[];

export const FIRST_KNOBS: readonly KnobName[] = ['width', 'l2', 'dropout'];
