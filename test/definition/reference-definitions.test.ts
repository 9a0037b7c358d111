/** The ten definitions that the format was made for: how many configs each has, and what of each cannot be run yet. */

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { formatPath, isMap } from '../../src/definition/mistake.ts';
import { parseText } from '../../src/definition/parse.ts';
import { expandDefinition, readDefinition } from '../../src/definition/read.ts';

const folder = new URL('../reference/definitions/', import.meta.url);

function read(file: string): Readonly<Record<string, unknown>> {
  const path = fileURLToPath(new URL(file, folder));
  const { value } = parseText(readFileSync(path, 'utf8'), path);
  if (!isMap(value)) throw new Error(`${file} must be a map`);
  return value;
}

/** The number of configs by the rules of the format, and where "not yet" is said. */
const cases: readonly (readonly [file: string, configs: number, notYet: readonly string[]])[] = [
  ['0-reference.yaml', 1428, []],
  ['1-l2-grid.yaml', 7, []],
  ['2-dropout-noise-init.yaml', 174, []],
  ['3-clip.yaml', 25, ['record.gradient_norms']],
  ['4-own-csv.yaml', 60, ['search.loss.values.1']],
  [
    '5-schedule.yaml',
    15,
    ['search.schedule.values.cosine', 'search.schedule.values.exponential', 'search.schedule.values.plateau'],
  ],
  ['6-stopping.yaml', 12, ['metrics.1', 'metrics.2', 'objective', 'search.weights.values.1', 'train.keep.best']],
  [
    '7-conv.yaml',
    48,
    [
      'model.layers.0.type',
      'model.layers.1.type',
      'model.layers.2.type',
      'model.layers.3.type',
      'search.rotate.values.1',
      'search.shift.values.1',
    ],
  ],
  ['8-own-module.yaml', 64, ['model.module']],
  ['9-loss-head.yaml', 5, ['search.head.values.hinge.loss', 'search.head.values.squared_hinge.loss']],
];

describe.each(cases)('%s', (file, configs, notYet) => {
  test(`has ${configs} configs, all different`, () => {
    const { expansion } = expandDefinition(read(file));
    expect(expansion.mistakes).toEqual([]);
    expect(new Set(expansion.configs.map(({ point }) => JSON.stringify([...point]))).size).toBe(configs);
    expect(expansion.configs).toHaveLength(configs);
  });

  test('has its baseline in its space', () => {
    const value = read(file);
    const { expansion } = expandDefinition(value);
    if (value['baseline'] === undefined) expect(expansion.baseline).toBeNull();
    else
      expect(Object.fromEntries(expansion.configs[expansion.baseline ?? -1]?.point ?? [])).toEqual(value['baseline']);
  });

  test(notYet.length === 0 ? 'can be run' : 'names exactly what is not yet there', () => {
    const reading = readDefinition(read(file));
    const mistakes = reading.ok ? [] : reading.mistakes;
    expect(mistakes.filter(({ message }) => !message.endsWith('is not yet there'))).toEqual([]);
    expect(mistakes.map(({ path }) => formatPath(path)).sort()).toEqual(notYet);
  });
});
