/** Searched parameters are known by what they turn, and a best value at the end of its range is seen. */

import { describe, expect, test } from 'vitest';
import { edgeOf, knobsOf } from '../../src/diagnosis/knobs.ts';

function keysOf(definition: unknown): Record<string, string[]> {
  return Object.fromEntries(knobsOf(definition).map(({ name, keys }) => [name, [...keys].sort()]));
}

describe('what a parameter turns', () => {
  test('is the key where it stands, whatever it is called', () => {
    const definition = {
      model: { hidden: { dropout: '$rate' }, layers: [{ units: '$width', repeat: '$n' }, { units: 1 }] },
      train: { optimizer: { name: '$how', learning_rate: { name: 'cosine_decay', initial_learning_rate: '$speed' } } },
      search: {
        rate: { values: [0, 0.2] },
        width: { values: [8, 16] },
        n: { values: [1, 2] },
        how: { values: ['sgd', 'adam'] },
        speed: { range: [0.001, 0.1], log: true },
      },
    };
    expect(keysOf(definition)).toEqual({
      rate: ['dropout'],
      width: ['units'],
      n: ['repeat'],
      how: ['optimizer'],
      speed: ['learning_rate'],
    });
  });

  test('is found through named choices and their keys', () => {
    const definition = {
      model: { layers: [{ units: '$shape.units', repeat: '$shape.depth' }, { units: 1 }] },
      train: { optimizer: '$optimizer' },
      search: {
        shape: { values: { wide: { units: '$nodes', depth: 1 }, deep: { units: 10, depth: '$depth' } } },
        nodes: { range: [1, 7], integer: true, step: 1 },
        depth: { values: [1, 2] },
        optimizer: { values: { sgd: { name: 'sgd', momentum: '$momentum' }, adam: 'adam' } },
        momentum: { values: [0, 0.9] },
      },
    };
    expect(keysOf(definition)).toEqual({
      shape: ['repeat', 'units'],
      nodes: ['units'],
      depth: ['repeat'],
      optimizer: ['optimizer'],
      momentum: ['momentum'],
    });
  });

  test.each([[null], [{}], [{ search: 3 }]])('%j has no knobs', (definition) => {
    expect(knobsOf(definition)).toEqual([]);
  });
});

describe('ends of what was searched', () => {
  const knob = (key: string, written: unknown) =>
    knobsOf({ model: { hidden: { [key]: '$x' } }, search: { x: written } })[0]!;

  test.each([
    ['equal steps', 'dropout', { values: [0, 0.2, 0.4] }, 0.4, 0.6],
    ['a share stays below 1', 'dropout', { values: [0, 0.4, 0.8] }, 0.8, 0.9],
    ['factors', 'units', { values: [16, 64] }, 64, 256],
    ['0 beside factors', 'l2', { values: [0, 0.0001, 0.001] }, 0.001, 0.01],
    ['a grid of a range', 'l2', { range: [1e-6, 0.1], log: true, points: 6 }, 0.1, 1],
    ['the low end', 'l2', { range: [1e-6, 0.1], log: true, points: 6 }, 1e-6, 1e-7],
    ['any number of a range', 'l2', { range: [0.001, 0.1], log: true }, 0.095, 1],
    ['any number of an even range', 'dropout', { range: [0.1, 0.3] }, 0.29, 0.4],
    ['whole numbers', 'repeat', { range: [2, 5], integer: true, step: 1 }, 2, 1],
  ])('%s', (_, key, written, best, beyond) => {
    expect(edgeOf(knob(key, written), { best: { x: best }, others: [] })).toMatchObject({
      value: best,
      beyond,
      doubt: 'none',
    });
  });

  test.each([
    ['inside', 'dropout', { values: [0, 0.2, 0.4] }, 0.2],
    ['off is where it ends', 'dropout', { values: [0, 0.2, 0.4] }, 0],
    ['one unit is the least', 'units', { values: [1, 2] }, 1],
    ['inside a range of any number', 'l2', { range: [1e-6, 0.1], log: true }, 1e-3],
    ['named choices have no end', 'activation', { values: ['relu', 'tanh'] }, 'tanh'],
    ['one value', 'units', { values: [8] }, 8],
    ['not reached', 'units', { values: [8, 16] }, null],
  ])('none: %s', (_, key, written, best) => {
    expect(edgeOf(knob(key, written), { best: { x: best }, others: [] })).toBeNull();
  });

  test('others that may be the best leave other values open', () => {
    const units = knob('units', { values: [8, 16] });
    const best = { x: 16 };
    expect(edgeOf(units, { best, others: [{ x: 16 }, {}] })).toMatchObject({ doubt: 'none' });
    expect(edgeOf(units, { best, others: [{ x: 8 }] })).toMatchObject({ doubt: 'others' });
    expect(edgeOf(units, { best, others: null })).toMatchObject({ doubt: 'chance' });
  });
});
