/** What keeps a definition from going on with a stored sweep, as users read it. */

import { describe, expect, test } from 'vitest';
import { parseText } from '../../src/definition/parse.ts';
import { readDefinition } from '../../src/definition/read.ts';
import { resolveSweep } from '../../src/definition/resolve-sweep.ts';
import type { FoundFile } from '../../src/definition/resolve.ts';
import type { AnySweep } from '../../src/definition/resolved.ts';
import { sweepDifferences } from '../../src/definition/sweep-differences.ts';
import { definition, mistakesIn } from './reading.ts';

function found(path: string, sha256: string): ReadonlyMap<string, FoundFile> {
  return new Map([
    ['./a.mjs', { path, sha256 }],
    ['./a.csv', { path, sha256 }],
  ]);
}

function sweepOf(text: string, files: ReadonlyMap<string, FoundFile> = new Map()): AnySweep {
  const reading = readDefinition(parseText(text, 'a.yaml').value);
  if (!reading.ok) throw new Error(mistakesIn(text).join('\n'));
  return resolveSweep(reading.read, files);
}

const MODEL = '{ layers: [{ units: 8, activation: relu, dropout: $dropout }, { units: 1, activation: sigmoid }] }';
const TRAIN = '{ loss: binary_crossentropy, optimizer: adam, batch_size: $size, epochs: 10 }';

function searched(sections: Readonly<Record<string, string>> = {}): string {
  const search = '{ dropout: { values: [0, 0.2] }, size: { values: [16, 32] } }';
  return definition({ model: MODEL, train: TRAIN, search, replicates: '3', ...sections });
}

function changed(sections: Readonly<Record<string, string>>): string[] {
  return sweepDifferences(sweepOf(searched()), sweepOf(searched(sections)));
}

describe('goes on', () => {
  test.each<[string, Record<string, string>]>([
    ['the same', {}],
    ['more values', { search: '{ dropout: { values: [0, 0.1, 0.2] }, size: { values: [64, 16, 32] } }' }],
    ['the parameters in another order', { search: '{ size: { values: [16, 32] }, dropout: { values: [0, 0.2] } }' }],
    ['a baseline beside the space', { baseline: '{ dropout: 0.7, size: 16 }' }],
    ['more configs by hand', { include: '[{ dropout: 0.9, size: 16 }]' }],
    ['more replicates', { replicates: '{ count: 5, vary: [training] }' }],
    ['limits', { limits: '{ timeout: 1h }' }],
    ['the error that cannot be avoided', { optimal_error: '0.1' }],
    [
      'fewer values, but the others by hand',
      {
        search: '{ dropout: { values: [0] }, size: { values: [16, 32] } }',
        include: '[{ dropout: 0.2, size: 16 }, { dropout: 0.2, size: 32 }]',
      },
    ],
  ])('%s', (_, sections) => {
    expect(changed(sections)).toEqual([]);
  });

  test.each(['random', 'sobol'])('a longer sample of %s', (name) => {
    const sample = (configs: number) =>
      sweepOf(
        searched({
          search: '{ dropout: { range: [0, 0.5] }, size: { values: [16, 32] } }',
          method: `{ name: ${name}, configs: ${configs} }`,
        }),
      );
    expect(sweepDifferences(sample(8), sample(20))).toEqual([]);
    expect(sweepDifferences(sample(20), sample(8))).toHaveLength(12);
  });

  test('without an exclusion', () => {
    const before = sweepOf(searched({ exclude: '[{ dropout: 0.2, size: 16 }]' }));
    expect(sweepDifferences(before, sweepOf(searched()))).toEqual([]);
    expect(sweepDifferences(sweepOf(searched()), before)).toEqual([
      'config 2 (dropout 0.2, size 16) is no longer there',
    ]);
  });
});

describe('does not go on', () => {
  test.each<[string, Record<string, string>, string[]]>([
    [
      'fewer values',
      { search: '{ dropout: { values: [0.2] }, size: { values: [16, 32] } }' },
      ['config 0 (dropout 0, size 16) is no longer there', 'config 1 (dropout 0, size 32) is no longer there'],
    ],
    ['fewer replicates', { replicates: '2' }, ['replicates 3 -> 2, fewer than there are']],
    ['another seed', { seed: '2' }, ['seed 1 -> 2']],
    ['other training in all configs', { train: TRAIN.replace('10', '20') }, ['every config: train.epochs 10 -> 20']],
    [
      'another model in all configs',
      { model: MODEL.replace('units: 8', 'units: 9') },
      ['every config: model.layers.0.units 8 -> 9'],
    ],
    [
      'another objective',
      { objective: 'test_loss' },
      ['objective.metric "test_accuracy" -> "test_loss"', 'objective.goal "maximize" -> "minimize"'],
    ],
    ['another metric', { metrics: '[auc]' }, ['metrics [] -> ["auc"]']],
    ['another record', { record: '{ epochs: all }' }, ['record.epochs "auto" -> "all"']],
    ['other variation', { replicates: '{ count: 3, vary: [split] }' }, ['replicates.vary.0 "training" -> "split"']],
    [
      'another parameter',
      {
        search: '{ dropout: { values: [0, 0.2] }, rate: { values: [0.1] } }',
        train: '{ loss: binary_crossentropy, optimizer: { name: adam, learning_rate: $rate }, epochs: 10 }',
      },
      ['search.size was searched, and is no longer', 'search.rate was not searched, and is now'],
    ],
  ])('with %s', (_, sections, differences) => {
    expect(changed(sections)).toEqual(differences);
  });

  test('with a choice that means something else: only the configs that have it are named', () => {
    const choices = (units: number) =>
      sweepOf(
        definition({
          search: `{ net: { values: { small: 8, large: ${units} } } }`,
          model: '{ layers: [{ units: $net, activation: relu }, { units: 1, activation: sigmoid }] }',
        }),
      );
    expect(sweepDifferences(choices(64), choices(128))).toEqual([
      'config 1 (net large): model.layers.0.units 64 -> 128',
    ]);
  });
});

describe('a file', () => {
  const OWN = 'name: own\ntrial: { module: ./a.mjs }\nobjective: { metric: depth, goal: maximize }\n';
  const own = (path: string, sha256: string) => sweepOf(OWN, found(path, sha256));
  const before = own('/old/trial.mjs', '0123456789abcdef');

  test('may have been moved', () => {
    expect(sweepDifferences(before, own('/new/trial.mjs', '0123456789abcdef'))).toEqual([]);
  });

  test('must not have changed', () => {
    expect(sweepDifferences(before, own('/old/trial.mjs', 'fedcba9876543210'))).toEqual([
      '/old/trial.mjs has changed: its SHA-256 was 0123456789ab..., and is fedcba987654...',
    ]);
  });

  test('must not be another one', () => {
    expect(sweepDifferences(before, own('/old/other.mjs', 'fedcba9876543210'))).toEqual([
      'trial.module "/old/trial.mjs" -> "/old/other.mjs"',
    ]);
  });

  test('is named once for all configs', () => {
    const data = (sha256: string) =>
      sweepOf(
        searched({ data: '{ file: ./a.csv, target: y, split: { train: 0.5, test: rest } }' }),
        found('/data.csv', sha256),
      );
    expect(sweepDifferences(data('a'.repeat(64)), data('b'.repeat(64)))).toEqual([
      '/data.csv has changed: its SHA-256 was aaaaaaaaaaaa..., and is bbbbbbbbbbbb...',
    ]);
  });
});
