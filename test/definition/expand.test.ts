/** From a space to its configs: order, reachability, conditions, points named by hand, samples. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { definition, paramsOf, soundly } from './reading.ts';

const optimizers = {
  train: '{ loss: binary_crossentropy, optimizer: $optimizer, batch_size: $batch, epochs: 10 }',
  search:
    '{ batch: { values: [8, full] }, optimizer: { values: { sgd: { name: sgd, momentum: $momentum }, adam: adam } }, momentum: { values: [0, 0.9] } }',
};

describe('a grid', () => {
  test('without a search has one config', () => {
    expect(paramsOf(definition())).toEqual([{}]);
  });

  test('goes in the order of the definition, the last parameter fastest, and leaves out what is not reached', () => {
    expect(paramsOf(definition(optimizers))).toEqual([
      { batch: 8, optimizer: 'sgd', momentum: 0 },
      { batch: 8, optimizer: 'sgd', momentum: 0.9 },
      { batch: 8, optimizer: 'adam' },
      { batch: 'full', optimizer: 'sgd', momentum: 0 },
      { batch: 'full', optimizer: 'sgd', momentum: 0.9 },
      { batch: 'full', optimizer: 'adam' },
    ]);
  });

  test('has as many configs as the product of its values', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 5 }), (units, batches) => {
        const values = (count: number): string =>
          JSON.stringify(Array.from({ length: count }, (_, index) => index + 1));
        const text = definition({
          model: '{ layers: [{ units: $units }, { units: 1, activation: sigmoid }] }',
          train: '{ loss: binary_crossentropy, optimizer: adam, batch_size: $batch, epochs: 10 }',
          search: `{ units: { values: ${values(units)} }, batch: { values: ${values(batches)} } }`,
        });
        expect(new Set(paramsOf(text).map((params) => JSON.stringify(params))).size).toBe(units * batches);
      }),
      { numRuns: 25 },
    );
  });

  test('does not count what stands in a layer that repeat: 0 removes', () => {
    const text = definition({
      model: '{ layers: [{ units: $width, repeat: $depth }, { units: 1, activation: sigmoid }] }',
      search: '{ width: { values: [4, 8] }, depth: { values: [0, 1, 2] } }',
    });
    expect(paramsOf(text)).toEqual([
      { depth: 0 },
      { width: 4, depth: 1 },
      { width: 4, depth: 2 },
      { width: 8, depth: 1 },
      { width: 8, depth: 2 },
    ]);
    expect(soundly(text).sections.map(({ model }) => ('layers' in model ? model.layers.length : 0))).toEqual([
      1, 2, 3, 2, 3,
    ]);
  });

  test('does not count what hidden says where no layer is there to hear it', () => {
    const text = definition({
      model: '{ hidden: $style, layers: [{ units: 4, repeat: $depth }, { units: 1, activation: sigmoid }] }',
      search:
        '{ depth: { values: [0, 1] }, style: { values: { plain: { activation: relu }, penalised: { l2: $l2 } } }, l2: { values: [0, 0.1] } }',
    });
    expect(paramsOf(text)).toEqual([
      { depth: 0 },
      { depth: 1, style: 'plain' },
      { depth: 1, style: 'penalised', l2: 0 },
      { depth: 1, style: 'penalised', l2: 0.1 },
    ]);
  });

  test('drops the key of a parameter whose condition does not hold, so that its default holds', () => {
    const { expansion, sections } = soundly(
      definition({
        ...optimizers,
        search:
          '{ optimizer: { values: { a: { name: sgd, momentum: 0.5 }, b: adam } }, batch: { values: [8, 16], when: { optimizer: a } } }',
      }),
    );
    expect(expansion.configs.map(({ point }) => Object.fromEntries(point))).toEqual([
      { optimizer: 'a', batch: 8 },
      { optimizer: 'a', batch: 16 },
      { optimizer: 'b' },
    ]);
    expect(sections.map(({ train }) => train.batch_size)).toEqual([8, 16, 32]);
  });

  test('may let a parameter depend on a later one', () => {
    const text = definition({
      ...optimizers,
      search:
        '{ momentum: { values: [0, 0.9] }, batch: { values: [8] }, optimizer: { values: { sgd: { name: sgd, momentum: $momentum }, adam: adam } } }',
    });
    expect(paramsOf(text)).toEqual([
      { batch: 8, optimizer: 'adam' },
      { momentum: 0, batch: 8, optimizer: 'sgd' },
      { momentum: 0.9, batch: 8, optimizer: 'sgd' },
    ]);
  });
});

describe('points named by hand', () => {
  test('include comes first, and its configs do not come again', () => {
    const text = definition({
      ...optimizers,
      include: '[{ batch: 64, optimizer: adam }, { batch: full, optimizer: adam }]',
    });
    const params = paramsOf(text);
    expect(params.slice(0, 2)).toEqual([
      { batch: 64, optimizer: 'adam' },
      { batch: 'full', optimizer: 'adam' },
    ]);
    expect(params).toHaveLength(7);
  });

  test('exclude takes away what it matches and keeps the baseline', () => {
    const text = definition({
      ...optimizers,
      exclude: '[{ optimizer: sgd, momentum: [0, 0.9] }, { batch: 8 }]',
      baseline: '{ batch: 8, optimizer: adam }',
    });
    expect(paramsOf(text)).toEqual([
      { batch: 'full', optimizer: 'adam' },
      { batch: 8, optimizer: 'adam' },
    ]);
    expect(soundly(text).expansion.baseline).toBe(1);
  });

  test('a baseline or an included point has decimal values too, on a grid and beside it', () => {
    const text = definition({
      model: '{ layers: [{ units: 8, l2: $l2 }, { units: 1, activation: sigmoid }] }',
      search: '{ l2: { values: [0.1, 0.30000000000000004] } }',
      include: '[{ l2: 0.6000000000000001 }]',
      baseline: '{ l2: 0.3 }',
    });
    expect(paramsOf(text)).toEqual([{ l2: 0.6 }, { l2: 0.1 }, { l2: 0.3 }]);
  });

  test('a list is include alone', () => {
    const text = definition({
      ...optimizers,
      method: 'list',
      include: '[{ batch: 8, optimizer: sgd, momentum: 0.3 }]',
    });
    expect(paramsOf(text)).toEqual([{ batch: 8, optimizer: 'sgd', momentum: 0.3 }]);
  });
});

describe.each(['random', 'sobol'])('%s', (name) => {
  const wide = {
    model: '{ hidden: { l2: $l2 }, layers: [{ units: $units }, { units: 1, activation: sigmoid }] }',
    search: '{ l2: { range: [1e-6, 0.1], log: true }, units: { range: [4, 64], integer: true } }',
    method: `{ name: ${name}, configs: 40 }`,
  };

  test('gives as many different configs as were asked for, the same every time', () => {
    const params = paramsOf(definition(wide));
    expect(new Set(params.map((point) => JSON.stringify(point))).size).toBe(40);
    expect(paramsOf(definition(wide))).toEqual(params);
  });

  test('gives others with another seed, and the first of many with fewer', () => {
    const params = paramsOf(definition(wide));
    expect(paramsOf(definition({ ...wide, seed: '2' }))).not.toEqual(params);
    expect(paramsOf(definition({ ...wide, method: `{ name: ${name}, configs: 10 }` }))).toEqual(params.slice(0, 10));
  });

  test('draws from more whole numbers than can be listed', () => {
    const params = paramsOf(
      definition({
        train: '{ loss: binary_crossentropy, optimizer: adam, batch_size: $batch, epochs: 10 }',
        search: '{ batch: { range: [1, 4000000000], integer: true } }',
        method: '{ name: random, configs: 3 }',
      }),
    );
    expect(params).toHaveLength(3);
  });

  test('may miss a parameter by chance, though a condition on a range lets it exist', () => {
    const text = definition({
      model: '{ layers: [{ units: 8, l2: $l2, dropout: $dropout }, { units: 1, activation: sigmoid }] }',
      search: '{ l2: { range: [0, 1] }, dropout: { range: [0.1, 0.5], when: { l2: 0.5 } } }',
      method: '{ name: sobol, configs: 3 }',
    });
    expect(paramsOf(text).map((params) => Object.keys(params))).toEqual([['l2'], ['l2'], ['l2']]);
  });

  test('uses a small space up and stops', () => {
    const text = definition({ ...optimizers, method: `{ name: ${name}, configs: 100 }` });
    expect(paramsOf(text)).toHaveLength(6);
  });
});
