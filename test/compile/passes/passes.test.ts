/** Each pass does its own to a program, and no more. */

import { describe, expect, test } from 'vitest';
import { commonSubexpressions } from '../../../workers/compile/passes/common-subexpressions.ts';
import { deadCode } from '../../../workers/compile/passes/dead-code.ts';
import { equalConstants } from '../../../workers/compile/passes/equal-constants.ts';
import { hoistInvariants } from '../../../workers/compile/passes/hoist-invariants.ts';
import { invariantState } from '../../../workers/compile/passes/invariant-state.ts';
import { fewerReshapes } from '../../../workers/compile/passes/reshapes.ts';
import { rowAdditions } from '../../../workers/compile/passes/row-additions.ts';
import { uselessOperations } from '../../../workers/compile/passes/useless-operations.ts';
import type { Update } from '../../../workers/compile/program.ts';
import { constant, loopOf, operation, program, text, value } from './building.ts';

const index = (id: number): ReturnType<typeof value> => value(id, [], 'int32');

test('equal constants become one, and unused ones none', () => {
  const constants = [
    constant(value(4), [1, 2]),
    constant(value(5), [1, 2]),
    constant(value(6, [2, 1]), [1, 2]),
    constant(value(7), [3, 4]),
    constant(value(8), [0, 0]),
    constant(value(9), [-0, 0]),
  ];
  const traced = program(
    [operation('Add', [4, 5], value(10)), operation('Mul', [8, 9], value(11))],
    [10, 11, 6],
    constants,
  );
  expect(text(equalConstants(traced))).toEqual([
    '%4 = constant [1, 2] : float32[2]',
    '%6 = constant [1, 2] : float32[2,1]',
    '%8 = constant [0, 0] : float32[2]',
    '%9 = constant [0, 0] : float32[2]',
    '%10 = Add(%4, %4) : float32[2]',
    '%11 = Mul(%8, %9) : float32[2]',
    'return {r0: %10, r1: %11, r2: %6}',
  ]);
});

describe('common subexpressions', () => {
  test('are computed once, in inner regions too, but not handed out of them', () => {
    const body = [
      operation('Neg', [1], value(12)),
      operation('Mul', [11, 12], value(13)),
      operation('Abs', [1], value(14)),
    ];
    const traced = program(
      [
        operation('Neg', [1], value(4)),
        operation('Neg', [1], value(5)),
        operation('Add', [4, 5], value(6)),
        loopOf({
          count: 3,
          initial: [6],
          parameters: [index(10), value(11)],
          steps: body,
          results: [13],
          outputs: [value(15)],
        }),
        operation('Abs', [1], value(16)),
      ],
      [15, 16],
    );
    expect(text(commonSubexpressions(traced))).toEqual([
      '%4 = Neg(%1) : float32[2]',
      '%6 = Add(%4, %4) : float32[2]',
      '%15 = loop(%3; a: %6) : float32[2]',
      '  do',
      '    (%10: int32[], %11: float32[2])',
      '    %13 = Mul(%11, %4) : float32[2]',
      '    %14 = Abs(%1) : float32[2]',
      '    return %13',
      '%16 = Abs(%1) : float32[2]',
      'return {r0: %15, r1: %16}',
    ]);
  });

  test('have equal attributes, in any order', () => {
    const product = (id: number, attributes: Readonly<Record<string, boolean>>): ReturnType<typeof operation> => ({
      ...operation('MatMul', [1, 2], value(id)),
      attributes: Object.fromEntries(
        Object.entries(attributes).map(([name, on]) => [name, { type: 'bool', value: on }]),
      ),
    });
    const traced = program(
      [product(4, { a: true, b: false }), product(5, { b: false, a: true }), product(6, { a: true, b: true })],
      [4, 5, 6],
    );
    expect(text(commonSubexpressions(traced)).at(-1)).toBe('return {r0: %4, r1: %4, r2: %6}');
  });
});

test('useless operations go', () => {
  const shape = constant(value(4, [1], 'int32'), [2]);
  const traced = program(
    [
      operation('Identity', [1], value(5)),
      operation('Cast', [5], value(6)),
      operation('Cast', [5], value(7, [2], 'int32')),
      operation('BroadcastTo', [6, 4], value(12, [2])),
      operation('BroadcastTo', [1, 4], value(13, [3, 2])),
    ],
    [7, 12, 13],
    [shape],
  );
  expect(text(uselessOperations(traced)).slice(1)).toEqual([
    '%7 = Cast(%1) : int32[2]',
    '%13 = BroadcastTo(%1, %4) : float32[3,2]',
    'return {r0: %7, r1: %1, r2: %13}',
  ]);
});

