/** Writes a program as the nodes of a TensorFlow graph, with loops as frames of control-flow ops. */

import { regionsOf } from './program.ts';
import type { Attribute, Constant, DataType, Loop, Operation, Region, TracedProgram, Value } from './program.ts';

export type NodeAttribute = Attribute | { readonly type: 'tensor'; readonly value: Constant };

/** A node of a GraphDef. Inputs are `name`, `name:port`, or `^name` for an order without data. */
export interface Node {
  readonly name: string;
  readonly op: string;
  readonly inputs: readonly string[];
  readonly attributes: Readonly<Record<string, NodeAttribute>>;
}

export interface Graph {
  readonly nodes: readonly Node[];
  /** `name:port` of each input and output, in the order of the program's. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
}

/** Where steps are written: the program itself, the body of a loop, or its condition. */
interface Scope {
  /** Node outputs by the values that they carry here. */
  readonly references: Map<number, string>;
  readonly frame?: Frame;
  /** A node that runs once per iteration: what depends on nothing that changes waits for it. */
  readonly anchor?: string;
}

/** The frame of a loop. */
interface Frame {
  readonly name: string;
  readonly outer: Scope;
  /** Values from outside that are the same in all iterations. */
  readonly invariants: Map<number, string>;
}

export function graphOf(program: TracedProgram): Graph {
  return new GraphWriter(program).write();
}

class GraphWriter {
  readonly #program: TracedProgram;
  readonly #nodes: Node[] = [];
  readonly #constants: ReadonlyMap<number, Constant>;
  readonly #types: ReadonlyMap<number, DataType>;
  #counter = 0;

  constructor(program: TracedProgram) {
    this.#program = program;
    this.#constants = new Map(program.constants.map((constant) => [constant.value.id, constant]));
    this.#types = typesOf(program);
  }

  write(): Graph {
    const { parameters, steps, results } = this.#program.body;
    const scope: Scope = { references: new Map() };
    const inputs = parameters.map(({ id, dtype, shape }) => {
      const name = this.#node('Placeholder', [], {
        dtype: type(dtype),
        shape: { type: 'shape', value: shape.map((length) => length ?? -1) },
      });
      scope.references.set(id, name);
      return `${name}:0`;
    });
    this.#steps(steps, scope);
    // What is fed cannot be fetched, hence the copies.
    const outputs = results.map((id) => `${this.#identity(id, scope)}:0`);
    return { nodes: this.#nodes, inputs, outputs };
  }

