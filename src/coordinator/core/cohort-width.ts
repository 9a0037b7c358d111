/** How many trials of a program train side by side. Pure. */

import { layoutOf, parameterCount } from '../../../workers/train/layout.ts';
import type { OwnProgram } from '../../../workers/modules/own-task.ts';
import type { OptimizerProgram, Program } from '../../../workers/train/program.ts';

/** Beyond this many slots an op's own work is so much more than its overhead that nothing is gained. */
const WIDEST = 64;

/**
 * Bytes that the slots of a cohort may touch in each step: a wider stack shares the overhead of its ops among more trials,
 * until what it touches falls out of the caches. Measured: docs/engine.md.
 */
const STACK_BYTES = 3 * 2 ** 20;

/** Weights, their gradient and the optimizer's slots, and a batch's activations on the way forward and back. */
function slotBytes(program: Program): number {
  const weights = parameterCount(program);
  const copies = 2 + optimizerSlots(program.optimizer);
  const activations = program.layers.reduce((sum, layer) => sum + layer.units, program.data.width);
  return 4 * (weights * copies + 2 * program.batch * activations);
}

/** Numbers that an optimizer remembers of each weight. */
function optimizerSlots(optimizer: OptimizerProgram): number {
  switch (optimizer.name) {
    case 'sgd':
      return Number(optimizer.momentum);
    case 'adam':
      return 2 + Number(optimizer.amsgrad);
    case 'adamax':
    case 'nadam':
      return 2;
    case 'rmsprop':
      return 1 + Number(optimizer.momentum) + Number(optimizer.centered);
    case 'adagrad':
      return 1;
  }
}

/** The widest stack that a program of this size gains from: 1 where one trial trains at a time, else at least 2. */
export function widestStack(program: Program | OwnProgram): number {
  if ('trial' in program) return 1;
  if (layoutOf(program) === 'single') return 1;
  return Math.min(WIDEST, Math.max(2, Math.floor(STACK_BYTES / slotBytes(program))));
}

/**
 * How wide a cohort is that does not take more than its share of the `waiting` trials from other workers: as narrow as
 * it can be without one more round of trials.
 */
export function cohortWidth(widest: number, waiting: number, workers: number): number {
  const share = Math.max(1, Math.ceil(waiting / Math.max(1, workers)));
  return Math.ceil(share / Math.ceil(share / widest));
}