describe('reshapes', () => {
  const reshape = (input: number, output: ReturnType<typeof value>): ReturnType<typeof operation> =>
    operation('Reshape', [input, 4], output);
  const shape = constant(value(4, [3], 'int32'), [0, 0, 0]);
  const isStep = (line: string): boolean => !line.includes('constant');

  test('of reshapes are one, or none where the shape is the same in the end', () => {
    const traced = program(
      [
        reshape(1, value(8, [2])),
        reshape(8, value(9, [1, 2])),
        reshape(9, value(10, [2, 1])),
        reshape(10, value(11, [2])),
      ],
      [9, 10, 11],
      [shape],
    );
    expect(text(fewerReshapes(traced)).filter(isStep)).toEqual([
      '%12 = Reshape(%1, %13) : float32[1,2]',
      '%14 = Reshape(%1, %15) : float32[2,1]',
      'return {r0: %12, r1: %14, r2: %1}',
    ]);
  });

  test('between products and what works element by element go, and state loses its leading ones', () => {
    const loop = loopOf({
      count: 3,
      initial: [10, 11],
      parameters: [index(20), value(21, [1, 3, 2]), value(22, [1, 1, 2])],
      steps: [
        reshape(21, value(23, [3, 2])),
        operation('MatMul', [23, 23], value(24, [3, 2])),
        reshape(24, value(25, [1, 3, 2])),
        operation('Add', [25, 22], value(26, [1, 3, 2])),
        operation('Mul', [26, 12], value(27, [1, 3, 2])),
        operation('Sum', [22], value(28, [1, 1, 2])),
      ],
      results: [27, 28],
      outputs: [value(30, [1, 3, 2]), value(31, [1, 1, 2])],
    });
    const traced = program(
      [
        operation('Const', [], value(10, [1, 3, 2])),
        reshape(1, value(11, [1, 1, 2])),
        operation('Const', [], value(12, [1, 1, 1])),
        loop,
      ],
      [30, 31],
      [shape],
    );
    expect(text(fewerReshapes(traced)).filter(isStep)).toEqual([
      '%10 = Const() : float32[1,3,2]',
      '%12 = Const() : float32[1,1,1]',
      '%32 = Reshape(%10, %33) : float32[3,2]',
      '%30, %31 = loop(%3; a: %32, b: %1) : float32[3,2], float32[2]',
      '  do',
      '    (%20: int32[], %21: float32[3,2], %22: float32[2])',
      '    %24 = MatMul(%21, %21) : float32[3,2]',
      '    %26 = Add(%24, %22) : float32[3,2]',
      '    %34 = Reshape(%12, %35) : float32[]',
      '    %27 = Mul(%26, %34) : float32[3,2]',
      '    %36 = Reshape(%22, %37) : float32[1,1,2]',
      '    %28 = Sum(%36) : float32[1,1,2]',
      '    %38 = Reshape(%28, %39) : float32[2]',
      '    return %27, %38',
      '%40 = Reshape(%30, %41) : float32[1,3,2]',
      '%42 = Reshape(%31, %37) : float32[1,1,2]',
      'return {r0: %40, r1: %42}',
    ]);
  });

  test('of gathered rows go: a table of which one row is wanted loses axes, one of which many are does not', () => {
    const first = constant(value(5, [], 'int32'), [0]);
    const gather = (table: number, rows: number, output: ReturnType<typeof value>): ReturnType<typeof operation> => ({
      ...operation('GatherV2', [table, rows, 5], output),
      attributes: { batch_dims: { type: 'int', value: 0 } },
    });
    const traced = program(
      [
        operation('Const', [], value(10, [null, 1, 1])),
        operation('Const', [], value(11, [1, 3], 'int32')),
        gather(10, 3, value(12, [1, 1])),
        gather(10, 11, value(13, [1, 3, 1, 1])),
        operation('Add', [12, 13], value(14, [1, 3, 1, 1])),
      ],
      [14],
      [first],
    );
    const lines = text(fewerReshapes(traced));
    expect(lines.filter(isStep)).toEqual([
      '%10 = Const() : float32[?,1,1]',
      '%11 = Const() : int32[1,3]',
      '%15 = Reshape(%10, %16) : float32[?]',
      '%12 = GatherV2(%15, %3, %5) {batch_dims: 0} : float32[]',
      '%17 = Reshape(%11, %18) : int32[3]',
      '%13 = GatherV2(%10, %17, %5) {batch_dims: 0} : float32[3,1,1]',
      '%14 = Add(%12, %13) : float32[3,1,1]',
      '%19 = Reshape(%14, %20) : float32[1,3,1,1]',
      'return {r0: %19}',
    ]);
    expect(lines).toContain('%16 = constant [-1] : int32[1]');
  });

  test('stay where two lengths are open, and where an update may not work element by element', () => {
    const open = program(
      [reshape(1, value(5, [1, null, null])), operation('Neg', [5], value(6, [1, null, null]))],
      [6],
      [shape],
    );
    expect(fewerReshapes(open)).toEqual(open);
    const update: Update = {
      kind: 'update',
      name: 'ResourceScatterUpdate',
      attributes: {},
      targets: [5],
      variables: ['v'],
      copied: [false],
      args: [2],
      outputs: [value(6, [1, 2])],
    };
    const updating = program([operation('Const', [], value(5, [1, 2])), update, reshape(6, value(7))], [7], [shape]);
    expect(fewerReshapes(updating)).toBe(updating);
  });

  test('are made for what is written into a target that keeps its shape', () => {
    const update: Update = {
      kind: 'update',
      name: 'ResourceScatterUpdate',
      attributes: {},
      targets: [10],
      variables: ['v'],
      copied: [false],
      args: [3, 12],
      outputs: [value(13, [null, 1, 2])],
    };
    const traced = program(
      [
        operation('Const', [], value(10, [null, 1, 2])),
        operation('Const', [], value(11, [1, 2])),
        operation('Neg', [11], value(12, [1, 2])),
        update,
      ],
      [13],
      [shape],
    );
    expect(text(fewerReshapes(traced)).filter(isStep)).toEqual([
      '%10 = Const() : float32[?,1,2]',
      '%11 = Const() : float32[1,2]',
      '%14 = Reshape(%11, %15) : float32[2]',
      '%12 = Neg(%14) : float32[2]',
      '%16 = Reshape(%12, %17) : float32[1,2]',
      '%13 = ResourceScatterUpdate(%10 in v; %3, %16) : float32[?,1,2]',
      'return {r0: %13}',
    ]);
  });
});

