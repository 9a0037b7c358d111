/** `nightsweep predict` on networks that nightsweep has trained: what it prints, writes and refuses; and pictures of the plane. */

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test, vi } from 'vitest';
import { BestTrial } from '../../db/best-trial.ts';
import { Reader } from '../../db/reader.ts';
import { predictCommand } from '../../src/cli/predict.ts';
import { decisionRegions } from '../../src/export/decision-regions.ts';
import { readStored, type StoredTrial } from '../../src/export/stored-trial.ts';
import { loadBackend } from '../../workers/backend/backend.ts';
import { loadTable } from '../../workers/data/load.ts';
import type { NumberColumn } from '../../workers/data/table.ts';
import { openNetwork } from '../../workers/model/open-network.ts';
import { Workplace } from './nightsweep.ts';

const DEFINITION = `
name: moons
data:
  generator: moons
  samples: 100
  noise: 0.1
  seed: 1
  transform: { features: standardize }
  split: { train: 50, validation: 20, test: rest }
model:
  hidden: { activation: relu, normalization: batch_normalization, dropout: $dropout }
  layers: [{ units: 8 }, { units: 1, activation: sigmoid }]
train:
  loss: binary_crossentropy
  optimizer: { name: adam, learning_rate: 0.05 }
  batch_size: 25
  epochs: 25
  keep: { best: validation_loss }
search: { dropout: { values: [0, 0.2] } }
replicates: 2
objective: test_loss`;

let workplace: Workplace;
let database: string;
/** The data of the sweep, as a user has them. */
let points: string;
/** The sweep's best trial, whose weights are kept, and another one. */
let best: StoredTrial;
let other: StoredTrial & { readonly place: string };

beforeAll(async () => {
  workplace = new Workplace();
  workplace.write('moons.yaml', DEFINITION);
  const words = ['run', place('moons.yaml'), '--backend', 'cpu', '--workers', '1', '--plain'];
  const { code, stderr } = await workplace.run(...words);
  expect([code, stderr]).toEqual([0, '']);
  database = place('nightsweep.db');
  const trial = bestTrial();
  best = readStored(database, trial);
  const stored = readStored(database, trial === 1 ? 2 : 1);
  other = { ...stored, place: `moons/${stored.config.ordinal}/${stored.replicate}` };
  points = place('points.csv');
  workplace.write('points.csv', csvOf(best));
});

function place(name: string): string {
  return join(workplace.folder, name);
}

function reading<T>(read: (reader: Reader) => T): T {
  const reader = Reader.open(database);
  try {
    return read(reader);
  } finally {
    reader.close();
  }
}

function bestTrial(): number {
  return reading((reader) => {
    const { id, goal } = reader.sweepNamed('moons');
    return reader.read((db) => new BestTrial(db).find(id, goal))!;
  });
}

/** Its columns in another order, with one that no network takes. */
function csvOf({ task }: StoredTrial): string {
  const { columns, target, rows } = loadTable(task.data);
  const [x1, x2] = columns as readonly NumberColumn[];
  const lines = Array.from({ length: rows }, (_, row) =>
    [x2!.values[row], row, target.values[row], x1!.values[row]].join(','),
  );
  return ['x2,row,y,x1', ...lines, ''].join('\n');
}

/** What the command prints, run in this process; its network has one of its own. */
async function predict(...words: readonly string[]): Promise<{ stdout: string; stderr: string }> {
  const printed = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    vi.spyOn(process[name], 'write').mockImplementation((text) => {
      printed[name] += String(text);
      return true;
    });
  }
  try {
    await predictCommand().parseAsync([...words, '--db', database], { from: 'user' });
  } finally {
    vi.restoreAllMocks();
  }
  return printed;
}

test('a trial whose weights were not kept predicts its test part as well as it was recorded', async () => {
  const { stdout, stderr } = await predict(other.place, '--input', points, '--format', 'ndjson');
  const lines = stdout.trimEnd().split('\n');
  const rows = lines.map((line) => JSON.parse(line) as { row: string; y: string; prediction: string } & Probabilities);
  const part = [...other.dataset.parts.test].map((row) => rows[row]!);
  const right = part.filter(({ y, prediction }) => y === prediction).length;
  expect(right / part.length).toBeCloseTo(other.recorded.results['test_accuracy']!, 6);
  const losses = part.map(
    ({ y, probability_0, probability_1 }) => -Math.log(y === '1' ? probability_1 : probability_0),
  );
  const loss = losses.reduce((sum, each) => sum + each, 0) / part.length;
  expect(loss).toBeCloseTo(other.recorded.results['test_loss']!, 5);
  expect(stderr.replace(/0\.\d+/, 'N')).toBe(
    [
      `training ${other.place} again: its weights were not kept`,
      `predicting with ${other.place}, as it was after epoch ${other.recorded.kept_epoch}`,
      'accuracy N over 100 rows with a target\n',
    ].join('\n'),
  );
});

interface Probabilities {
  readonly probability_0: number;
  readonly probability_1: number;
}

test('the best of a sweep goes into a file when all rows are there', async () => {
  const { stdout, stderr } = await predict('moons', '--input', points, '--output', place('out.csv'));
  expect(stdout).toBe('');
  const config = reading((reader) => reader.leaderboard('moons', 1)[0]!.config);
  expect(stderr).toMatch(new RegExp(`^predicting with moons/${config}/[01], `, 'm'));
  const [header, first, ...rest] = readFileSync(place('out.csv'), 'utf8').split('\n');
  expect(header).toBe('x2,row,y,x1,prediction,probability_0,probability_1');
  expect(first).toMatch(new RegExp(`^${csvOf(best).split('\n')[1]},[01],[\\d.e-]+,[\\d.e-]+$`));
  expect(rest).toHaveLength(100);
});

test('what cannot be predicted is said with its line, and leaves no file behind', async () => {
  workplace.write('bad.csv', 'x1,x2\n1,one\n');
  const output = place('bad-out.csv');
  await expect(predict('moons', '--input', place('bad.csv'), '--output', output)).rejects.toThrow(
    `${place('bad.csv')}:2 column "x2" must hold numbers, found "one"`,
  );
  expect([existsSync(output), existsSync(`${output}.part`)]).toEqual([false, false]);
});

test('kept weights are those that training again gives, bit for bit', async () => {
  const backend = await loadBackend('cpu');
  const kept = await openNetwork(backend, best, () => {});
  const again = await openNetwork(backend, { ...best, checkpoint: null }, () => {});
  expect([kept.source, again.source]).toEqual(['checkpoint', 'trained_again']);
  expect(kept.weights).toEqual(again.weights);
});

test('decision regions show what the best network says of the plane, in units of the data', async () => {
  const sweep = reading((reader) => reader.sweepNamed('moons'));
  const regions = (await decisionRegions(database, sweep, ({ config }) => `config ${config}`))!;
  const { columns, rows, x, y, values, confidence, points: shown } = regions;
  expect(regions).toMatchObject({
    label: `config ${best.config.ordinal}`,
    features: ['x1', 'x2'],
    classes: ['0', '1'],
  });
  expect([values.length, confidence.length, shown.length]).toEqual([columns * rows, columns * rows, 100]);
  const cellOf = (at: number, [low, high]: readonly [number, number], cells: number): number =>
    Math.floor(((at - low) / (high - low)) * cells);
  const right = shown.filter(
    (point) => values[cellOf(point.y, y, rows) * columns + cellOf(point.x, x, columns)] === point.value,
  );
  expect(right.length / shown.length).toBeGreaterThan(0.85);
  expect(Math.min(...confidence)).toBeGreaterThanOrEqual(0.5);
});
