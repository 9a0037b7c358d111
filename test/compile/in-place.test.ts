/** Ops that overwrite loop state in resource variables, and where they may not. */

import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import { formatProgram } from '../../workers/compile/format.ts';
import { inPlace, loop, type Tensors } from '../../workers/compile/index.ts';
import { compileHere, contents, int, useNative, type Fn } from './native.ts';
import { disguised } from './random-program.ts';

useNative();

/** a = momentum * a - rate * gradient; w += momentum * a - rate * gradient. */
function nesterov(state: Tensors, gradient: Tensor, { rate, momentum }: Tensors): Tensors {
  const [w, a] = inPlace(
    { name: 'ResourceApplyKerasMomentum', attributes: { use_nesterov: true } },
    [state['w']!, state['a']!],
    [rate!, gradient, momentum!],
    ([before, accumulator], [r, g, m]) => {
      const step = tf.mul(r!, g!);
      const moved = tf.sub(tf.mul(m!, accumulator!), step);
      return [tf.add(before!, tf.sub(tf.mul(m!, moved), step)), moved];
    },
  );
  return { w: w!, a: a! };
}

/** Powers of two: no product or sum of a few of them is rounded. */
const example = (): Tensors => ({
  w: tf.tensor1d([8, -4, 2, 16, 1]),
  a: tf.zeros([5]),
  rate: tf.scalar(0.5),
  momentum: tf.scalar(0.25),
  epochs: int(3),
  steps: int(2),
});

