/** Writes a program as a TensorFlow graph: loops as frames of control-flow ops, updates on resource variables. */

import { int, Nodes, shape, type, type Graph } from './nodes.ts';
import { operandsOf, regionsOf } from './program.ts';
import type { Loop, Operation, Region, Step, TracedProgram, Update, Value } from './program.ts';
import { References, scopeOf, type Frame, type Scope } from './scope.ts';

export function graphOf(program: TracedProgram): Graph {
  const nodes = new Nodes();
  const root = scopeOf();
  const writer = new GraphWriter(nodes, new References(program, nodes, root));
  return writer.write(program.body, root);
}

/** An entry of a loop's state that goes round in the frame. */
interface Carried {
  readonly value: Value;
  /** What it is at first, outside of the frame. */
  readonly first: string;
  /** What the condition and the body know it by. */
  readonly parameters: readonly Value[];
  readonly next: number | undefined;
  readonly output: Value | undefined;
}

class GraphWriter {
  readonly #nodes: Nodes;
  readonly #references: References;

  constructor(nodes: Nodes, references: References) {
    this.#nodes = nodes;
    this.#references = references;
  }

  write({ parameters, steps, results }: Region, root: Scope): Graph {
    const inputs = parameters.map(({ id, dtype, shape: lengths }) => {
      const name = this.#nodes.add('Placeholder', [], { dtype: type(dtype), shape: shape(lengths) });
      root.references.set(id, name);
      return `${name}:0`;
    });
    this.#steps(steps, root);
    // What is fed cannot be fetched, hence the copies.
    const outputs = results.map((id) => {
      const { dtype } = this.#references.value(id);
      return `${this.#nodes.add('Identity', [this.#references.of(id, root)], { T: type(dtype) })}:0`;
    });
    return { nodes: this.#nodes.list, inputs, outputs };
  }

  #steps(steps: readonly Step[], scope: Scope): void {
    for (const step of steps) {
      if (step.kind === 'operation') this.#operation(step, scope);
      else if (step.kind === 'loop') this.#loop(step, scope);
      else if (step.kind === 'update') this.#update(step, scope);
      else throw new Error(`${step.name} must have been expanded, or turned into an update of variables`);
    }
  }

  #operation({ name, attributes, inputs, outputs }: Operation, scope: Scope): void {
    const references = inputs.map((id) => this.#references.of(id, scope));
    const node = this.#nodes.add(name, references, attributes, this.#references.anchorFor(references, scope));
    outputs.forEach(({ id }, port) => scope.references.set(id, port === 0 ? node : `${node}:${port}`));
  }

