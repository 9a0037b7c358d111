/** Drops operations that give what they got: an Identity, a Cast to the same type, a Reshape to the same shape. */

import type { Operation, TracedProgram, Value } from '../program.ts';
import { rewriteSteps } from './rewrite.ts';
import { valuesOf } from './values.ts';

/** By what an operation is useless; all take the value in question first. */
const USELESS: Readonly<Record<string, (input: Value, output: Value) => boolean>> = {
  Identity: () => true,
  Cast: (input, output) => input.dtype === output.dtype,
  Reshape: sameShape,
  BroadcastTo: sameShape,
};

export function uselessOperations(program: TracedProgram): TracedProgram {
  const values = valuesOf(program);
  /** Reshapes that were met, by their outputs: a Reshape of a Reshape is one of what that got. */
  const reshapes = new Map<number, Operation>();
  return rewriteSteps(program, (step, substitution) => {
    if (step.kind !== 'operation') return [step];
    const [input, ...others] = step.inputs;
    const inner = step.name === 'Reshape' && reshapes.get(input!);
    if (inner) return [{ ...step, inputs: [inner.inputs[0]!, ...others] }];
    const output = step.outputs[0]!;
    if (USELESS[step.name]?.(values.get(input!)!, output)) {
      substitution.replace(output.id, input!);
      return [];
    }
    if (step.name === 'Reshape') reshapes.set(output.id, step);
    return [step];
  });
}

function sameShape(input: Value, output: Value): boolean {
  const { shape } = output;
  return (
    input.shape.length === shape.length &&
    shape.every((length, axis) => length !== null && input.shape[axis] === length)
  );
}
