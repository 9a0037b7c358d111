/** Writes a program as a TensorFlow graph: loops as frames of control-flow ops, updates on resource variables. */

import { int, Nodes, shape, type, type Graph } from './nodes.ts';
import { copiedTargets, operandsOf, regionsOf } from './program.ts';
import type { Loop, Operation, Region, Step, TracedProgram, Update, Value } from './program.ts';
import { References, scopeOf, type Frame, type Scope } from './scope.ts';

export function graphOf(program: TracedProgram): Graph {
  const nodes = new Nodes();
  const root = scopeOf();
  const writer = new GraphWriter(nodes, new References(program, nodes, root));
  return writer.write(program.body, root);
}

/** What goes round in a loop's frame: the index, or an entry of the state that lies in no variable. */
interface Carried {
  readonly value: Value;
  /** What it is at first, outside of the frame. */
  readonly first: string;
  /** Its number in the state. */
  readonly entry: number | 'index';
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

  #operation(operation: Operation, scope: Scope): void {
    const { name, attributes, inputs, outputs } = operation;
    const references = inputs.map((id) => this.#references.of(id, scope));
    const node = this.#nodes.add(name, references, attributes, this.#references.anchorFor(references, scope));
    this.#noteUses(inputs, node, scope);
    const changes = this.#changes(operation, scope);
    outputs.forEach(({ id }, port) => {
      scope.references.set(id, port === 0 ? node : `${node}:${port}`);
      if (changes) scope.changing.add(id);
    });
  }

  /**
   * Whether an operation's outputs are there only where its changing inputs are. Grappler may put an input in the place of
   * the output, such as y in that of y + 0: then those that could stand there must all be changing.
   */
  #changes({ inputs, outputs }: Operation, { changing }: Scope): boolean {
    const unchanging = inputs.filter((id) => !changing.has(id)).map((id) => this.#references.value(id));
    const stands = unchanging.some((input) => outputs.some((output) => isLike(input, output)));
    return unchanging.length < inputs.length && !stands;
  }

