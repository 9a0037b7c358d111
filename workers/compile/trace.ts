/** Runs a function once and notes every TensorFlow op that it executes. */

import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { attributesOf, withInferred } from './attributes.ts';
import { dataTypeOf, nativeBackend } from './binding.ts';
import type { Binding, NativeBackend, OpAttribute, TensorMetadata } from './binding.ts';
import { CompileError } from './errors.ts';
import type { Constant, InPlace, Loop, Operation, Region, Step, TracedProgram, Value } from './program.ts';
import { STATEFUL_RANDOM } from './random-ops.ts';

export type Tensors = Readonly<Record<string, Tensor>>;

/** A region while it is being traced. */
interface OpenRegion {
  readonly parameters: readonly Value[];
  readonly steps: Step[];
}

let current: Trace | undefined;

/** The trace that is under way in this thread. */
export function currentTrace(): Trace | undefined {
  return current;
}

/** Traces `fn` on copies of the example tensors, whose values it must not look at. */
export function trace(fn: (inputs: Tensors) => Tensors, example: Tensors): TracedProgram {
  if (current) throw new CompileError('a function must not be compiled while another one is being traced');
  const backend = nativeBackend();
  const { binding } = backend;
  const gather = tf.getKernel('GatherV2', tf.getBackend());
  const checkedGather = gather.kernelFunc;
  const tracer = new Trace(backend);
  current = tracer;
  backend.binding = tracer.listener();
  // tfjs looks at the indices of a gather to check them: those reads decide nothing.
  gather.kernelFunc = (args) => tracer.withReads(() => checkedGather(args));
  tf.engine().startScope();
  try {
    return tracer.program(fn, example);
  } finally {
    tf.engine().endScope();
    current = undefined;
    backend.binding = binding;
    gather.kernelFunc = checkedGather;
  }
}

export class Trace {
  readonly #backend: NativeBackend;
  readonly #binding: Binding;
  /** Tensors of the native library that carry a value of the program, by id. */
  readonly #values = new Map<number, { readonly value: Value; readonly region?: OpenRegion }>();
  /** Values that came out of JavaScript during the trace, by the id of their tensor. */
  readonly #created = new Map<number, ArrayBufferView>();
  readonly #constants: Constant[] = [];
  readonly #open: OpenRegion[] = [];
  #nextValue = 0;
  /** Tensors with a smaller id are older than the trace. */
  #firstId = 0;
  #readsAllowed = false;

  constructor(backend: NativeBackend) {
    this.#backend = backend;
    this.#binding = backend.binding;
  }

