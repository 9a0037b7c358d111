/** A sweep that was trained, taken elsewhere: its best config as a definition, and its best model. */

import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { Workplace } from '../cli/nightsweep.ts';

/** One worker and plain JavaScript start soonest. */
const FAST = ['--workers', '1', '--backend', 'cpu'];

const place = new Workplace();

const DEFINITION = `
name: lines
data: { file: ./rows.csv, target: y, split: { train: 20, test: rest } }
model:
  hidden: { activation: relu, dropout: $dropout }
  layers: [{ units: 3, repeat: $depth }, { units: 1, activation: linear }]
train: { loss: mse, optimizer: $optimizer, batch_size: 10, epochs: 3 }
search:
  optimizer: { values: { fast: { name: adam, learning_rate: $rate }, plain: sgd } }
  rate: { values: [0.05] }
  dropout: { values: [0.2] }
  depth: { values: [0, 1] }
baseline: { optimizer: plain, depth: 0 }
replicates: 2
seed: 5
`;

const [study, elsewhere] = ['study', 'elsewhere'].map((name) => join(place.folder, name)) as [string, string];

beforeAll(async () => {
  const rows = Array.from({ length: 30 }, (_, row) => `${Math.sin(row)},${Math.cos(3 * row)}`);
  mkdirSync(study);
  mkdirSync(elsewhere);
  writeFileSync(join(study, 'rows.csv'), ['x,y', ...rows, ''].join('\n'));
  writeFileSync(join(study, 'lines.yaml'), DEFINITION);
  expect((await place.run('run', 'study/lines.yaml', ...FAST)).code).toBe(0);
}, 60_000);

test('the best config gives the objective of each replicate to the last bit, in another folder', async () => {
  const printed = await place.run('best', 'lines', '--format', 'yaml');
  writeFileSync(join(elsewhere, 'best.yaml'), printed.stdout);
  const again = await place.run('run', 'elsewhere/best.yaml', ...FAST);
  expect([again.stderr, again.code]).toEqual(['', 0]);
  expect(again.stdout).toMatch(/finished: 2 completed/);

  const query = `
    SELECT best.replicate, best.objective, alone.objective IS best.objective AS same,
      alone.train_loss IS best.train_loss AS same_loss
    FROM trial_results AS best
    JOIN trial_results AS alone ON alone.sweep = 'lines-best' AND alone.replicate = best.replicate
    JOIN leaderboard ON leaderboard.sweep = best.sweep AND leaderboard.config = best.config AND rank = 1
    WHERE best.sweep = 'lines' ORDER BY 1`;
  const { stdout } = await place.run('sql', query, '--format', 'json');
  expect(JSON.parse(stdout)).toMatchObject([
    { replicate: 0, objective: expect.any(Number) as number, same: 1, same_loss: 1 },
    { replicate: 1, objective: expect.any(Number) as number, same: 1, same_loss: 1 },
  ]);
}, 60_000);

test('the export holds the model of the trial that it names', async () => {
  const { code, stdout, stderr } = await place.run('export', 'lines', '--format', 'tfjs', '--trial', '1/0');
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).toMatch(/^tfjs .* the model of trial 1\/0, for tf.loadLayersModel$/m);
  const folder = join(place.folder, 'lines-export', 'tfjs');
  expect(readdirSync(folder).toSorted()).toEqual(['model.json', 'preprocessing.json', 'weights.bin']);
  expect(JSON.parse(readFileSync(join(folder, 'model.json'), 'utf8'))).toMatchObject({ format: 'layers-model' });
}, 60_000);
