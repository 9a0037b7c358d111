/** The passes in their order. */

import type { TracedProgram } from '../program.ts';
import { assignVariables } from './assign-variables.ts';
import { commonSubexpressions } from './common-subexpressions.ts';
import { deadCode } from './dead-code.ts';
import { equalConstants } from './equal-constants.ts';
import { expandInPlace } from './expand-in-place.ts';
import { hoistInvariants } from './hoist-invariants.ts';
import { invariantState } from './invariant-state.ts';
import { fewerReshapes } from './reshapes.ts';
import { rowAdditions } from './row-additions.ts';
import { uselessOperations } from './useless-operations.ts';

export type Pass = (program: TracedProgram) => TracedProgram;

/** Passes that change no bit of any result. */
export const CLEANING: readonly Pass[] = [
  invariantState,
  equalConstants,
  uselessOperations,
  fewerReshapes,
  rowAdditions,
  commonSubexpressions,
  hoistInvariants,
  deadCode,
  equalConstants,
];

/** From a traced program to one that a graph can be made of. */
export function optimize(program: TracedProgram, options: { readonly inPlace: boolean }): TracedProgram {
  const placing = options.inPlace ? [assignVariables] : [];
  return [...placing, expandInPlace, ...CLEANING].reduce((result, pass) => pass(result), program);
}