test('what is the same in every iteration leaves the loops, all of them, unless it could fail', () => {
  const inner = loopOf({
    count: 3,
    initial: [11],
    parameters: [index(20), value(21)],
    steps: [
      operation('Neg', [1], value(22)),
      operation('Abs', [22], value(23)),
      operation('Mul', [11, 23], value(24)),
      operation('GatherV2', [1], value(25)),
      operation('Add', [21, 24], value(26)),
      operation('Add', [26, 25], value(27)),
    ],
    results: [27],
    outputs: [value(28)],
  });
  const traced = program(
    [
      loopOf({
        count: 3,
        initial: [2],
        parameters: [index(10), value(11)],
        steps: [inner],
        results: [28],
        outputs: [value(30)],
      }),
    ],
    [30],
  );
  expect(text(hoistInvariants(traced))).toEqual([
    '%22 = Neg(%1) : float32[2]',
    '%23 = Abs(%22) : float32[2]',
    '%30 = loop(%3; a: %2) : float32[2]',
    '  do',
    '    (%10: int32[], %11: float32[2])',
    '    %24 = Mul(%11, %23) : float32[2]',
    '    %28 = loop(%3; a: %11) : float32[2]',
    '      do',
    '        (%20: int32[], %21: float32[2])',
    '        %25 = GatherV2(%1) : float32[2]',
    '        %26 = Add(%21, %24) : float32[2]',
    '        %27 = Add(%26, %25) : float32[2]',
    '        return %27',
    '    return %28',
    'return {r0: %30}',
  ]);
});