  /** Runs after everything that uses its targets as they were: TensorFlow would copy them for what is still to come. */
  #update(update: Update, scope: Scope): void {
    const { name, attributes, targets, variables, args, outputs } = update;
    const handles = variables.map((variable, index) =>
      // One that keeps the op from running is enough.
      index === 0
        ? this.#references.handleToWrite(variable, outputs[index]!, scope, args)
        : this.#references.handle(variable, outputs[index]!, scope),
    );
    const before = [...this.#usesOf(targets, scope), ...this.#copies(update, scope)];
    const inputs = [...handles, ...args.map((id) => this.#references.of(id, scope))];
    const node = this.#nodes.add(name, inputs, attributes, before);
    this.#noteUses(args, node, scope);
    scope.order.push(node);
    outputs.forEach(({ id }, index) => scope.unread.set(id, { variable: variables[index]!, after: [node] }));
  }

  /** The nodes that put into their variables what lies in none; what reads these runs in the iteration before. */
  #copies({ targets, variables, copied, outputs }: Update, scope: Scope): readonly string[] {
    return targets.flatMap((target, index) => {
      if (!copied[index]) return [];
      const value = this.#references.of(target, scope);
      const inputs = [this.#references.handleToWrite(variables[index]!, outputs[index]!, scope, [target]), value];
      return [this.#nodes.add('AssignVariableOp', inputs, { dtype: type(outputs[index]!.dtype) })];
    });
  }

  #loop(loop: Loop, outer: Scope): void {
    const frame: Frame = { name: this.#nodes.unique('loop'), outer, invariants: new Map() };
    const carried = this.#carried(loop, outer);
    const nextNames = carried.map(() => this.#nodes.unique('NextIteration'));
    const merges = carried.map(({ value, first }, at) => {
      const enter = this.#references.enter(value.id, first, frame, false);
      return this.#nodes.add('Merge', [enter, nextNames[at]!], { T: type(value.dtype), N: int(2) });
    });
    const takesPlace = this.#condition(loop, frame, carried, merges);
    const switches = carried.map(({ value }, at) =>
      this.#nodes.add('Switch', [merges[at]!, takesPlace], { T: type(value.dtype) }),
    );
    const body = this.#bodyScope(loop, carried, switches, { frame, takesPlace });
    this.#body(loop, carried, body).forEach((next, at) => {
      const attributes = { T: type(carried[at]!.value.dtype) };
      // A value that Grappler finds to come from outside would otherwise begin iterations for ever.
      this.#nodes.addNamed(nextNames[at]!, 'NextIteration', [next], attributes, [body.anchor!]);
    });
    this.#exit(loop, carried, switches, outer);
  }

  #carried(loop: Loop, outer: Scope): readonly Carried[] {
    const [index, ...state] = loop.body.parameters;
    // The loop begins when its variables have their first values.
    const zero = this.#references.zero(outer, this.#assign(loop, outer));
    const entries = state.flatMap((value, entry): Carried[] =>
      loop.variables?.[entry] ? [] : [{ value, first: this.#references.of(loop.initial[entry]!, outer), entry }],
    );
    return [{ value: index!, first: zero, entry: 'index' }, ...entries];
  }

  /** The LoopCond node: index < count, and the loop's own condition. */
  #condition(loop: Loop, frame: Frame, carried: readonly Carried[], merges: readonly string[]): string {
    const { count, condition } = loop;
    const index = merges[0]!;
    const scope = scopeOf({ frame, anchor: index });
    const less = this.#nodes.add('Less', [index, this.#references.of(count, scope)], { T: type('int32') });
    if (!condition) return this.#nodes.add('LoopCond', [less]);
    carried.forEach(({ entry }, at) => {
      if (entry !== 'index') scope.references.set(condition.parameters[entry]!.id, merges[at]!);
    });
    this.#hold(condition.parameters, loop, scope);
    this.#steps(condition.steps, scope);
    const own = this.#references.of(condition.results[0]!, scope);
    return this.#nodes.add('LoopCond', [this.#nodes.add('LogicalAnd', [less, own])]);
  }

  /** Returns what the next iteration begins with, in the order of `carried`. */
  #body({ body: { steps, results } }: Loop, carried: readonly Carried[], scope: Scope): readonly string[] {
    this.#steps(steps, scope);
    const state = carried.flatMap(({ entry }) =>
      entry === 'index' ? [] : [this.#references.of(results[entry]!, scope)],
    );
    // All uses of variables are written now: the next iteration begins after them.
    const one = this.#references.one(scope);
    return [this.#nodes.add('AddV2', [scope.anchor!, one], { T: type('int32') }, scope.order), ...state];
  }

  #bodyScope(
    loop: Loop,
    carried: readonly Carried[],
    switches: readonly string[],
    place: Pick<Scope, 'frame' | 'takesPlace'>,
  ): Scope {
    // Grappler puts what it adds for an input into the wrong branch where that input is the Switch itself.
    const inputs = carried.map(({ value }, at) =>
      this.#nodes.add('Identity', [`${switches[at]}:1`], { T: type(value.dtype) }),
    );
    const scope = scopeOf({ ...place, anchor: inputs[0]! });
    carried.forEach(({ value: { id } }, at) => {
      scope.references.set(id, inputs[at]!);
      scope.changing.add(id);
    });
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
      if (outer.unread.get(id)?.variable === variable) return this.#usesOf([id], outer);
      const handle = this.#references.handleToWrite(variable, outputs[entry]!, outer, [id]);
      const inputs = [handle, this.#references.of(id, outer)];
      const controls = outer.anchor ? [outer.anchor] : [];
      return [this.#nodes.add('AssignVariableOp', inputs, { dtype: type(outputs[entry]!.dtype) }, controls)];
    });
  }

  #exit({ variables, outputs }: Loop, carried: readonly Carried[], switches: readonly string[], outer: Scope): void {
    carried.forEach(({ value, entry }, at) => {
      if (entry === 'index' && !variables) return;
      const exit = this.#nodes.add('Exit', [switches[at]!], { T: type(value.dtype) });
      if (entry !== 'index') outer.references.set(outputs[entry]!.id, exit);
      else this.#leaveVariables(outputs, variables!, exit, outer);
    });
  }

  /** Notes that a loop's results lie in variables once its index has left it. */
  #leaveVariables(outputs: readonly Value[], variables: readonly (string | null)[], exit: string, outer: Scope): void {
    outer.order.push(exit);
    outputs.forEach(({ id }, entry) => {
      const variable = variables[entry];
      if (variable) outer.unread.set(id, { variable, after: [exit] });
    });
  }

  #noteUses(ids: readonly number[], node: string, { uses }: Scope): void {
    for (const id of ids) uses.get(id)?.push(node);
  }

  /** The nodes that read values out of their variables, and those that use them. */
  #usesOf(ids: readonly number[], { uses }: Scope): readonly string[] {
    return ids.flatMap((id) => uses.get(id) ?? []);
  }
}

/** The values that a loop's body needs themselves: not only as what an update or an inner loop finds in a variable. */
function readValues({ body, variables = [] }: Loop): ReadonlySet<number> {
  const read = new Set<number>();
  const operands = (step: Step): readonly number[] => {
    if (step.kind === 'update') return [...step.args, ...copiedTargets(step)];
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

/** Whether a Reshape at most lies between the types of two values. */
function isLike(a: Value, b: Value): boolean {
  const [from, to] = [a, b].map(({ shape: lengths }) => lengths.filter((length) => length !== 1).join());
  return a.dtype === b.dtype && from === to;
}