  /** Runs after everything that read its targets before. */
  #update({ name, attributes, targets, variables, args, outputs }: Update, scope: Scope): void {
    const handles = variables.map((variable, index) => this.#references.handle(variable, outputs[index]!, scope));
    const inputs = [...handles, ...args.map((id) => this.#references.of(id, scope))];
    const controls = [...this.#readsOf(targets, scope), ...(scope.anchor ? [scope.anchor] : [])];
    const node = this.#nodes.add(name, inputs, { T: type(outputs[0]!.dtype), ...attributes }, controls);
    scope.order.push(node);
    outputs.forEach(({ id }, index) => scope.unread.set(id, { variable: variables[index]!, after: [node] }));
  }

  #loop(loop: Loop, outer: Scope): void {
    const { body, condition, initial, outputs } = loop;
    const frame: Frame = { name: this.#nodes.unique('loop'), outer, invariants: new Map() };
    const assigned = this.#assign(loop, outer);
    const index: Carried = {
      value: body.parameters[0]!,
      first: this.#references.integer(0, outer, assigned),
      parameters: body.parameters.slice(0, 1),
      next: undefined,
      output: undefined,
    };
    const state = initial.flatMap((id, entry): Carried[] => {
      if (loop.variables?.[entry]) return [];
      const value = body.parameters[entry + 1]!;
      const parameters = [value, ...(condition ? [condition.parameters[entry]!] : [])];
      return [
        {
          value,
          first: this.#references.of(id, outer),
          parameters,
          next: body.results[entry]!,
          output: outputs[entry]!,
        },
      ];
    });
    const carried = [index, ...state];

    const nextNames = carried.map(() => this.#nodes.unique('NextIteration'));
    const merges = carried.map(({ value, first }, at) => {
      const enter = this.#references.enter(value.id, first, frame, false);
      return this.#nodes.add('Merge', [enter, nextNames[at]!], { T: type(value.dtype), N: int(2) });
    });
    const asking = scopeOf(frame, merges[0]!);
    carried.forEach(({ parameters }, at) => parameters.forEach(({ id }) => asking.references.set(id, merges[at]!)));
    if (condition) this.#hold(condition.parameters, loop, asking);
    const goesOn = this.#condition(loop, asking);

    const switches = carried.map(({ value }, at) =>
      this.#nodes.add('Switch', [merges[at]!, goesOn], { T: type(value.dtype) }),
    );
    const inside = this.#bodyScope(loop, frame, carried, switches);
    this.#steps(body.steps, inside);
    const next = state.map((entry) => this.#references.changing(entry.next!, inside));
    // All uses of variables are written now: the next iteration begins after them.
    const one = this.#references.integer(1, inside);
    const nextIndex = this.#nodes.add('AddV2', [inside.anchor!, one], { T: type('int32') }, inside.order);
    [nextIndex, ...next].forEach((reference, at) => {
      this.#nodes.addNamed(nextNames[at]!, 'NextIteration', [reference], { T: type(carried[at]!.value.dtype) });
    });

    state.forEach(({ value, output }, at) => {
      outer.references.set(output!.id, this.#nodes.add('Exit', [switches[at + 1]!], { T: type(value.dtype) }));
    });
    this.#exitVariables(loop, switches[0]!, outer);
  }

  /** The LoopCond node: index < count, and the loop's own condition. */
  #condition({ count, condition }: Loop, scope: Scope): string {
    const index = scope.anchor!;
    const less = this.#nodes.add('Less', [index, this.#references.of(count, scope)], { T: type('int32') });
    if (!condition) return this.#nodes.add('LoopCond', [less]);
    this.#steps(condition.steps, scope);
    const own = this.#references.of(condition.results[0]!, scope);
    return this.#nodes.add('LoopCond', [this.#nodes.add('LogicalAnd', [less, own])]);
  }

  #bodyScope(loop: Loop, frame: Frame, carried: readonly Carried[], switches: readonly string[]): Scope {
    // Grappler takes what it adds for an input into the wrong branch where that input is the Switch itself.
    const inputs = carried.map(({ value }, at) =>
      this.#nodes.add('Identity', [`${switches[at]}:1`], { T: type(value.dtype) }),
    );
    const scope = scopeOf(frame, inputs[0]!);
    carried.forEach(({ value }, at) => scope.references.set(value.id, inputs[at]!));
    const { parameters } = loop.body;
    this.#hold(parameters.slice(1), loop, scope);
    const read = readValues(loop);
    // Read before anything can be overwritten.
    for (const { id } of parameters) if (scope.unread.has(id) && read.has(id)) this.#references.of(id, scope);
    return scope;
  }

  /** Notes which parameters of a region lie in variables. */
  #hold(parameters: readonly Value[], { variables }: Loop, scope: Scope): void {
    parameters.forEach(({ id }, entry) => {
      const variable = variables?.[entry];
      if (variable) scope.unread.set(id, { variable, after: [scope.anchor!] });
    });
  }

  /** Gives a loop's variables their first values, where they do not have them already; returns what must run before. */
  #assign({ initial, variables, outputs }: Loop, outer: Scope): readonly string[] {
    return initial.flatMap((id, entry) => {
      const variable = variables?.[entry];
      if (!variable) return [];
      if (outer.unread.get(id)?.variable === variable) return this.#readsOf([id], outer);
      const handle = this.#references.handle(variable, outputs[entry]!, outer);
      const inputs = [handle, this.#references.of(id, outer)];
      const controls = outer.anchor ? [outer.anchor] : [];
      return [this.#nodes.add('AssignVariableOp', inputs, { dtype: type(outputs[entry]!.dtype) }, controls)];
    });
  }

  #exitVariables({ variables, outputs }: Loop, switchOfIndex: string, outer: Scope): void {
    if (!variables) return;
    const exit = this.#nodes.add('Exit', [switchOfIndex], { T: type('int32') });
    outer.order.push(exit);
    variables.forEach((variable, entry) => {
      if (variable) outer.unread.set(outputs[entry]!.id, { variable, after: [exit] });
    });
  }

  /** The nodes that read values out of their variables. */
  #readsOf(ids: readonly number[], scope: Scope): readonly string[] {
    return ids.flatMap((id) => scope.references.get(id) ?? []);
  }
}

/** The values that a loop's body needs themselves: not only as what an update or an inner loop finds in a variable. */
function readValues({ body, variables = [] }: Loop): ReadonlySet<number> {
  const read = new Set<number>();
  const operands = (step: Step): readonly number[] => {
    if (step.kind === 'update') return step.args;
    if (step.kind !== 'loop') return operandsOf(step);
    const found = step.variables?.map((variable) => variable !== null && variables.includes(variable));
    return [step.count, ...step.initial.filter((_, entry) => !found?.[entry])];
  };
  const visit = ({ steps, results }: Region): void => {
    results.forEach((id) => read.add(id));
    for (const step of steps) {
      operands(step).forEach((id) => read.add(id));
      regionsOf(step).forEach(visit);
    }
  };
  visit(body);
  return read;
}
