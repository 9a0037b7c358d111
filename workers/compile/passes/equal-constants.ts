/** Makes one constant of those that are equal, and drops those that nobody uses. */

import type { Constant, TracedProgram } from '../program.ts';
import { rewriteSteps, Substitution } from './rewrite.ts';
import { usedValues } from './values.ts';

export function equalConstants(program: TracedProgram): TracedProgram {
  const kept = new Map<string, Constant>();
  const substitution = new Substitution();
  for (const constant of program.constants) {
    const key = keyOf(constant);
    const equal = kept.get(key);
    if (equal) substitution.replace(constant.value.id, equal.value.id);
    else kept.set(key, constant);
  }
  const rewritten = rewriteSteps(program, (step) => [step], substitution);
  const used = usedValues(rewritten.body);
  return { ...rewritten, constants: [...kept.values()].filter(({ value }) => used.has(value.id)) };
}

function keyOf({ value, bytes }: Constant): string {
  return `${value.dtype}[${value.shape.join()}] ${Buffer.from(bytes).toString('latin1')}`;
}
