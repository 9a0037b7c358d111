/**
 * Where an epoch is one step on all rows and nothing in it is random, the step's pass forward and back again is at the
 * weights that the evaluation before it looks at: made there, it serves both, and the step has only to update.
 */

import { noisyPlaces } from './hyper.ts';
import type { Layout } from './layout.ts';
import type { Program } from './program.ts';
import { evaluatedParts } from './reports.ts';

/** Numbers of one slot in the widest layer over all rows up to which the pass that a call ends with for nothing is no matter. */
const MOST_NUMBERS = 1 << 18;

/** Whether steps have their pass from the evaluation before: a function of the program only, since it decides about bits. */
export function passesAhead(program: Program, layout: Layout): boolean {
  const { batch, data, layers } = program;
  const widest = Math.max(data.width, ...layers.map(({ units }) => units));
  return (
    layout === 'flat' &&
    batch === data.parts.train &&
    batch * widest <= MOST_NUMBERS &&
    evaluatedParts(program).includes('train') &&
    !isDisturbed(program)
  );
}

/** Whether a training pass sees other numbers than an evaluation, or others in every step; an update's noise is no matter. */
function isDisturbed(program: Program): boolean {
  const isNoisy = noisyPlaces(program).some((place) => place !== 'gradients');
  return isNoisy || program.layers.some(({ normalization }) => normalization !== null);
}
