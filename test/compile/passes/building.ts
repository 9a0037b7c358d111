/** Programs of tests, written by hand. */

import { formatProgram } from '../../../workers/compile/format.ts';
import type {
  Constant,
  Loop,
  Operation,
  Region,
  Step,
  TracedProgram,
  Value,
} from '../../../workers/compile/program.ts';

/** A float32 value, of shape [2] by default. */
export function value(id: number, shape: Value['shape'] = [2], dtype: Value['dtype'] = 'float32'): Value {
  return { id, dtype, shape };
}

export function operation(name: string, inputs: readonly number[], output: Value): Operation {
  return { kind: 'operation', name, attributes: {}, inputs, outputs: [output] };
}

export function constant(output: Value, numbers: readonly number[]): Constant {
  const values = output.dtype === 'int32' ? Int32Array.from(numbers) : Float32Array.from(numbers);
  return { value: output, bytes: new Uint8Array(values.buffer) };
}

/** A loop of one entry or more; the index of its body is the first of `parameters`. */
export function loopOf(parts: {
  count: number;
  initial: readonly number[];
  parameters: readonly Value[];
  steps: readonly Step[];
  results: readonly number[];
  outputs: readonly Value[];
  condition?: Region;
}): Loop {
  const { count, initial, parameters, steps, results, outputs, condition } = parts;
  const names = initial.map((_, entry) => 'abcdefgh'[entry]!);
  const body = { parameters, steps, results };
  return { kind: 'loop', names, count, initial, body, outputs, ...(condition && { condition }) };
}

/** A program with inputs `x` (%1), `y` (%2) and `n` (%3, int32), and the results given. */
export function program(
  steps: readonly Step[],
  results: readonly number[],
  constants: readonly Constant[] = [],
): TracedProgram {
  return {
    inputs: ['x', 'y', 'n'],
    outputs: results.map((_, index) => `r${index}`),
    constants,
    body: { parameters: [value(1), value(2), value(3, [], 'int32')], steps, results },
  };
}

/** The lines between the head of a program and its end, with the result. */
export function text(traced: TracedProgram): readonly string[] {
  return formatProgram(traced)
    .split('\n')
    .slice(1)
    .map((line) => line.slice(2));
}
