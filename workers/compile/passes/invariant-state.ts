/** Takes out of a loop's state what its body hands on unchanged: a value from outside, not an entry. */

import type { Loop, Region, TracedProgram } from '../program.ts';
import { rewriteSteps, type Substitution } from './rewrite.ts';

export function invariantState(program: TracedProgram): TracedProgram {
  return rewriteSteps(program, (step, substitution) => {
    if (step.kind !== 'loop') return [step];
    const changes = step.names.map((_, index) => step.body.results[index] !== step.body.parameters[index + 1]!.id);
    if (changes.every(Boolean)) return [step];
    replaceUnchanged(step, changes, substitution);
    return [withoutUnchanged(step, changes)];
  });
}

function replaceUnchanged(
  { initial, body, condition, outputs }: Loop,
  changes: readonly boolean[],
  substitution: Substitution,
): void {
  changes.forEach((changed, index) => {
    if (changed) return;
    const value = initial[index]!;
    substitution.replace(body.parameters[index + 1]!.id, value);
    substitution.replace(outputs[index]!.id, value);
    if (condition) substitution.replace(condition.parameters[index]!.id, value);
  });
}

function withoutUnchanged(loop: Loop, changes: readonly boolean[]): Loop {
  const kept = <T>(items: readonly T[]): readonly T[] => items.filter((_, index) => changes[index]);
  const { names, initial, variables, condition, body, outputs } = loop;
  const [index, ...state] = body.parameters;
  const without = (region: Region): Region => ({ ...region, parameters: kept(region.parameters) });
  return {
    ...loop,
    names: kept(names),
    initial: kept(initial),
    ...(variables && { variables: kept(variables) }),
    ...(condition && { condition: without(condition) }),
    body: { ...body, parameters: [index!, ...kept(state)], results: kept(body.results) },
    outputs: kept(outputs),
  };
}
