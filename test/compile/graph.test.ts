/** What TensorFlow is given to run. */

import { describe, expect, test } from 'vitest';
import { graphOf } from '../../workers/compile/graph.ts';
import type { Step, Update } from '../../workers/compile/program.ts';
import { constant, loopOf, operation, program, value } from './passes/building.ts';

test('nothing constant runs in the iterations of a loop but the first index of a loop in it', () => {
  const index = (id: number): ReturnType<typeof value> => value(id, [], 'int32');
  const inner = loopOf({
    count: 5,
    initial: [11],
    parameters: [index(20), value(21)],
    steps: [operation('Mul', [21, 4], value(22))],
    results: [22],
    outputs: [value(23)],
  });
  const outer = loopOf({
    count: 3,
    initial: [1],
    parameters: [index(10), value(11)],
    steps: [inner, operation('Add', [23, 4], value(24))],
    results: [24],
    outputs: [value(30)],
  });
  const constants = [constant(value(4), [2, 3]), constant(index(5), [4])];
  const { nodes } = graphOf(program([outer, operation('Sub', [30, 4], value(31))], [31], constants));
  const waiting = nodes.filter(({ op, inputs }) => op === 'Const' && inputs.length > 0);
  expect(waiting.map(({ attributes }) => attributes['value'])).toEqual([
    { type: 'tensor', value: { value: { id: 0, dtype: 'int32', shape: [] }, bytes: new Uint8Array(4) } },
  ]);
});

describe('a handle goes through the Switch of its loop where nothing else keeps from running what writes the variable', () => {
  /** How often, in a loop over %10 and %11, of which the first lies in a variable unless the target is another. */
  const switched = (target: number, arg: number, steps: readonly Step[]): number => {
    const isCopied = target !== 10;
    const update: Update = {
      kind: 'update',
      name: 'ResourceApplyGradientDescent',
      attributes: {},
      targets: [target],
      variables: ['v'],
      copied: [isCopied],
      args: [4, arg],
      outputs: [value(20)],
    };
    const loop = loopOf({
      count: 3,
      initial: [1, 2],
      parameters: [value(9, [], 'int32'), value(10), value(11)],
      steps: [...steps, update],
      results: isCopied ? [10, 20] : [20, 11],
      outputs: [value(30), value(31)],
    });
    const constants = [
      constant(value(4), [2, 3]),
      constant(value(5, []), [1]),
      constant(value(6, [1, 2]), [1, 2]),
      constant(value(7, [1], 'int32'), [2]),
    ];
    const variables = [isCopied ? null : 'v', null];
    const { nodes } = graphOf(program([{ ...loop, variables }], [30, 31], constants));
    return nodes.filter(({ op, attributes }) => op === 'Switch' && attributes['T']?.value === 'resource').length;
  };

  test.each<[string, number, number, readonly Step[]]>([
    ['an entry of the state', 0, 11, []],
    ['the variable itself', 0, 10, []],
    ['an op of the index', 0, 12, [operation('Fill', [7, 9], value(12))]],
    ['an op of an entry and a number from outside', 0, 12, [operation('Mul', [11, 5], value(12))]],
    ['a value from outside', 1, 2, []],
    ['an op of values from outside', 1, 12, [operation('Mul', [2, 5], value(12))]],
    ['an op that may hand on a value from outside', 1, 12, [operation('Add', [11, 2], value(12))]],
    ['an op that may, but for a Reshape', 1, 12, [operation('Add', [11, 6], value(12))]],
  ])('the argument is %s: %i', (_, expected, arg, steps) => {
    expect(switched(10, arg, steps)).toBe(expected);
  });

  test.each([
    ['from outside', 1, 1],
    ['of the round', 0, 11],
  ])('the target is a copy of a value %s: %i', (_, expected, target) => {
    expect(switched(target, 10, [])).toBe(expected);
  });
});
