/** `nightsweep predict` on networks that nightsweep has trained: what it prints, writes and refuses; and pictures of the plane. */

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { BestTrial } from '../../db/best-trial.ts';
import { Reader } from '../../db/reader.ts';
import { predictCommand } from '../../src/cli/predict.ts';
import { decisionRegions } from '../../src/export/decision-regions.ts';
import { readStored } from '../../src/export/stored-trial.ts';
import { loadBackend } from '../../workers/backend/backend.ts';
import { openNetwork } from '../../workers/model/open-network.ts';
import { Workplace } from './nightsweep.ts';

const HOUSES = fixture('houses.csv');

let workplace: Workplace;
beforeAll(async () => {
  workplace = new Workplace();
  const definitions = [fixture('houses.yaml'), fixture('moons.yaml')];
  const { code, stderr } = await workplace.run(
    'run',
    ...definitions,
    '--backend',
    'cpu',
    '--workers',
    '1',
    '--plain',
    '--set',
    'train.epochs=20',
  );
  expect([code, stderr]).toEqual([0, '']);
});
afterAll(() => workplace.remove());

function fixture(name: string): string {
  return fileURLToPath(new URL(`../fixtures/networks/${name}`, import.meta.url));
}

function database(): string {
  return join(workplace.folder, 'nightsweep.db');
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
    await predictCommand().parseAsync([...words, '--db', database()], { from: 'user' });
  } finally {
    vi.restoreAllMocks();
  }
  return printed;
}

function place(name: string): string {
  return join(workplace.folder, name);
}

function reading<T>(read: (reader: Reader) => T): T {
  const reader = Reader.open(database());
  try {
    return read(reader);
  } finally {
    reader.close();
  }
}

describe('numbers', () => {
  test('are those that the trial reached its recorded error with, for a trial whose weights were not kept, too', async () => {
    const trial = reading((reader) => reader.trial({ sweep: 'houses', config: 2, replicate: 0 }));
    const { stdout, stderr } = await predict('houses/2/0', '--input', HOUSES, '--format', 'json');
    const rows = JSON.parse(stdout) as { id: string; price: number; district: string | null; prediction: number }[];
    expect(rows).toHaveLength(140);
    expect(rows[3]).toMatchObject({ id: '1003', price: 219, rooms: null, district: 'south' });
    const { dataset } = readStored(database(), trial.id);
    const errors = [...dataset.parts.test].map((row) => Math.abs(rows[row]!.prediction - rows[row]!.price));
    const mae = errors.reduce((sum, error) => sum + error, 0) / errors.length;
    expect(mae / trial.metrics['test_mae']!).toBeCloseTo(1, 6);
    expect(stderr.replace(/mae .*$/m, 'METRICS')).toBe(
      [
        'training houses/2/0 again: its weights were not kept',
        `predicting with houses/2/0, as it was after epoch ${trial.kept_epoch}`,
        'METRICS\n',
      ].join('\n'),
    );
  });

  test('come from the best config of a sweep, and go into a file when all of them are there', async () => {
    const best = reading((reader) => reader.leaderboard('houses', 1)[0]!.config);
    const { stdout, stderr } = await predict('houses', '--input', HOUSES, '--output', place('out.csv'));
    expect(stdout).toBe('');
    expect(stderr).toContain(`predicting with houses/${best}/0, `);
    const [header, first, ...rest] = readFileSync(place('out.csv'), 'utf8').split('\n');
    expect(header).toBe('id,area,rooms,built,district,price,prediction');
    expect(first).toMatch(/^1000,97\.0,5,2011,harbour,377\.2,\d+\.\d+$/);
    expect(rest).toHaveLength(140);
  });
});

test('classes come with their probabilities, and how many are right', async () => {
  workplace.write('points.csv', 'y,x2,x1\n0,1,0\n1,-0.5,1\n1,1,0\n');
  const { stdout, stderr } = await predict('moons/2/0', '--input', place('points.csv'), '--format', 'ndjson');
  const rows = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, number>);
  expect(rows.map(({ prediction }) => prediction)).toEqual(['0', '1', '0']);
  for (const { probability_0: no, probability_1: yes } of rows) expect(no! + yes!).toBeCloseTo(1, 6);
  expect(stderr).toContain('accuracy 0.6667 over 3 rows with a target\n');
});

test('what cannot be predicted is said with its line, and leaves no file behind', async () => {
  workplace.write('bad.csv', 'x1,x2\n1,one\n');
  const output = place('bad-out.csv');
  await expect(predict('moons', '--input', place('bad.csv'), '--output', output)).rejects.toThrow(
    `${place('bad.csv')}:2 column "x2" must hold numbers, found "one"`,
  );
  expect([existsSync(output), existsSync(`${output}.part`)]).toEqual([false, false]);
});

test('a trial that there is not is named', async () => {
  const { code, stderr } = await workplace.run('predict', 'moons/99/0', '--input', '-');
  expect([code, stderr]).toEqual([
    1,
    'there is no trial moons/99/0 (moons has configs 0 to 5 and replicates 0 to 0)\n',
  ]);
});

test.each(['houses', 'moons'])(
  'the kept weights of %s are those that training again gives, bit for bit',
  async (name) => {
    const backend = await loadBackend('cpu');
    const best = reading((reader) => {
      const { id, goal } = reader.sweepNamed(name);
      return reader.read((db) => new BestTrial(db).find(id, goal));
    });
    const stored = readStored(database(), best!);
    const kept = await openNetwork(backend, stored, () => {});
    const again = await openNetwork(backend, { ...stored, checkpoint: null }, () => {});
    expect([kept.source, again.source]).toEqual(['checkpoint', 'trained_again']);
    expect(kept.weights).toEqual(again.weights);
  },
);

describe('decision regions', () => {
  test('show what the best network says of the plane in units of the data', async () => {
    const sweep = reading((reader) => reader.sweepNamed('moons'));
    const regions = (await decisionRegions(database(), sweep, () => 'the best'))!;
    const { columns, rows, x, y, values, confidence, points } = regions;
    expect(regions).toMatchObject({ label: 'the best', features: ['x1', 'x2'], classes: ['0', '1'] });
    expect([values.length, confidence.length, points.length]).toEqual([columns * rows, columns * rows, 120]);
    const cellOf = (at: number, [low, high]: readonly [number, number], cells: number): number =>
      Math.floor(((at - low) / (high - low)) * cells);
    const right = points.filter(
      (point) => values[cellOf(point.y, y, rows) * columns + cellOf(point.x, x, columns)] === point.value,
    );
    expect(right.length / points.length).toBeGreaterThan(0.8);
    expect(Math.min(...confidence)).toBeGreaterThanOrEqual(0.5);
  });

  test('are not there for data with more than two features', async () => {
    const sweep = reading((reader) => reader.sweepNamed('houses'));
    expect(await decisionRegions(database(), sweep, () => '')).toBeNull();
  });
});
