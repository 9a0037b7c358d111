/** When decision regions are drawn, and what is said where they cannot be. */

import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Reader } from '../../db/reader.ts';
import { runSweep } from '../../src/index.ts';
import { regionsOf } from '../../src/report/regions.ts';
import { emptyFolder } from '../db/places.ts';

const DEFINITION = `
name: csv
data: { file: ./points.csv, target: kind, drop: [id], split: { train: 20, test: rest } }
model: { layers: [{ units: 1, activation: sigmoid }] }
train: { loss: binary_crossentropy, optimizer: adam, batch_size: 10, epochs: 1 }
objective: test_accuracy`;
const ROWS = Array.from({ length: 30 }, (_, row) => `${row},${row % 7},${row % 5},${row % 2 === 0 ? 'even' : 'odd'}`);
const CSV = ['id,width,height,kind', ...ROWS, ''].join('\n');

let folder: string;
let reader: Reader;

beforeAll(async () => {
  folder = emptyFolder();
  writeFileSync(join(folder, 'points.csv'), CSV);
  writeFileSync(join(folder, 'csv.yaml'), DEFINITION);
  const database = join(folder, 'a.db');
  await runSweep(join(folder, 'csv.yaml'), { database, workers: 1, backend: 'cpu' });
  reader = Reader.open(database);
});
afterAll(() => reader.close());

test('of a file with two features they are drawn in its own units', async () => {
  const { regions, problem } = await regionsOf(reader, reader.sweepNamed('csv'), 0);
  expect(problem).toBeNull();
  expect(regions).toMatchObject({ features: ['width', 'height'], classes: ['even', 'odd'], label: 'config 0' });
  expect(regions!.points.filter(({ part }) => part === 'train')).toHaveLength(20);
  expect(Math.max(...regions!.points.map(({ x }) => x))).toBe(6);
});

test('without a result there are none', async () => {
  expect(await regionsOf(reader, reader.sweepNamed('csv'), null)).toEqual({ regions: null, problem: null });
});

test('with another number of columns there are none, which is no problem; with a file that has gone it is told', async () => {
  const file = join(folder, 'points.csv');
  writeFileSync(file, CSV.replace(/^(?=.)/gm, '1,'));
  expect(await regionsOf(reader, reader.sweepNamed('csv'), 0)).toEqual({ regions: null, problem: null });
  rmSync(file);
  expect(await regionsOf(reader, reader.sweepNamed('csv'), 0)).toEqual({
    regions: null,
    problem: expect.stringMatching(/^the decision regions could not be drawn: .*points\.csv/),
  });
});
