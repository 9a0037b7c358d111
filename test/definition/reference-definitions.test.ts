/** The ten definitions that the format was made for: how many configs each has, and that each means something. */

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { isMap } from '../../src/definition/mistake.ts';
import { parseText } from '../../src/definition/parse.ts';
import { expandDefinition, readDefinition } from '../../src/definition/read.ts';
import { resolveSweep } from '../../src/definition/resolve-sweep.ts';

const folder = new URL('../reference/definitions/', import.meta.url);

function read(file: string): Readonly<Record<string, unknown>> {
  const path = fileURLToPath(new URL(file, folder));
  const { value } = parseText(readFileSync(path, 'utf8'), path);
  if (!isMap(value)) throw new Error(`${file} must be a map`);
  return value;
}

/** The number of configs by the rules of the format. */
const cases: readonly (readonly [file: string, configs: number])[] = [
  ['0-reference.yaml', 1428],
  ['1-l2-grid.yaml', 7],
  ['2-dropout-noise-init.yaml', 174],
  ['3-clip.yaml', 25],
  ['4-own-csv.yaml', 60],
  ['5-schedule.yaml', 15],
  ['6-stopping.yaml', 12],
  ['7-conv.yaml', 48],
  ['8-own-module.yaml', 64],
  ['9-loss-head.yaml', 5],
];

describe.each(cases)('%s', (file, configs) => {
  test(`has ${configs} configs, all different, and no mistake`, () => {
    const reading = readDefinition(read(file));
    if (!reading.ok) throw new Error(reading.mistakes.map(({ message }) => message).join('\n'));
    const points = reading.read.expansion.configs.map(({ point }) => JSON.stringify([...point]));
    expect(points).toHaveLength(configs);
    expect(new Set(points).size).toBe(configs);
  });

  test('has its baseline in its space', () => {
    const value = read(file);
    const { expansion } = expandDefinition(value);
    if (value['baseline'] === undefined) expect(expansion.baseline).toBeNull();
    else
      expect(Object.fromEntries(expansion.configs[expansion.baseline ?? -1]?.point ?? [])).toEqual(value['baseline']);
  });

  test('resolves, config by config', () => {
    const reading = readDefinition(read(file));
    if (!reading.ok) throw new Error('must be without mistakes');
    const found = { path: '/a-file', sha256: 'abc' };
    const files = new Map(
      ['../data/houses.csv', '../data/breast_cancer.csv', '../data/digits.csv', '../data/wine.csv', './net.ts'].map(
        (name) => [name, found],
      ),
    );
    const sweep = resolveSweep(reading.read, files);
    expect(sweep.configs).toHaveLength(configs);
    // What resolves is stored as JSON and read back.
    expect(JSON.parse(JSON.stringify(sweep))).toEqual(sweep);
  });
});
