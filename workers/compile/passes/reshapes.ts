/**
 * Makes reshapes only where an op needs them: numbers lie in memory in the same order whatever their shape. Leading axes of
 * length 1 hold nothing, and broadcasting adds them by itself: without them [1, 32, 256] and [32, 256] need no reshape
 * between them.
 */

import { type } from '../nodes.ts';
import { regionsOf } from '../program.ts';
import type { Constant, Loop, Operation, Region, Step, TracedProgram, Update, Value } from '../program.ts';
import { valuesOf } from './values.ts';

/** State, updates and what works element by element lose their leading ones; other ops get the shapes that they had. */
export function fewerReshapes(program: TracedProgram): TracedProgram {
  const values = valuesOf(program);
  const keepsShape = (id: number): boolean => isBare(values.get(id)!.shape);
  const isKnown = stepsOf(program.body).every(
    (step) => step.kind !== 'update' || isOfWhole(step) || step.targets.every(keepsShape),
  );
  return isKnown ? new Rewriter(program, values).program() : program;
}

/** Ops of operands that broadcast, or are of equal shapes. */
const ELEMENTWISE: ReadonlySet<string> = new Set(
  [
    'Abs Add AddV2 Cast Elu Equal Exp Expm1 Greater GreaterEqual Less LessEqual Log Log1p LogicalAnd LogicalNot LogicalOr',
    'Maximum Minimum Mul Neg NotEqual RealDiv Relu ReluGrad Select Selu Sigmoid Sign Softplus Sqrt Square Sub Tanh TanhGrad',
  ].flatMap((names) => names.split(' ')),
);

/** TensorFlow's updates of whole variables are elementwise, too; others hang on the shapes of their targets. */
function isOfWhole({ name }: Update): boolean {
  return name.startsWith('ResourceApply');
}

type Shape = Value['shape'];

class Rewriter {
  readonly #traced: TracedProgram;
  readonly #values: ReadonlyMap<number, Value>;
  readonly #zeros: ReadonlySet<number>;
  /** Values of the same numbers in the place of traced ones, by the ids of these. */
  readonly #current = new Map<number, Value>();
  /** Those of shapes, by their lengths. */
  readonly #shapes = new Map<string, Constant>();
  #lastId: number;
  /** Of the region that is being written. */
  #steps: Step[] = [];

  constructor(program: TracedProgram, values: ReadonlyMap<number, Value>) {
    this.#traced = program;
    this.#values = values;
    this.#zeros = new Set(program.constants.filter(isZero).map(({ value }) => value.id));
    this.#lastId = Math.max(0, ...this.#values.keys());
  }

  program(): TracedProgram {
    const body = this.#region(this.#traced.body, (id) => this.#asTraced(id));
    return { ...this.#traced, constants: [...this.#traced.constants, ...this.#shapes.values()], body };
  }

  /** @param form in which a result leaves the region */
  #region({ parameters, steps, results }: Region, form: (id: number) => number): Region {
    const outer = this.#steps;
    this.#steps = [];
    for (const step of steps) this.#step(step);
    const region = {
      parameters: parameters.map(({ id }) => this.#now(id)),
      results: results.map(form),
      steps: this.#steps,
    };
    this.#steps = outer;
    return region;
  }

  #step(step: Step): void {
    if (step.kind === 'loop') this.#loop(step);
    else if (step.kind === 'update') this.#update(step);
    else if (step.kind === 'operation') this.#operation(step);
    else throw new Error(`${step.name} must have been expanded, or turned into an update of variables`);
  }

