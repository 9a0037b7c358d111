/** Drops operations that give what they got: an Identity, a Cast to the same type, a broadcast to the same shape. */

import type { TracedProgram, Value } from '../program.ts';
import { rewriteSteps } from './rewrite.ts';
import { valuesOf } from './values.ts';

/** By what an operation is useless; all take the value in question first. */
const USELESS: Readonly<Record<string, (input: Value, output: Value) => boolean>> = {
  Identity: () => true,
  Cast: (input, output) => input.dtype === output.dtype,
  BroadcastTo: sameShape,
};

export function uselessOperations(program: TracedProgram): TracedProgram {
  const values = valuesOf(program);
  return rewriteSteps(program, (step, substitution) => {
    if (step.kind !== 'operation') return [step];
    const input = values.get(step.inputs[0]!);
    const output = step.outputs[0]!;
    if (!USELESS[step.name]?.(input!, output)) return [step];
    substitution.replace(output.id, input!.id);
    return [];
  });
}

function sameShape(input: Value, output: Value): boolean {
  const { shape } = output;
  return (
    input.shape.length === shape.length &&
    shape.every((length, axis) => length !== null && input.shape[axis] === length)
  );
}