  /** The binding as kernels see it during the trace. */
  listener(): Binding {
    const refuse = (what: string) => (): never => {
      throw new CompileError(`a traced function must not ${what}; call its JavaScript function instead`);
    };
    const own: Partial<Binding> = {
      createTensor: (shape, dtype, values) => {
        const id = this.#binding.createTensor(shape, dtype, values);
        this.#created.set(id, values);
        return id;
      },
      executeOp: (name, attributes, inputs, outputs) => this.#execute(name, attributes, inputs, outputs),
      tensorDataSync: (id) => this.#read(id),
      loadSavedModel: refuse('load a saved model'),
      runSavedModel: refuse('run a compiled function or a saved model'),
    };
    const properties = Object.entries(own).map(([name, value]) => [name, { value }] as const);
    return Object.create(this.#binding, Object.fromEntries(properties)) as Binding;
  }

  withReads<T>(action: () => T): T {
    const before = this.#readsAllowed;
    this.#readsAllowed = true;
    try {
      return action();
    } finally {
      this.#readsAllowed = before;
    }
  }

  program(fn: (inputs: Tensors) => Tensors, example: Tensors): TracedProgram {
    this.#firstId = this.#backend.getInputTensorIds([tf.scalar(0)])[0]!;
    const inputs = Object.keys(example);
    const outputs: string[] = [];
    const body = this.region(Object.values(example), (tensors) => {
      const results = fn(Object.fromEntries(inputs.map((name, index) => [name, tensors[index]!])));
      checkTensors(results, 'the function');
      outputs.push(...Object.keys(results));
      return Object.values(results);
    });
    if (outputs.length === 0) throw new CompileError('a compiled function must return at least one tensor');
    return { inputs, outputs, constants: this.#constants, body: body.region };
  }

  /**
   * Traces a region whose parameters have the values of `tensors`.
   * @returns the region, and its results as tensors
   */
  region(
    tensors: readonly Tensor[],
    action: (parameters: readonly Tensor[]) => readonly Tensor[],
  ): { readonly region: Region; readonly results: readonly Tensor[] } {
    const parameters = tensors.map((tensor) => this.#copy(tensor));
    const open: OpenRegion = { parameters: parameters.map(({ value }) => value), steps: [] };
    for (const { id, value } of parameters) this.#values.set(id, { value, region: open });
    this.#open.push(open);
    try {
      const results = action(parameters.map(({ tensor }) => tensor));
      const region = { ...open, results: results.map((result) => this.use(result)) };
      return { region, results };
    } finally {
      this.#open.pop();
    }
  }

  /** The value that a tensor carries; a tensor from outside becomes a constant. */
  use(tensor: Tensor): number {
    return this.#use(this.#backend.getInputTensorIds([tensor])[0]!).id;
  }

  /** Notes a step and gives its outputs tensors with the values of `results`. */
  step(make: (outputs: readonly Value[]) => Loop | InPlace, results: readonly Tensor[]): readonly Tensor[] {
    const outputs = results.map((tensor) => this.#copy(tensor));
    const region = this.#innermost();
    region.steps.push(make(outputs.map(({ value }) => value)));
    for (const { id, value } of outputs) this.#values.set(id, { value, region });
    return outputs.map(({ tensor }) => tensor);
  }

  /** A tensor of equal value that the native library knows by another id. */
  #copy(tensor: Tensor): { readonly tensor: Tensor; readonly id: number; readonly value: Value } {
    if (tensor.dtype === 'string')
      throw new CompileError('tensors of strings cannot be compiled: encode them as numbers');
    const metadata = this.#identity(this.#backend.getInputTensorIds([tensor])[0]!);
    return { tensor: this.#backend.createOutputTensor(metadata), id: metadata.id, value: this.#value(metadata) };
  }

  #identity(id: number): TensorMetadata {
    return this.#binding.executeOp('Identity', [], [id], 1)[0]!;
  }

  #value({ dtype, shape }: TensorMetadata): Value {
    this.#nextValue += 1;
    return { id: this.#nextValue, dtype: dataTypeOf(dtype), shape };
  }

  #innermost(): OpenRegion {
    return this.#open.at(-1)!;
  }

  #execute(
    name: string,
    attributes: readonly OpAttribute[],
    inputIds: readonly number[],
    count: number,
  ): TensorMetadata[] {
    if (STATEFUL_RANDOM.has(name)) {
      throw new CompileError(
        `a traced function must not use ${name}, whose numbers depend on how often it ran: ` +
          'use a stateless op with seeds, or hand random numbers in as inputs',
      );
    }
    const inputs = inputIds.map((id) => this.#use(id));
    const results = this.#binding.executeOp(name, attributes, inputIds, count);
    const outputs = results.map((metadata) => this.#value(metadata));
    const region = this.#innermost();
    const operation: Operation = {
      kind: 'operation',
      name,
      attributes: withInferred(name, attributesOf(attributes, this.#binding), inputs[0]),
      inputs: inputs.map((value) => value.id),
      outputs,
    };
    region.steps.push(operation);
    results.forEach(({ id }, index) => this.#values.set(id, { value: outputs[index]!, region }));
    return results;
  }

  #use(id: number): Value {
    const known = this.#values.get(id);
    if (!known) return this.#constant(id);
    if (known.region && !this.#open.includes(known.region)) {
      throw new CompileError(
        `a tensor (${known.value.dtype}[${known.value.shape.join()}]) that was made inside the body of a loop is used ` +
          "outside of it: make it an entry of the loop's state",
      );
    }
    return known.value;
  }

  #constant(id: number): Value {
    if (!this.#created.has(id) && id >= this.#firstId) {
      throw new CompileError('a tensor is used that no recorded op made: only TensorFlow.js ops can be traced');
    }
    const metadata = this.#identity(id);
    this.#binding.deleteTensor(metadata.id); // its type and shape are all that is wanted
    const value = this.#value(metadata);
    if (value.dtype === 'string')
      throw new CompileError('tensors of strings cannot be compiled: encode them as numbers');
    const { buffer, byteOffset, byteLength } = this.#created.get(id) ?? this.#binding.tensorDataSync(id);
    this.#constants.push({ value, bytes: new Uint8Array(buffer.slice(byteOffset, byteOffset + byteLength)) });
    this.#values.set(id, { value });
    return value;
  }

  #read(id: number): ArrayBufferView {
    const known = this.#values.get(id);
    if (known?.region && !this.#readsAllowed) {
      throw new CompileError(
        `a traced function must not read values, but it read ${this.#describe(known.value)}: ` +
          'compute with tensors (tf.where), loop with `loop`, or hand the number in as an input',
      );
    }
    return this.#binding.tensorDataSync(id);
  }

  #describe(value: Value): string {
    const type = `${value.dtype}[${value.shape.join()}]`;
    for (const { parameters, steps } of this.#open) {
      if (parameters.includes(value)) return `an input or state of type ${type}`;
      const step = steps.find(({ outputs }) => outputs.includes(value));
      if (step) return `the result of ${step.kind === 'loop' ? 'a loop' : step.name}, ${type}`;
    }
    return type;
  }
}

/** What a traced function returned must be tensors by name. */
export function checkTensors(results: unknown, who: string): asserts results is Tensors {
  if (results instanceof Promise) throw new CompileError(`${who} must be synchronous, but it returned a promise`);
  if (typeof results !== 'object' || results === null || results instanceof tf.Tensor) {
    throw new CompileError(`${who} must return tensors by name, such as { loss }`);
  }
  for (const [name, result] of Object.entries(results)) {
    if (!(result instanceof tf.Tensor)) throw new CompileError(`${who} must return tensors, but ${name} is none`);
  }
}
