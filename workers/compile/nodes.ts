/** The nodes of a TensorFlow graph, as data. */

import type { Attribute, Constant, DataType, Value } from './program.ts';

export type NodeAttribute = Attribute | { readonly type: 'tensor'; readonly value: Constant };
export type NodeAttributes = Readonly<Record<string, NodeAttribute>>;

/** A node of a GraphDef. Inputs are `name`, `name:port`, or `^name` for an order without data. */
export interface Node {
  readonly name: string;
  readonly op: string;
  readonly inputs: readonly string[];
  readonly attributes: NodeAttributes;
}

export interface Graph {
  readonly nodes: readonly Node[];
  /** `name:port` of each input and output, in the order of the program's. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
}

export const bool = (value: boolean): Attribute => ({ type: 'bool', value });
export const int = (value: number): Attribute => ({ type: 'int', value });
export const string = (value: string): Attribute => ({ type: 'string', value });
export const type = (value: DataType): Attribute => ({ type: 'type', value });
export const shape = (lengths: Value['shape']): Attribute => ({
  type: 'shape',
  value: lengths.map((length) => length ?? -1),
});

/** A growing list of nodes. */
export class Nodes {
  readonly #list: Node[] = [];
  #counter = 0;

  get list(): readonly Node[] {
    return this.#list;
  }

  /**
   * Adds a node.
   * @param controls names of nodes that must have run before
   * @returns its name, which stands for its first output
   */
  add(
    op: string,
    inputs: readonly string[],
    attributes: NodeAttributes = {},
    controls: readonly string[] = [],
  ): string {
    const name = this.unique(op);
    this.addNamed(name, op, inputs, attributes, controls);
    return name;
  }

  /** Adds a node under a name that `unique` gave. */
  addNamed(
    name: string,
    op: string,
    inputs: readonly string[],
    attributes: NodeAttributes,
    controls: readonly string[] = [],
  ): void {
    const order = [...new Set(controls)].map((control) => `^${control}`);
    this.#list.push({ name, op, inputs: [...inputs, ...order], attributes });
  }

  unique(name: string): string {
    this.#counter += 1;
    // Ops of TensorFlow's own may begin with an underscore, nodes may not.
    return `${name.replace(/^_+/, '')}_${this.#counter}`;
  }
}
