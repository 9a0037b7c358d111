/** Levels of a parameter, in an order that makes sense. */

import { describe, expect, test } from 'vitest';
import { levelsOf } from '../../src/statistics/levels.ts';

const labels = (
  parameter: string,
  params: Parameters<typeof levelsOf>[1],
  written: readonly unknown[] = [],
): string[] => levelsOf(parameter, params, written, 'line').levels.map(({ label }) => label);

describe('levels', () => {
  test('numbers are in their order, whatever the order of the configs', () => {
    const { levels, levelOf } = levelsOf('l2', [{ l2: 0.01 }, { l2: 0 }, { l2: 0.00001 }, { l2: 0.01 }], [], 'line');
    expect(levels).toEqual([
      { label: '0', position: 0, value: 0 },
      { label: '1e-5', position: 0.00001, value: 0.00001 },
      { label: '0.01', position: 0.01, value: 0.01 },
    ]);
    expect(levelOf).toEqual([2, 0, 1, 2]);
  });

  test('texts are in the order of the definition', () => {
    const params = [{ optimizer: 'adam' }, { optimizer: 'sgd' }, { optimizer: 'nadam' }];
    expect(labels('optimizer', params, ['sgd', 'nadam', 'adam'])).toEqual(['sgd', 'nadam', 'adam']);
    // `include` may name others.
    expect(labels('optimizer', params, ['sgd'])).toEqual(['sgd', 'adam', 'nadam']);
  });

  test('configs that do not reach the parameter are a level without a value, behind all others', () => {
    const { levels, levelOf } = levelsOf('momentum', [{}, { momentum: 0.9 }, { momentum: 0 }], [], 'line');
    expect(levels.map(({ label, position }) => [label, position])).toEqual([
      ['0', 0],
      ['0.9', 0.9],
      ['none', null],
    ]);
    expect(levelOf).toEqual([2, 1, 0]);
  });

  test('more numbers than fit are ranges that hold about equally many configs', () => {
    const params = Array.from({ length: 1000 }, (_, index) => ({
      rate: 10 ** (-5 + (5 * ((index * 37) % 1000)) / 999),
    }));
    const { levels, levelOf } = levelsOf('rate', params, [], 'line');
    expect(levels).toHaveLength(10);
    expect(levels[0]).toMatchObject({ label: '1e-5..3.1e-5', value: undefined });
    expect(levels.at(-1)?.label).toBe('0.32..1');
    const counts = levels.map((_, level) => levelOf.filter((each) => each === level).length);
    expect(counts).toEqual(Array(10).fill(100));
    const positions = levels.map(({ position }) => position ?? NaN);
    expect(positions).toEqual(positions.toSorted((a, b) => a - b));
    expect(levelsOf('rate', params, [], 'grid').levels).toHaveLength(6);
  });

  test('a number that most configs share is a range of its own', () => {
    const params = [...Array(80).fill({ l2: 0 }), ...Array.from({ length: 20 }, (_, index) => ({ l2: index + 1 }))];
    const { levels, levelOf } = levelsOf('l2', params, [], 'line');
    expect(levels[0]?.label).toBe('0');
    expect(levelOf.filter((level) => level === 0)).toHaveLength(80);
    expect(levels.slice(1, 3).map(({ label }) => label)).toEqual(['1..3', '4..6']);
    expect(levels).toHaveLength(10);
  });
});
