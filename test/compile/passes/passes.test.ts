/** Each pass does its own to a program, and no more. */

import { describe, expect, test } from 'vitest';
import { commonSubexpressions } from '../../../workers/compile/passes/common-subexpressions.ts';
import { deadCode } from '../../../workers/compile/passes/dead-code.ts';
import { equalConstants } from '../../../workers/compile/passes/equal-constants.ts';
import { hoistInvariants } from '../../../workers/compile/passes/hoist-invariants.ts';
import { invariantState } from '../../../workers/compile/passes/invariant-state.ts';
import { uselessOperations } from '../../../workers/compile/passes/useless-operations.ts';
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

test('useless operations go, and a Reshape of a Reshape is one', () => {
  const shape = constant(value(4, [1], 'int32'), [2]);
  const traced = program(
    [
      operation('Identity', [1], value(5)),
      operation('Cast', [5], value(6)),
      operation('Cast', [5], value(7, [2], 'int32')),
      operation('Reshape', [6, 4], value(8, [2])),
      operation('Reshape', [8, 4], value(9, [1, 2])),
      operation('Reshape', [9, 4], value(10, [2, 1])),
      operation('Reshape', [10, 4], value(11, [2])),
      operation('BroadcastTo', [1, 4], value(12, [2])),
      operation('BroadcastTo', [1, 4], value(13, [3, 2])),
    ],
    [7, 9, 10, 11, 12, 13],
    [shape],
  );
  expect(text(uselessOperations(traced)).slice(1)).toEqual([
    '%7 = Cast(%1) : int32[2]',
    '%9 = Reshape(%1, %4) : float32[1,2]',
    '%10 = Reshape(%1, %4) : float32[2,1]',
    '%13 = BroadcastTo(%1, %4) : float32[3,2]',
    'return {r0: %7, r1: %9, r2: %10, r3: %1, r4: %1, r5: %13}',
  ]);
});

test('a Reshape to a length that may differ stays', () => {
  const traced = program([operation('Reshape', [1, 3], value(5, [null]))], [5]);
  expect(uselessOperations(traced)).toEqual(traced);
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
