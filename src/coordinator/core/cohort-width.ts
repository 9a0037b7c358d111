/** How many trials of a program train side by side. Pure. */

import { layoutOf, parameterCount } from '../../../workers/train/layout.ts';
import type { OwnProgram } from '../../../workers/modules/own-task.ts';
import type { OptimizerProgram, Program } from '../../../workers/train/program.ts';

/** Widths that cohorts have; 1 is legal here, the worker pads it itself. */
export const COHORT_WIDTHS = [1, 2, 4, 8, 16, 32] as const;

/**
 * Bytes that the slots of a cohort may touch in each step. Ops are executed one by one, and each costs more than its
 * work in a small network: a wider stack gains as long as it is far from filling the memory. Measured, ms per step and
 * trial for 2, 8, 32 slots: 2-500-1 1.4, .32, .16; 64-128-10 with batches of 32 3.0, 1.2, .44.
 */
const STACK_BYTES = 32 * 2 ** 20;

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
  const fitting = STACK_BYTES / slotBytes(program);
  return Math.max(2, ...COHORT_WIDTHS.filter((width) => width <= fitting));
}

/** The widest stack within `widest` that does not take more than its share of the `waiting` trials from other workers. */
export function cohortWidth(widest: number, waiting: number, workers: number): number {
  const share = Math.max(1, Math.ceil(waiting / Math.max(1, workers)));
  return Math.max(1, ...COHORT_WIDTHS.filter((width) => width <= Math.min(widest, share)));
}
