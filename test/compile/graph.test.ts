/** What TensorFlow is given to run. */

import { expect, test } from 'vitest';
import { graphOf } from '../../workers/compile/graph.ts';
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
