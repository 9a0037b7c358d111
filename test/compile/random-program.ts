/** Random programs of vectors with nested loops, as data that fast-check can shrink, and their interpreter. */

import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { inPlace, loop, type Tensors } from '../../workers/compile/index.ts';
import { int, type Fn } from './native.ts';

/** Numbers stand for values known so far, modulo how many there are. */
export type Statement =
  | { readonly kind: 'op'; readonly op: string; readonly of: readonly [number, number] }
  /** Momentum in place: target, accumulator and gradient. */
  | { readonly kind: 'momentum'; readonly of: readonly [number, number, number] }
  | {
      readonly kind: 'loop';
      /** 0 and 1: an input of that index; 2: the counter of the loop around it. */
      readonly count: number;
      readonly initial: readonly number[];
      /** Next state: positions among the values known at the body's end; or what became of the entry itself. */
      readonly next: readonly (number | 'own')[];
      /** Goes on while the sum of the first entry is below this. */
      readonly below: number | undefined;
      readonly body: readonly Statement[];
    };

/** Vectors of this length: a body of eight numbers and a tail, which TensorFlow computes differently. */
const LENGTH = 11;

/** Inputs: vectors, two int32 counts, and scalars, which as constants would let TensorFlow rearrange arithmetic. */
export function inputsOf(seed: number, counts: readonly [number, number]): Tensors {
  const vector = (offset: number): Tensor => tf.floor(tf.randomUniform([LENGTH], -9, 9, 'float32', seed * 10 + offset));
  return {
    a: vector(1),
    b: vector(2),
    c: vector(3),
    n0: int(counts[0]),
    n1: int(counts[1]),
    modulus: tf.scalar(97),
    one: tf.scalar(1),
  };
}

const ANY: Readonly<Record<string, (x: Tensor, y: Tensor) => Tensor>> = {
  add: (x, y) => tf.add(x, y),
  sub: (x, y) => tf.sub(x, y),
  mul: (x, y) => tf.mul(x, y),
  max: (x, y) => tf.maximum(x, y),
  relu: (x) => tf.relu(x),
  choose: (x, y) => tf.where(tf.greater(x, y), y, x),
  sum: (x, y) => tf.add(tf.sum(y), x),
  product: (x, y) =>
    tf.reshape(
      tf.matMul(tf.reshape(x, [1, LENGTH]), tf.matMul(tf.reshape(y, [LENGTH, 1]), tf.reshape(y, [1, LENGTH]))),
      [LENGTH],
    ),
  reshaped: (x) => tf.reshape(tf.reshape(tf.reshape(x, [1, LENGTH]), [LENGTH, 1]), [LENGTH]),
  lifted: (x, y) => {
    const [high, low] = [tf.reshape(x, [1, 1, LENGTH]), tf.reshape(y, [1, LENGTH])];
    return tf.reshape(tf.maximum(tf.add(high, low), tf.reshape(tf.sub(low, high), [1, LENGTH])), [LENGTH]);
  },
  row: (x, y) => {
    const table = tf.reshape(tf.concat([x, y]), [2, 1, LENGTH]);
    return tf.reshape(tf.relu(tf.gather(table, tf.tensor1d([1], 'int32'))), [LENGTH]);
  },
  shifted: (x, y) => tf.sum(tf.add(tf.reshape(tf.concat([x, y]), [2, LENGTH]), y), 0),
  cast: (x) => tf.cast(tf.cast(x, 'float32'), 'float32'),
  tanh: (x) => tf.tanh(x),
  negated: (x) => tf.neg(x),
  whole: (x) => tf.slice(x, [0], [LENGTH]),
  power: (x) => tf.pow(x, tf.scalar(1)),
  disguised: (x) => disguised(x),
  zeros: (x) => tf.zerosLike(x),
  constant: () => tf.range(0, LENGTH),
};

/** Those that keep integers integers, so that no order of additions changes a bit. */
const EXACT = [
  'add',
  'sub',
  'max',
  'relu',
  'choose',
  'reshaped',
  'lifted',
  'row',
  'cast',
  'negated',
  'whole',
  'power',
  'disguised',
  'zeros',
  'constant',
];

/**
 * `x` again, by ops that Grappler needs two rounds to see through. They lie in their loop, since powers are partial;
 * and Grappler knows the length, which it does not know of an input.
 */
export function disguised(x: Tensor): Tensor {
  const known = tf.unstack(tf.reshape(x, [1, x.size]))[0]!;
  const one = tf.scalar(1);
  return tf.neg(tf.pow(tf.neg(tf.pow(known, one)), one));
}

export interface Shape {
  readonly exact: boolean;
  readonly depth: number;
}

