/** Puts the expansion in the place of every op that could overwrite its targets. */

import type { TracedProgram } from '../program.ts';
import { rewriteSteps } from './rewrite.ts';

export function expandInPlace(program: TracedProgram): TracedProgram {
  return rewriteSteps(program, (step, substitution) => {
    if (step.kind !== 'in-place') return [step];
    const { targets, args, expansion, outputs } = step;
    outputs.forEach(({ id }, index) => substitution.replace(id, expansion.results[index]!));
    [...targets, ...args].forEach((id, index) => substitution.replace(expansion.parameters[index]!.id, id));
    return expansion.steps;
  });
}
