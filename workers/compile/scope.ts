/** Where values of a program are found while its graph is written: in the program itself, or in the frame of a loop. */

import { bool, int, shape, string, type, type Nodes } from './nodes.ts';
import { valuesOf } from './passes/values.ts';
import type { Constant, TracedProgram, Value } from './program.ts';

/** The frame of a loop, which its condition and its body share. */
export interface Frame {
  readonly name: string;
  readonly outer: Scope;
  /** Nodes that bring in values from outside, the same in all iterations. */
  readonly invariants: Map<number, string>;
}

/** Where steps are written: the program itself, the body of a loop, or its condition. */
export interface Scope {
  readonly frame?: Frame;
  /** A node that runs once per iteration: what depends on nothing that changes waits for it. */
  readonly anchor?: string;
  /** In the body of a loop, its LoopCond node: whether the iteration takes place. */
  readonly takesPlace?: string;
  /** Values that are there only in iterations that take place, whatever Grappler does. */
  readonly changing: Set<number>;
  /** Node outputs by the values that they carry here. */
  readonly references: Map<number, string>;
  /** Values that lie in a variable and were not read yet, with the node after which they are there. */
  readonly unread: Map<number, { readonly variable: string; readonly after: readonly string[] }>;
  /** Of values that were read, the nodes that read them and those that use them: what overwrites one waits for these. */
  readonly uses: Map<number, string[]>;
  /** What must have run before the next iteration begins: all reads and updates of variables. */
  readonly order: string[];
}

export function scopeOf(place: Pick<Scope, 'frame' | 'anchor' | 'takesPlace'> = {}): Scope {
  return { ...place, changing: new Set(), references: new Map(), unread: new Map(), uses: new Map(), order: [] };
}

/** Iterations depend on each other: running ahead would cost memory and gain nothing. */
const PARALLEL_ITERATIONS = 1;

/** By this shared name TensorFlow makes a variable of its own for each run, and frees it with the run. */
const ANONYMOUS = 'cd2c89b7-88b7-44c8-ad83-06c2a9158347';

/** Ids of a program's values count up from 1. */
const ONE = integer(1);

function integer(number: number): Constant {
  return { value: { id: 0, dtype: 'int32', shape: [] }, bytes: new Uint8Array(Int32Array.of(number).buffer) };
}

export class References {
  readonly #nodes: Nodes;
  readonly #constants: ReadonlyMap<number, Constant>;
  readonly #values: Map<number, Value>;
  readonly #root: Scope;
  readonly #handles = new Map<string, { readonly handle: number; readonly value: Value }>();

  constructor(program: TracedProgram, nodes: Nodes, root: Scope) {
    this.#nodes = nodes;
    this.#root = root;
    this.#constants = new Map([ONE, ...program.constants].map((constant) => [constant.value.id, constant]));
    this.#values = valuesOf(program).set(ONE.value.id, ONE.value);
  }

  value(id: number): Value {
    return this.#values.get(id)!;
  }

  /** The node output that carries a value in a scope; brings it there from outside or from its variable. */
  of(id: number, scope: Scope): string {
    const known = scope.references.get(id) ?? scope.frame?.invariants.get(id);
    if (known) return known;
    const made = this.#here(id, scope);
    if (made) {
      scope.references.set(id, made);
      return made;
    }
    const { frame } = scope;
    if (!frame) throw new Error(`no step before gives the value %${id}`);
    const enter = this.enter(id, this.#outside(id, frame), frame, true);
    frame.invariants.set(id, enter);
    return enter;
  }

  /** Where a value is found outside of a frame. */
  #outside(id: number, { outer }: Frame): string {
    const constant = outer.frame ? undefined : this.#constants.get(id);
    return constant ? this.#sealed(constant) : this.of(id, outer);
  }

  /**
   * A constant on its way into a loop. Were it known for one, Grappler would make it anew in the loop, where it ran in
   * every iteration; what might be fed it leaves alone.
   */
  #sealed({ value }: Constant): string {
    const attributes = { dtype: type(value.dtype), shape: shape(value.shape) };
    return this.#nodes.add('PlaceholderWithDefault', [this.of(value.id, this.#root)], attributes);
  }

  /** A control for a node in a loop whose inputs are all invariant: or it would run once too often. */
  anchorFor(references: readonly string[], { frame, anchor }: Scope): readonly string[] {
    if (!frame || !anchor) return [];
    const invariants = new Set(frame.invariants.values());
    return references.every((reference) => invariants.has(reference)) ? [anchor] : [];
  }

  enter(id: number, reference: string, frame: Frame, isConstant: boolean): string {
    return this.#nodes.add('Enter', [reference], {
      ...this.#typed(id),
      frame_name: string(frame.name),
      is_constant: bool(isConstant),
      parallel_iterations: int(PARALLEL_ITERATIONS),
    });
  }

  /** The index of a loop's first iteration. */
  zero({ anchor }: Scope, controls: readonly string[]): string {
    return this.#constant(integer(0), [...(anchor ? [anchor] : []), ...controls]);
  }

  /** What an index grows by. */
  one(scope: Scope): string {
    return this.of(ONE.value.id, scope);
  }

  /** The handle of a variable, which is made where it is asked for first. */
  handle(variable: string, value: Value, scope: Scope): string {
    let known = this.#handles.get(variable);
    if (!known) {
      // Below all ids of values.
      known = { handle: -1 - this.#handles.size, value };
      this.#handles.set(variable, known);
      this.#values.set(known.handle, { id: known.handle, dtype: 'resource', shape: [] });
      const attributes = { dtype: type(value.dtype), shape: shape(value.shape), shared_name: string(ANONYMOUS) };
      this.#root.references.set(known.handle, this.#nodes.add('VarHandleOp', [], attributes));
    }
    return this.of(known.handle, scope);
  }

  /**
   * The handle for an op that writes its variable. In a body it comes through the loop's Switch, unless the op works on
   * changing values: nothing may be written in the iteration that does not take place, and Grappler may drop what an op
   * waits for, but not what it works on.
   * @param inputs what else the op works on
   */
  handleToWrite(variable: string, value: Value, scope: Scope, inputs: readonly number[]): string {
    const handle = this.handle(variable, value, scope);
    if (!scope.takesPlace || inputs.some((id) => scope.changing.has(id))) return handle;
    return `${this.#nodes.add('Switch', [handle, scope.takesPlace], { T: type('resource') })}:1`;
  }

  #here(id: number, scope: Scope): string | undefined {
    const constant = this.#constants.get(id);
    if (constant && !scope.frame) return this.#constant(constant);
    const unread = scope.unread.get(id);
    if (!unread) return undefined;
    const value = this.value(id);
    const handle = this.handle(unread.variable, value, scope);
    const read = this.#nodes.add('ReadVariableOp', [handle], { dtype: type(value.dtype) }, unread.after);
    scope.uses.set(id, [read]);
    scope.changing.add(id);
    scope.order.push(read);
    return read;
  }

  #constant(constant: Constant, controls: readonly string[] = []): string {
    const attributes = { dtype: type(constant.value.dtype), value: { type: 'tensor', value: constant } } as const;
    return this.#nodes.add('Const', [], attributes, controls);
  }

  #typed(id: number): { readonly T: ReturnType<typeof type> } {
    return { T: type(this.value(id).dtype) };
  }
}