/** Compiles in place, compares with eager execution for several counts, and returns the program. */
function expectInPlace(fn: Fn, expected: { updates: number; variables: number }): string {
  const graph = compileHere(fn, example(), { inPlace: true });
  for (const [epochs, steps] of [
    [3, 2],
    [0, 2],
    [2, 0],
    [1, 1],
  ] as const) {
    const inputs = { ...example(), epochs: int(epochs), steps: int(steps) };
    expect(contents(graph.run(inputs))).toEqual(contents(fn(inputs)));
  }
  const text = formatProgram(graph.program);
  expect({
    updates: text.match(/ResourceApply\w+\(%\d+ in/g)?.length ?? 0,
    variables: new Set(text.match(/ in \w+\/\d+/g)).size,
  }).toEqual(expected);
  return text;
}

const state = ({ w, a }: Tensors): Tensors => ({ w: w!, a: a! });

describe('an update in place', () => {
  test('runs on variables in the innermost loop', () => {
    const text = expectInPlace((i) => loop(i['steps']!, state(i), (_, s) => nesterov(s, tf.sign(s['w']!), i)), {
      updates: 1,
      variables: 2,
    });
    expect(text).toContain('in w/1');
  });

  test('keeps its variables over all loops that only hand them through, with reads before and after', () => {
    const fn: Fn = (i) =>
      loop(
        i['epochs']!,
        { ...state(i), before: tf.scalar(0), after: tf.scalar(0), old: i['w']! },
        (_e, s) => {
          const before = tf.add(s['before']!, tf.sum(s['w']!));
          const inner = loop(i['steps']!, state(s), (_s, t) => nesterov(t, tf.sign(t['w']!), i));
          return { ...inner, before, after: tf.add(s['after']!, tf.sum(inner['w']!)), old: s['w']! };
        },
        { while: (s) => tf.less(tf.sum(s['w']!), tf.scalar(1000)) },
      );
    const text = expectInPlace(fn, { updates: 1, variables: 2 });
    expect(text.match(/w: %\d+ in w\/1/g)).toHaveLength(2);
  });

  test('begins anew in every round of a loop that changes its targets besides', () => {
    const fn: Fn = (i) =>
      loop(i['epochs']!, state(i), (_e, s) => {
        const inner = loop(i['steps']!, state(s), (_s, t) => nesterov(t, tf.sign(t['w']!), i));
        return { w: tf.where(tf.greater(inner['w']!, tf.scalar(3)), s['w']!, inner['w']!), a: inner['a']! };
      });
    expectInPlace(fn, { updates: 1, variables: 2 });
  });

  test('gives way to its expansion where a target is no state, or is changed further', () => {
    expectInPlace((i) => nesterov(i, tf.sign(i['w']!), i), { updates: 0, variables: 0 });
    expectInPlace(
      (i) =>
        loop(i['steps']!, state(i), (_, s) => {
          const next = nesterov(s, tf.sign(s['w']!), i);
          return { ...next, w: tf.neg(next['w']!) };
        }),
      { updates: 0, variables: 0 },
    );
  });

  test('copies a target that is no state, one made in the round or one from outside', () => {
    const fn: Fn = (i) =>
      loop(i['steps']!, { ...state(i), moved: tf.zerosLike(i['w']!), twice: i['a']! }, (_, s) => {
        const fromOutside = nesterov({ w: tf.neg(i['w']!), a: s['a']! }, tf.sign(s['w']!), i);
        const fromRound = nesterov({ w: tf.neg(s['w']!), a: s['twice']! }, tf.sign(s['w']!), i);
        const moved = tf.add(s['moved']!, tf.sub(fromOutside['w']!, fromRound['w']!));
        return { w: tf.add(s['w']!, i['rate']!), a: fromOutside['a']!, twice: fromRound['a']!, moved };
      });
    expectInPlace(fn, { updates: 2, variables: 4 });
    expectInPlace(
      (i) => loop(i['epochs']!, { ...state(i), moved: i['w']!, twice: i['a']! }, (_, s) => fn({ ...i, ...s })),
      {
        updates: 2,
        variables: 4,
      },
    );
  });

  test('may have no state for a target, where nothing else uses the value', () => {
    const descended = (value: Tensor, delta: Tensor, { rate }: Tensors): Tensor =>
      inPlace({ name: 'ResourceApplyGradientDescent' }, [value], [rate!, delta], ([before], [r, d]) => [
        tf.sub(before!, tf.mul(r!, d!)),
      ])[0]!;
    expectInPlace((i) => loop(i['steps']!, { w: i['w']! }, (_, { w }) => ({ w: descended(tf.abs(w!), w!, i) })), {
      updates: 1,
      variables: 1,
    });
    const shared: Fn = (i) =>
      loop(i['steps']!, { w: i['w']! }, (_, { w }) => {
        const value = tf.abs(w!);
        return { w: tf.add(descended(value, w!, i), value) };
      });
    expectInPlace(shared, { updates: 0, variables: 0 });
  });

  test('uses old and new values of its targets in the same round', () => {
    expectInPlace(
      (i) =>
        loop(i['steps']!, { ...state(i), moved: tf.zerosLike(i['w']!) }, (_, s) => {
          const next = nesterov(s, tf.sign(s['w']!), i);
          return { ...next, moved: tf.add(s['moved']!, tf.sub(next['w']!, s['w']!)) };
        }),
      { updates: 1, variables: 2 },
    );
  });

  describe('does not run in the iteration that does not take place, whatever Grappler finds of its arguments', () => {
    const zeros = ({ w }: Tensors): Tensor => tf.zerosLike(w!);
    test.each<[string, (outside: Tensors, round: Tensors, index: Tensor) => Tensor]>([
      ['a value from outside', (i) => i['w']!],
      ['a value from outside by ops that do nothing', (i) => disguised(i['w']!)],
      ['a value from outside and nothing of the round', (i, s) => tf.add(i['w']!, zeros(s))],
      ['a value of the round', (_i, s) => tf.sign(s['w']!)],
      ['the index alone', (_i, _s, index) => tf.tile(tf.reshape(tf.cast(index, 'float32'), [1]), [5])],
    ])('%s', (_, gradientOf) => {
      for (const below of [undefined, 30]) {
        const condition = below ? { while: ({ w }: Tensors) => tf.less(tf.sum(w!), tf.scalar(below)) } : {};
        const inner = (i: Tensors, s: Tensors): Tensors =>
          loop(i['steps']!, s, (step, t) => nesterov(t, gradientOf(i, t, step), i), condition);
        expectInPlace((i) => loop(i['epochs']!, state(i), (_e, s) => inner(i, s)), { updates: 1, variables: 2 });
      }
    });
  });

  test('is expanded unless it is asked for', () => {
    const fn: Fn = (i) => loop(i['steps']!, state(i), (_, s) => nesterov(s, tf.sign(s['w']!), i));
    expect(formatProgram(compileHere(fn, example()).program)).not.toContain('Resource');
  });
});

test('an op with other types writes rows into a buffer of any length, and leaves the input alone', () => {
  const op = { name: 'ResourceScatterUpdate', types: { dtype: 'float32', Tindices: 'int32' } } as const;
  const fn: Fn = (i) =>
    loop(i['steps']!, { rows: i['rows']!, value: i['value']! }, (at, s) => {
      const [rows] = inPlace(op, [s['rows']!], [at, s['value']!], ([before], [index, row]) => [
        tf.tensorScatterUpdate(before!, tf.reshape(index!, [1, 1]), tf.expandDims(row!, 0)),
      ]);
      return { rows: rows!, value: tf.add(s['value']!, i['value']!) };
    });
  const inputs = (length: number, steps: number): Tensors => ({
    rows: tf.fill([length, 2], -1),
    value: tf.tensor1d([1, 3]),
    steps: int(steps),
  });
  const graph = compileHere(fn, inputs(4, 3), { inPlace: true, dynamic: ['rows'] });
  expect(formatProgram(graph.program)).toMatch(/ResourceScatterUpdate\(%\d+ in rows\/1; /);
  for (const each of [inputs(4, 3), inputs(7, 7), inputs(2, 0)]) {
    const before = contents(each);
    expect(contents(graph.run(each))).toEqual(contents(fn(each)));
    expect(contents(each)).toEqual(before);
  }
});

test('Adam in place agrees with its expansion', () => {
  const fn: Fn = (i) =>
    loop(i['steps']!, { w: i['w']!, m: i['m']!, v: i['v']!, t: tf.scalar(0) }, (_, s) => {
      const t = tf.add(s['t']!, i['one']!);
      const powers = [tf.pow(i['beta1']!, t), tf.pow(i['beta2']!, t)];
      const [w, m, v] = inPlace(
        { name: 'ResourceApplyAdam' },
        [s['w']!, s['m']!, s['v']!],
        [...powers, i['rate']!, i['beta1']!, i['beta2']!, i['epsilon']!, tf.sub(s['w']!, i['goal']!)],
        ([w0, m0, v0], [power1, power2, rate, beta1, beta2, epsilon, g]) => {
          const one = i['one']!;
          const m1 = tf.add(m0!, tf.mul(tf.sub(g!, m0!), tf.sub(one, beta1!)));
          const v1 = tf.add(v0!, tf.mul(tf.sub(tf.mul(g!, g!), v0!), tf.sub(one, beta2!)));
          const step = tf.div(tf.mul(rate!, tf.sqrt(tf.sub(one, power2!))), tf.sub(one, power1!));
          return [tf.sub(w0!, tf.div(tf.mul(step, m1), tf.add(tf.sqrt(v1), epsilon!))), m1, v1];
        },
      );
      return { w: w!, m: m!, v: v!, t };
    });
  const inputs = {
    w: tf.randomNormal([4, 5], 0, 1, 'float32', 1),
    goal: tf.randomNormal([4, 5], 0, 1, 'float32', 2),
    m: tf.zeros([4, 5]),
    v: tf.zeros([4, 5]),
    steps: int(20),
    ...Object.fromEntries(
      Object.entries({ one: 1, beta1: 0.9, beta2: 0.999, rate: 0.1, epsilon: 1e-7 }).map(([name, value]) => [
        name,
        tf.scalar(value),
      ]),
    ),
  };
  const graph = compileHere(fn, inputs, { inPlace: true });
  expect(formatProgram(graph.program)).toMatch(/ResourceApplyAdam\(%\d+ in w\/1, %\d+ in m\/2, %\d+ in v\/3; /);
  const [inVariables, eager] = [graph.run(inputs), fn(inputs)];
  const gap = tf.max(tf.abs(tf.sub(inVariables['w']!, eager['w']!))).dataSync<'float32'>()[0]!;
  expect(gap).toBeLessThan(1e-5);
  expect(tf.max(tf.abs(tf.sub(eager['w']!, inputs.w))).dataSync<'float32'>()[0]!).toBeGreaterThan(0.5);
});
