/** Takes out of a loop's state what its body hands on unchanged: a value from outside, not an entry. */

import { regionsOf } from '../program.ts';
import type { Loop, Region, TracedProgram } from '../program.ts';
import { withEntries } from './loop-entries.ts';
import { rewriteSteps, Substitution } from './rewrite.ts';

export function invariantState(program: TracedProgram): TracedProgram {
  const substitution = new Substitution();
  findUnchanged(program.body, substitution);
  return rewriteSteps(
    program,
    (step) => {
      if (step.kind !== 'loop') return [step];
      const changes = step.body.parameters.slice(1).map(({ id }) => substitution.of(id) === id);
      return [changes.every(Boolean) ? step : withEntries(step, changes)];
    },
    substitution,
  );
}

/** Inner loops first: what they do not change the outer ones may not change either. */
function findUnchanged({ steps }: Region, substitution: Substitution): void {
  for (const step of steps) {
    for (const region of regionsOf(step)) findUnchanged(region, substitution);
    if (step.kind === 'loop') replaceUnchanged(step, substitution);
  }
}

function replaceUnchanged({ initial, body, condition, outputs }: Loop, substitution: Substitution): void {
  initial.forEach((value, entry) => {
    const parameter = body.parameters[entry + 1]!.id;
    if (substitution.of(body.results[entry]!) !== parameter) return;
    substitution.replace(parameter, value);
    substitution.replace(outputs[entry]!.id, value);
    if (condition) substitution.replace(condition.parameters[entry]!.id, value);
  });
}