export function statements({ exact, depth }: Shape): fc.Arbitrary<readonly Statement[]> {
  const index = fc.nat(30);
  const op: fc.Arbitrary<Statement> = fc.record({
    kind: fc.constant('op' as const),
    op: fc.constantFrom(...(exact ? EXACT : Object.keys(ANY))),
    of: fc.tuple(index, index),
  });
  const choices = [{ arbitrary: op, weight: 4 }];
  if (exact) choices.push({ arbitrary: momentum(index), weight: 3 });
  if (depth > 0) choices.push({ arbitrary: loopOf({ exact, depth: depth - 1 }, index), weight: 3 });
  return fc.array(fc.oneof(...choices), { minLength: 1, maxLength: 5 });
}

function momentum(index: fc.Arbitrary<number>): fc.Arbitrary<Statement> {
  // The first values of a body are the state of its loop.
  const state = fc.nat(2);
  return fc.record({ kind: fc.constant('momentum' as const), of: fc.tuple(state, state, index) });
}

function loopOf(inner: Shape, index: fc.Arbitrary<number>): fc.Arbitrary<Statement> {
  const next = fc.oneof(
    { arbitrary: index, weight: 1 },
    { arbitrary: fc.constant('own' as const), weight: inner.exact ? 4 : 1 },
  );
  return fc.integer({ min: 1, max: 4 }).chain((entries) =>
    fc.record({
      kind: fc.constant('loop' as const),
      count: fc.nat(2),
      initial: fc.array(fc.oneof(fc.nat(3), index), { minLength: entries, maxLength: entries }),
      next: fc.array(next, { minLength: entries, maxLength: entries }),
      below: fc.option(fc.integer({ min: -50, max: 200 }), { nil: undefined }),
      body: statements(inner),
    }),
  );
}

/** The function that the statements describe; returns the last values. */
export function functionOf(program: readonly Statement[]): Fn {
  return (inputs) => {
    const values = run(program, [inputs['a']!, inputs['b']!, inputs['c']!], {
      inputs,
      index: int(1),
      successors: new Map(),
    });
    return Object.fromEntries(values.slice(-4).map((value, index) => [`result${index}`, value]));
  };
}

interface Surroundings {
  readonly inputs: Tensors;
  /** The counter of the loop around. */
  readonly index: Tensor;
  /** What became of values by updates and loops that began with them. */
  readonly successors: Map<Tensor, Tensor>;
}

function run(program: readonly Statement[], known: readonly Tensor[], around: Surroundings): readonly Tensor[] {
  return program.reduce<readonly Tensor[]>(
    (values, statement) => [...values, ...results(statement, values, around)],
    known,
  );
}

function at(values: readonly Tensor[], index: number): Tensor {
  return values[index % values.length]!;
}

function results(statement: Statement, values: readonly Tensor[], around: Surroundings): readonly Tensor[] {
  switch (statement.kind) {
    case 'op':
      return [ANY[statement.op]!(at(values, statement.of[0]), at(values, statement.of[1]))];
    case 'momentum': {
      const { one, modulus } = around.inputs;
      const [target, accumulator, gradient] = statement.of.map((index) => at(values, index)) as [
        Tensor,
        Tensor,
        Tensor,
      ];
      const bounded = tf.mod(tf.add(gradient, target), modulus!);
      const targets = [target, accumulator];
      const updated = inPlace({ name: 'ResourceApplyKerasMomentum' }, targets, [one!, bounded, one!], expandMomentum);
      targets.forEach((before, index) => around.successors.set(before, updated[index]!));
      return updated;
    }
    case 'loop':
      return runLoop(statement, values, around);
  }
}

function runLoop(
  { count, initial, next, below, body }: Statement & { kind: 'loop' },
  values: readonly Tensor[],
  { inputs, index: outerIndex, successors }: Surroundings,
): readonly Tensor[] {
  const names = initial.map((_, entry) => `s${entry}`);
  const first = initial.map((index) => at(values, index));
  const state = Object.fromEntries(names.map((name, entry) => [name, first[entry]!]));
  const step = (index: Tensor, before: Tensors): Tensors => {
    const entries = names.map((name) => before[name]!);
    const own = new Map<Tensor, Tensor>();
    const known = run(body, [...entries, ...values], { inputs, index, successors: own });
    const chosen = next.map((choice, entry) =>
      choice === 'own' ? (own.get(entries[entry]!) ?? entries[entry]!) : at(known, choice),
    );
    return Object.fromEntries(names.map((name, entry) => [name, chosen[entry]!]));
  };
  const limit = [inputs['n0']!, inputs['n1']!, outerIndex][count]!;
  const condition = { while: ({ s0 }: Tensors) => tf.less(tf.sum(s0!), tf.scalar(below!)) };
  const last = loop(limit, state, step, below === undefined ? {} : condition);
  const results = names.map((name) => last[name]!);
  first.forEach((before, entry) => successors.set(before, results[entry]!));
  return results;
}

/** a = momentum * a - rate * gradient; w += a. */
function expandMomentum(
  [target, accumulator]: readonly Tensor[],
  [rate, gradient, momentumRate]: readonly Tensor[],
): readonly Tensor[] {
  const moved = tf.sub(tf.mul(accumulator!, momentumRate!), tf.mul(rate!, gradient!));
  return [tf.add(target!, moved), moved];
}