test('state that no loop changes is none', () => {
  const inner = loopOf({
    count: 3,
    initial: [11, 12],
    parameters: [index(20), value(21), value(22)],
    steps: [operation('Mul', [21, 22], value(23))],
    results: [23, 22],
    outputs: [value(24), value(25)],
  });
  const traced = program(
    [
      loopOf({
        count: 3,
        initial: [1, 2],
        parameters: [index(10), value(11), value(12)],
        steps: [inner],
        results: [24, 25],
        outputs: [value(30), value(31)],
        condition: {
          parameters: [value(40), value(41)],
          steps: [operation('Less', [40, 41], value(42, [], 'bool'))],
          results: [42],
        },
      }),
    ],
    [30, 31],
  );
  expect(text(invariantState(traced))).toEqual([
    '%30 = loop(%3; a: %1) : float32[2]',
    '  while',
    '    (%40: float32[2])',
    '    %42 = Less(%40, %2) : bool[]',
    '    return %42',
    '  do',
    '    (%10: int32[], %11: float32[2])',
    '    %24 = loop(%3; a: %11) : float32[2]',
    '      do',
    '        (%20: int32[], %21: float32[2])',
    '        %23 = Mul(%21, %2) : float32[2]',
    '        return %23',
    '    return %24',
    'return {r0: %30, r1: %2}',
  ]);
});

describe('a row is added to a matrix by BiasAdd', () => {
  const added = (matrix: ReturnType<typeof operation>, row: ReturnType<typeof value>, swapped = false): string => {
    const [{ id, shape, dtype }] = matrix.outputs as [ReturnType<typeof value>];
    const sum = operation('Add', swapped ? [row.id, id] : [id, row.id], value(20, shape, dtype));
    return text(rowAdditions(program([matrix, operation('Const', [], row), sum], [20]))).at(-2)!;
  };
  const matrix = operation('Const', [], value(10, [3, 4]));

  test.each([
    ['behind it', matrix, false],
    ['in front of it', matrix, true],
    ['behind several axes, of which one is open', operation('Const', [], value(10, [2, null, 4])), false],
  ])('%s', (_, to, swapped) => {
    expect(added(to, value(11, [4]), swapped)).toMatch(/^%20 = BiasAdd\(%10, %11\) \{data_format: NHWC\}/);
  });

  test.each([
    ['a column', matrix, value(11, [3, 1])],
    ['a number', matrix, value(11, [1])],
    ['another matrix', matrix, value(11, [3, 4])],
    ['a row of a row', operation('Const', [], value(10, [4])), value(11, [4])],
    ['a row of open length', operation('Const', [], value(10, [3, null])), value(11, [null])],
    ['integers', operation('Const', [], value(10, [3, 4], 'int32')), value(11, [4], 'int32')],
    [
      'a row of what Grappler would make one op with it',
      operation('MatMul', [1, 2], value(10, [3, 4])),
      value(11, [4]),
    ],
  ])('but not %s', (_, to, row) => {
    expect(added(to, row)).toContain('%20 = Add(%10, %11)');
  });
});

test('dead are steps and entries of state that only serve themselves, not those that others need', () => {
  const loop = loopOf({
    count: 3,
    initial: [1, 2, 1, 2],
    parameters: [index(10), value(11), value(12), value(13), value(14)],
    steps: [
      operation('Add', [11, 12], value(15)),
      operation('Neg', [12], value(16)),
      operation('Abs', [13], value(17)),
      operation('Exp', [14], value(18)),
      operation('Sqrt', [11], value(19)),
    ],
    results: [15, 16, 17, 18],
    outputs: [value(20), value(21), value(22), value(23)],
    condition: {
      parameters: [value(40), value(41), value(42), value(43)],
      steps: [operation('Any', [43], value(44, [], 'bool'))],
      results: [44],
    },
  });
  const traced = program([operation('Neg', [1], value(4)), loop, operation('Neg', [22], value(5))], [20]);
  expect(text(deadCode(traced))).toEqual([
    '%20, %21, %23 = loop(%3; a: %1, b: %2, d: %2) : float32[2], float32[2], float32[2]',
    '  while',
    '    (%40: float32[2], %41: float32[2], %43: float32[2])',
    '    %44 = Any(%43) : bool[]',
    '    return %44',
    '  do',
    '    (%10: int32[], %11: float32[2], %12: float32[2], %14: float32[2])',
    '    %15 = Add(%11, %12) : float32[2]',
    '    %16 = Neg(%12) : float32[2]',
    '    %18 = Exp(%14) : float32[2]',
    '    return %15, %16, %18',
    'return {r0: %20}',
  ]);
});
