/** Compiles functions of TensorFlow.js tensors to TensorFlow graphs, with loops inside, for tfjs-node. */

import { nativeBackend } from './binding.ts';
import { CompileError } from './errors.ts';
import { graphOf } from './graph.ts';
import { loadGraph, type LoadedGraph } from './load.ts';
import { optimize } from './passes/optimize.ts';
import type { TracedProgram } from './program.ts';
import { currentTrace, type Tensors } from './trace.ts';
import { tracedProgram } from './traced-program.ts';

export { CompileError } from './errors.ts';
export { inPlace, type InPlaceOp } from './in-place.ts';
export { loop, type LoopOptions } from './loop.ts';
export type { TracedProgram } from './program.ts';
export type { Tensors } from './trace.ts';

export interface CompileOptions {
  /** Inputs whose leading dimension may differ between calls. */
  readonly dynamic?: readonly string[];
  /** Whether ops given to `inPlace` may overwrite their targets in resource variables; false by default. */
  readonly inPlace?: boolean;
  /** Whether to trace twice and refuse constants that differ: randomness that the trace would freeze. */
  readonly checkRandom?: boolean;
}

export interface CompiledFunction {
  /**
   * Runs the graph. Inputs: those of the example, of the same types and shapes.
   * @returns new tensors, the caller's
   */
  run(inputs: Tensors): Tensors;
  /** What runs. */
  readonly program: TracedProgram;
  /** Frees the session. */
  dispose(): void;
}

/**
 * Traces `fn` once, with the values of `example`, and compiles what it did.
 *
 * Tensors from outside that are no inputs become constants, as does everything that JavaScript computes.
 * Errors: `CompileError` where `fn` does what cannot be compiled.
 */
export function compile(
  fn: (inputs: Tensors) => Tensors,
  example: Tensors,
  options: CompileOptions = {},
): CompiledFunction {
  const traced = tracedProgram(fn, example, options);
  const program = optimize(traced, { inPlace: options.inPlace ?? false });
  return new Compiled(program, loadGraph(graphOf(program), nativeBackend()));
}

class Compiled implements CompiledFunction {
  readonly program: TracedProgram;
  readonly #graph: LoadedGraph;
  #disposed = false;

  constructor(program: TracedProgram, graph: LoadedGraph) {
    this.program = program;
    this.#graph = graph;
  }

  run(inputs: Tensors): Tensors {
    if (this.#disposed) throw new CompileError('a compiled function must not run after dispose()');
    if (currentTrace())
      throw new CompileError('a traced function must not run a compiled one: call its JavaScript function');
    const results = this.#graph.run(this.program.inputs.map((_, index) => this.#input(inputs, index)));
    return Object.fromEntries(this.program.outputs.map((name, index) => [name, results[index]!]));
  }

  dispose(): void {
    if (!this.#disposed) this.#graph.dispose();
    this.#disposed = true;
  }

  #input(inputs: Tensors, index: number): Tensors[string] {
    const name = this.program.inputs[index]!;
    const { dtype, shape } = this.program.body.parameters[index]!;
    const tensor = inputs[name];
    if (!tensor)
      throw new CompileError(`the input ${name} must be given, but only ${Object.keys(inputs).join(', ')} are`);
    const fits =
      tensor.dtype === dtype &&
      tensor.rank === shape.length &&
      tensor.shape.every((length, axis) => shape[axis] === null || shape[axis] === length);
    if (fits) return tensor;
    const lengths = shape.map((length) => length ?? '?').join();
    throw new CompileError(
      `the input ${name} must be ${dtype}[${lengths}], but is ${tensor.dtype}[${tensor.shape.join()}]`,
    );
  }
}