  #steps(steps: Region['steps'], scope: Scope): void {
    for (const step of steps) {
      if (step.kind === 'operation') this.#operation(step, scope);
      else if (step.kind === 'loop') this.#loop(step, scope);
      else throw new Error(`${step.name} in place must be expanded or assigned to variables before`);
    }
  }

  #operation({ name, attributes, inputs, outputs }: Operation, scope: Scope): void {
    const references = inputs.map((id) => this.#reference(id, scope));
    const node = this.#node(name, [...references, ...this.#anchorOf(references, scope)], attributes);
    outputs.forEach(({ id }, port) => scope.references.set(id, port === 0 ? node : `${node}:${port}`));
  }

  #loop({ count, initial, condition, body, outputs }: Loop, outer: Scope): void {
    const frame: Frame = { name: this.#unique('loop'), outer, invariants: new Map() };
    const [indexType, ...stateTypes] = body.parameters.map(({ dtype }) => dtype);
    const types = [indexType!, ...stateTypes];
    const first = [this.#integer(0, outer), ...initial.map((id) => this.#reference(id, outer))];
    const nextNames = types.map(() => this.#unique('NextIteration'));
    const merges = first.map((reference, index) => {
      const enter = this.#enter(reference, types[index]!, frame, false);
      return this.#node('Merge', [enter, nextNames[index]!], { T: type(types[index]!), N: { type: 'int', value: 2 } });
    });

    const goesOn = this.#condition({ count, condition, frame, merges });
    const switches = merges.map((merge, index) => this.#node('Switch', [merge, goesOn], { T: type(types[index]!) }));
    const indexNode = this.#node('Identity', [`${switches[0]}:1`], { T: type('int32') });
    const inside: Scope = { references: new Map(), frame, anchor: indexNode };
    body.parameters.forEach(({ id }, index) => {
      inside.references.set(id, index === 0 ? indexNode : `${switches[index]}:1`);
    });
    this.#steps(body.steps, inside);

    const nextIndex = this.#node('AddV2', [indexNode, this.#integer(1, inside)], { T: type('int32') });
    const next = [nextIndex, ...body.results.map((id) => this.#changing(id, inside))];
    next.forEach((reference, index) => {
      this.#add({
        name: nextNames[index]!,
        op: 'NextIteration',
        inputs: [reference],
        attributes: { T: type(types[index]!) },
      });
    });
    outputs.forEach(({ id, dtype }, index) => {
      outer.references.set(id, this.#node('Exit', [switches[index + 1]!], { T: type(dtype) }));
    });
  }

  /** The LoopCond node: index < count, and the loop's own condition. */
  #condition(loop: { count: number; condition: Region | undefined; frame: Frame; merges: readonly string[] }): string {
    const { count, condition, frame, merges } = loop;
    const scope: Scope = { references: new Map(), frame, anchor: merges[0]! };
    const less = this.#node('Less', [merges[0]!, this.#reference(count, scope)], { T: type('int32') });
    if (!condition) return this.#node('LoopCond', [less], {});
    condition.parameters.forEach(({ id }, index) => scope.references.set(id, merges[index + 1]!));
    this.#steps(condition.steps, scope);
    const both = this.#node('LogicalAnd', [less, this.#reference(condition.results[0]!, scope)], {});
    return this.#node('LoopCond', [both], {});
  }

  /** The node output that carries a value in a scope; brings it there from outside. */
  #reference(id: number, scope: Scope): string {
    const known = scope.references.get(id) ?? scope.frame?.invariants.get(id);
    if (known) return known;
    const constant = this.#constants.get(id);
    if (constant) {
      const node = this.#constant(constant, scope);
      scope.references.set(id, node);
      return node;
    }
    const { frame } = scope;
    if (!frame) throw new Error(`no step before gives the value %${id}`);
    const enter = this.#enter(this.#reference(id, frame.outer), this.#types.get(id)!, frame, true);
    frame.invariants.set(id, enter);
    return enter;
  }

  /** Like `#reference`, but never something that is there in the iteration that does not take place. */
  #changing(id: number, scope: Scope): string {
    const reference = this.#reference(id, scope);
    return this.#anchorOf([reference], scope).length > 0 ? this.#identity(id, scope) : reference;
  }

  #identity(id: number, scope: Scope): string {
    const reference = this.#reference(id, scope);
    return this.#node('Identity', [reference, ...this.#anchorOf([reference], scope)], {
      T: type(this.#types.get(id)!),
    });
  }

  /** A control input for a node in a loop whose inputs are all invariant: or it would run once too often. */
  #anchorOf(references: readonly string[], { frame, anchor }: Scope): readonly string[] {
    if (!frame || !anchor) return [];
    const invariants = new Set(frame.invariants.values());
    return references.every((reference) => invariants.has(reference)) ? [`^${anchor}`] : [];
  }

  #constant(constant: Constant, { anchor }: Scope): string {
    return this.#node('Const', anchor ? [`^${anchor}`] : [], {
      dtype: type(constant.value.dtype),
      value: { type: 'tensor', value: constant },
    });
  }

  #integer(number: number, scope: Scope): string {
    const value: Value = { id: 0, dtype: 'int32', shape: [] };
    return this.#constant({ value, bytes: new Uint8Array(Int32Array.of(number).buffer) }, scope);
  }

  #enter(reference: string, dtype: DataType, frame: Frame, isConstant: boolean): string {
    return this.#node('Enter', [reference], {
      T: type(dtype),
      frame_name: { type: 'string', value: frame.name },
      is_constant: { type: 'bool', value: isConstant },
      parallel_iterations: { type: 'int', value: PARALLEL_ITERATIONS },
    });
  }

  #node(op: string, inputs: readonly string[], attributes: Node['attributes']): string {
    const name = this.#unique(op);
    this.#add({ name, op, inputs, attributes });
    return name;
  }

  #add({ inputs, ...node }: Node): void {
    // Control inputs come last.
    const isControl = (input: string): boolean => input.startsWith('^');
    const sorted = [...inputs.filter((input) => !isControl(input)), ...inputs.filter(isControl)];
    this.#nodes.push({ ...node, inputs: sorted });
  }

  #unique(name: string): string {
    this.#counter += 1;
    return `${name}_${this.#counter}`;
  }
}

/** Iterations depend on each other: running ahead would cost memory and gain nothing. */
const PARALLEL_ITERATIONS = 1;

function type(dtype: DataType): Attribute {
  return { type: 'type', value: dtype };
}

function typesOf(program: TracedProgram): ReadonlyMap<number, DataType> {
  const types = new Map<number, DataType>();
  const add = ({ id, dtype }: Value): unknown => types.set(id, dtype);
  const visit = ({ parameters, steps }: Region): void => {
    parameters.forEach(add);
    for (const step of steps) {
      step.outputs.forEach(add);
      regionsOf(step).forEach(visit);
    }
  };
  program.constants.forEach(({ value }) => add(value));
  visit(program.body);
  return types;
}
