/** The public API, used as a program would. */

import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { defineSweep, openResults, runSweep, writeReport } from '../src/index.ts';
import { emptyFolder } from './empty-folder.ts';

let folder: string;
beforeEach(() => void (folder = emptyFolder()));

const definition = defineSweep({
  name: 'api',
  data: { generator: 'moons', samples: 40, noise: 0.2, seed: 1, split: { train: 20, test: 'rest' } },
  model: {
    hidden: { activation: 'relu', dropout: '$dropout' },
    layers: [{ units: 4 }, { units: 1, activation: 'sigmoid' }],
  },
  train: { loss: 'binary_crossentropy', optimizer: 'adam', batch_size: 10, epochs: 3 },
  search: { dropout: { values: [0, 0.2] } },
  replicates: 2,
  objective: 'test_accuracy',
});

describe('the public API', () => {
  test('runs a definition that was written as an object, reads its results and writes a report', async () => {
    const file = join(folder, 'api.json');
    const database = join(folder, 'results.db');
    writeFileSync(file, JSON.stringify(definition));
    const run = { database, workers: 1, backend: 'cpu' } as const;
    expect(await runSweep(file, run)).toEqual({ sweep: 'api', database, outcome: 'finished' });
    const results = openResults(database);
    expect(results.leaderboard('api').map(({ n }) => n)).toEqual([2, 2]);
    results.close();
    const report = join(folder, 'api.html');
    expect(await writeReport('api', { database, file: report })).toEqual({
      file: report,
      bytes: statSync(report).size,
    });
    expect(await runSweep(file, run)).toEqual({ sweep: 'api', database, outcome: 'finished' });
    await expect(runSweep(file, { ...run, set: ['seed=9'] })).rejects.toMatchObject({ code: 'conflict' });
  });

  test('stops when its signal is aborted, with every trial ready to go on', async () => {
    const file = join(folder, 'api.json');
    const database = join(folder, 'results.db');
    writeFileSync(file, JSON.stringify(definition));
    const signal = AbortSignal.abort();
    const set = ['train.epochs=100000000'];
    expect(await runSweep(file, { database, workers: 1, backend: 'cpu', set, signal })).toMatchObject({
      outcome: 'stopped',
    });
    const results = openResults(database);
    expect(results.snapshot('api').states).toMatchObject({ queued: 4, running: 0 });
    results.close();
  });
});