  #loop(loop: Loop): void {
    const initial = loop.initial.map((id) => this.#bare(id));
    for (const { id } of [...loop.body.parameters, ...(loop.condition?.parameters ?? [])]) this.#strip(id);
    const condition = loop.condition && this.#region(loop.condition, (id) => this.#asTraced(id));
    const body = this.#region(loop.body, (id) => this.#bare(id));
    const outputs = loop.outputs.map(({ id }) => this.#strip(id));
    this.#steps.push({
      ...loop,
      count: this.#asTraced(loop.count),
      initial,
      ...(condition && { condition }),
      body,
      outputs,
    });
  }

  #update(update: Update): void {
    const form = (id: number): number => (isOfWhole(update) ? this.#bare(id) : this.#asTraced(id));
    const { targets, args, outputs } = update;
    this.#steps.push({
      ...update,
      targets: targets.map(form),
      args: args.map(form),
      outputs: outputs.map(({ id }) => this.#strip(id)),
    });
  }

  #operation(operation: Operation): void {
    const { name, inputs, outputs } = operation;
    const [input, output] = [inputs[0]!, outputs[0]!];
    if (name === 'Reshape' && canTake(this.#shape(input)) && canTake(output.shape)) {
      this.#current.set(output.id, this.#now(input));
    } else if (ELEMENTWISE.has(name) || (name === 'Softmax' && bareShape(output.shape).length > 0)) {
      const bare = inputs.map((id) => this.#bare(id));
      this.#steps.push({ ...operation, inputs: bare, outputs: [this.#strip(output.id)] });
    } else if (this.#gathersRows(operation)) {
      this.#steps.push(this.#gather(operation));
    } else {
      this.#steps.push({ ...operation, inputs: inputs.map((id) => this.#asTraced(id)) });
    }
  }

  /** Whether it gathers along the first axis of a table that can be reshaped. */
  #gathersRows({ name, inputs, attributes }: Operation): boolean {
    if (name !== 'GatherV2' || attributes['batch_dims']?.value !== 0) return false;
    return this.#zeros.has(inputs[2]!) && canTake(this.#shape(inputs[0]!));
  }

  /** Rows of a table by their numbers; where one row is wanted, the rows lose their leading ones. */
  #gather(operation: Operation): Operation {
    const [table, rows, axis] = operation.inputs as [number, number, number];
    const [count, ...row] = this.#shape(table);
    const isOne = bareShape(this.#shape(rows)).length === 0;
    const inputs = [this.#as(table, [count!, ...(isOne ? bareShape(row) : row)]), this.#bare(rows), axis];
    return { ...operation, inputs, outputs: [this.#strip(operation.outputs[0]!.id)] };
  }

  /** As it was traced. */
  #shape(id: number): Shape {
    return this.#values.get(id)!.shape;
  }

  #now(id: number): Value {
    return this.#current.get(id) ?? this.#values.get(id)!;
  }

  /** Declares that a value is made without leading ones. */
  #strip(id: number): Value {
    const traced = this.#values.get(id)!;
    const value = { ...traced, shape: bareShape(traced.shape) };
    this.#current.set(id, value);
    return value;
  }

  #bare(id: number): number {
    return this.#as(id, bareShape(this.#shape(id)));
  }

  #asTraced(id: number): number {
    return this.#as(id, this.#shape(id));
  }

  /** The same numbers in that shape, by a Reshape if need be. */
  #as(id: number, shape: Shape): number {
    const now = this.#now(id);
    if (isEqual(now.shape, shape)) return now.id;
    const attributes = { T: type(now.dtype), Tshape: type('int32') };
    const output = { id: this.#newId(), dtype: now.dtype, shape };
    const inputs = [now.id, this.#shapeConstant(shape).value.id];
    this.#steps.push({ kind: 'operation', name: 'Reshape', attributes, inputs, outputs: [output] });
    return output.id;
  }

  #shapeConstant(shape: Shape): Constant {
    const lengths = Int32Array.from(shape, (length) => length ?? -1);
    const key = lengths.join();
    let known = this.#shapes.get(key);
    if (!known) {
      known = {
        value: { id: this.#newId(), dtype: 'int32', shape: [shape.length] },
        bytes: new Uint8Array(lengths.buffer),
      };
      this.#shapes.set(key, known);
    }
    return known;
  }

  #newId(): number {
    this.#lastId += 1;
    return this.#lastId;
  }
}

/** Without leading axes of length 1; as it is where no Reshape could bring it back. */
function bareShape(shape: Shape): Shape {
  const first = shape.findIndex((length) => length !== 1);
  return canTake(shape) ? shape.slice(first < 0 ? shape.length : first) : shape;
}

function isBare(shape: Shape): boolean {
  return isEqual(shape, bareShape(shape));
}

/** Whether a Reshape can find the lengths that are open. */
function canTake(shape: Shape): boolean {
  const open = shape.filter((length) => length === null).length;
  return open === 0 || (open === 1 && !shape.includes(0));
}

function isEqual(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((length, axis) => length === b[axis]);
}

function isZero({ value: { dtype, shape }, bytes }: Constant): boolean {
  return dtype === 'int32' && shape.length === 0 && bytes.every((byte) => byte === 0);
}

/** All steps of a region and of those in it. */
function stepsOf(region: Region): readonly Step[] {
  return region.steps.flatMap((step) => [step, ...regionsOf(step).flatMap(stepsOf)]);
}
