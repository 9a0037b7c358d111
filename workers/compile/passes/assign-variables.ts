/** Keeps state in resource variables where ops may overwrite it: big tensors are then updated, not made anew. */

import type { InPlace, Loop, Region, Step, TracedProgram, Update } from '../program.ts';
import { withRegions } from './rewrite.ts';
import { usedValues } from './values.ts';

/**
 * An op runs in place when its targets are entries of the innermost loop around it, and its outputs their next values.
 * Some of its targets may be no entries: these are copied into variables of their own for it. All of them may be if nothing
 * else uses them: a variable takes over the memory of such a value.
 * Where such a loop is itself in a loop that only hands the entry through it, the variable belongs to both.
 */
export function assignVariables(program: TracedProgram): TracedProgram {
  let count = 0;
  const unique = (entry: string): string => {
    count += 1;
    return `${entry}/${count}`;
  };
  const visit = (step: Step): Step => {
    const inner = withRegions(step, (region) => ({ ...region, steps: region.steps.map(visit) }));
    return inner.kind === 'loop' ? withVariables(inner, unique) : inner;
  };
  return { ...program, body: { ...program.body, steps: program.body.steps.map(visit) } };
}

function withVariables(loop: Loop, unique: (entry: string) => string): Loop {
  const { names, body } = loop;
  const variables: (string | null)[] = names.map(() => null);
  const parameters = new Set(body.parameters.map(({ id }) => id));
  const steps = body.steps.map((step) => {
    if (step.kind === 'loop') {
      step.variables?.forEach((variable, index) => {
        const entry = entryThrough(body, step.initial[index]!, step.outputs[index]!.id);
        if (variable && entry !== undefined && !variables[entry]) variables[entry] = variable;
      });
      return step;
    }
    if (step.kind !== 'in-place') return step;
    const copied = step.targets.map((target) => !parameters.has(target));
    const entries = step.targets.map((target, index) => entryThrough(body, target, step.outputs[index]!.id));
    const kept = entries.filter((_, index) => !copied[index]);
    const mayCopy = kept.length > 0 || step.targets.every((target) => isOnlyFor(target, step, body));
    const areDistinct = new Set(kept).size === kept.length;
    if (!mayCopy || !areDistinct || kept.some((entry) => entry === undefined || variables[entry])) return step;
    const own = entries.map((entry, index) => unique(copied[index] ? step.name : names[entry!]!));
    entries.forEach((entry, index) => {
      if (!copied[index]) variables[entry!] = own[index]!;
    });
    return update(step, own, copied);
  });
  const isChanged = variables.some(Boolean) || steps.some((step, index) => step !== body.steps[index]);
  return isChanged ? { ...loop, variables, body: { ...body, steps } } : loop;
}

/** Whether a value is made in the region by an operation, and used by that step alone. */
function isOnlyFor(id: number, user: Step, { steps, results }: Region): boolean {
  const isMade = steps.some((step) => step.kind === 'operation' && step.outputs.some((output) => output.id === id));
  const others = steps.filter((step) => step !== user);
  return isMade && !usedValues({ parameters: [], steps: others, results }).has(id);
}

/** The entry of a loop's state that is `before` at the beginning of an iteration and `after` at its end. */
function entryThrough({ parameters, results }: Region, before: number, after: number): number | undefined {
  const entry = results.findIndex((result, index) => result === after && parameters[index + 1]!.id === before);
  return entry >= 0 ? entry : undefined;
}

function update(
  { name, attributes, targets, args, outputs }: InPlace,
  variables: readonly string[],
  copied: readonly boolean[],
): Update {
  return { kind: 'update', name, attributes, targets, variables, copied, args, outputs };
}
