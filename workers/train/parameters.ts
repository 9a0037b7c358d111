/** The variables of a network as a stack stores them: one tensor each, or all in one. */

import * as tf from '@tensorflow/tfjs-core';
import type { Layout } from './layout.ts';
import { named, type Tensor, type Tensors } from './tensors.ts';

/** A trainable variable. Without the leading K: [inputs, units] for a kernel, [1, units] for a bias. */
export interface Variable {
  readonly name: string;
  readonly shape: readonly number[];
  /** Of a kernel: how many inputs an output has, and outputs an input. */
  readonly fans?: readonly [number, number];
}

export interface Stored {
  readonly name: string;
  /** Without the leading K. */
  readonly shape: readonly number[];
  /** The variables that it holds, in order. */
  readonly variables: readonly Variable[];
}

/** Two variables that lie one below the other in a flat tensor may also be read as one: a kernel and the bias below it. */
export const FOLDED = 'layers.0.folded';

export interface Parameters {
  readonly stored: readonly Stored[];
  /** By variable, from tensors by stored name (with `prefix` before it). Where a bias is folded, `FOLDED` is there, too. */
  unpack(tensors: Tensors, prefix?: string): Tensors;
  /** By stored name, from tensors by variable; `FOLDED` goes before the two that it holds. */
  pack(variables: Tensors): Tensors;
  /** Numbers per variable, [K, 1, 1], as they multiply the stored tensors; a stored tensor without any is left out. */
  spread(numbers: Tensors, slots: number): Tensors;
}

export function parametersOf(variables: readonly Variable[], layout: Layout, folded: boolean): Parameters {
  return layout === 'flat' ? flat(variables, folded) : apart(variables);
}

function apart(variables: readonly Variable[]): Parameters {
  return {
    stored: variables.map((variable) => ({ ...variable, variables: [variable] })),
    unpack: (tensors, prefix = '') =>
      Object.fromEntries(variables.map(({ name }) => [name, named(tensors, prefix + name)])),
    pack: (tensors) => Object.fromEntries(variables.map(({ name }) => [name, named(tensors, name)])),
    spread: (numbers) => numbers,
  };
}

const STORED = 'parameters';

function flat(variables: readonly Variable[], folded: boolean): Parameters {
  const sizes = variables.map(({ shape }) => shape.reduce((product, length) => product * length, 1));
  const total = sizes.reduce((sum, size) => sum + size, 0);
  // Kernel and bias of the first layer stand next to each other: read together they are one matrix.
  const [kernel, bias] = variables;
  const sections = folded ? [sizes[0]! + sizes[1]!, ...sizes.slice(2)] : sizes;
  const pack = (tensors: Tensors): Tensors => {
    const names = variables.map(({ name }) => name);
    if (tensors[FOLDED]) names.splice(0, 2, FOLDED);
    const rows = names.map((name) => {
      const tensor = named(tensors, name);
      return tf.reshape(tensor, [tensor.shape[0]!, 1, -1]);
    });
    return { [STORED]: rows.length === 1 ? rows[0]! : tf.concat(rows, 2) };
  };
  return {
    pack,
    stored: [{ name: STORED, shape: [1, total], variables }],
    unpack(tensors, prefix = '') {
      const stored = named(tensors, prefix + STORED);
      const slots = stored.shape[0]!;
      const pieces = sections.length === 1 ? [stored] : tf.split(stored, [...sections], 2);
      const unpacked: Record<string, Tensor> = {};
      if (folded) {
        const [inputs, units] = kernel!.shape as [number, number];
        const both = tf.reshape(pieces.shift()!, [slots, inputs + 1, units]);
        unpacked[FOLDED] = both;
        unpacked[kernel!.name] = tf.slice(both, [0, 0, 0], [slots, inputs, units]);
        unpacked[bias!.name] = tf.slice(both, [0, inputs, 0], [slots, 1, units]);
      }
      for (const { name, shape } of folded ? variables.slice(2) : variables) {
        unpacked[name] = tf.reshape(pieces.shift()!, [slots, ...shape]);
      }
      return unpacked;
    },
    spread(numbers, slots) {
      if (Object.keys(numbers).length === 0) return {};
      const wide = variables.map(({ name, shape }) => {
        const number = numbers[name];
        const all = [slots, ...shape];
        return [name, number ? tf.broadcastTo(number, all) : tf.zeros(all)] as const;
      });
      return pack(Object.fromEntries(wide));
    },
  };
}
