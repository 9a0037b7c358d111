/** How a loss wants its targets. Pure. */

import type { LossName } from '../../src/definition/resolved.ts';
import type { Program } from './program.ts';

/**
 * How a target stands in the output's columns: as a number; as one of two classes, 0 and 1 or -1 and 1; or with a
 * column of 0 and 1 per class.
 */
export type Encoding = 'number' | ClassEncoding;
export type ClassEncoding = 'binary' | 'signed' | 'one_hot';

const ENCODINGS: Readonly<Record<LossName, Encoding>> = {
  mse: 'number',
  mae: 'number',
  msle: 'number',
  huber: 'number',
  poisson: 'number',
  binary_crossentropy: 'binary',
  hinge: 'signed',
  squared_hinge: 'signed',
  categorical_crossentropy: 'one_hot',
  sparse_categorical_crossentropy: 'one_hot',
  kl_divergence: 'one_hot',
};

export function encodingOf(loss: LossName): Encoding {
  return ENCODINGS[loss];
}

/** Width of the targets, and of what the network makes. */
export function outputWidth(program: Pick<Program, 'layers' | 'loss' | 'data'>): number {
  return program.layers.at(-1)?.units ?? (encodingOf(program.loss) === 'one_hot' ? program.data.classes : 1);
}
