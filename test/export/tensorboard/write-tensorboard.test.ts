/** The folder for TensorBoard: which runs there are, what they hold, and what the HParams plugin is told. */

import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Reader } from '../../../db/reader.ts';
import { experimentOf } from '../../../src/export/tensorboard/experiment.ts';
import { defaultTop, writeTensorBoard } from '../../../src/export/tensorboard/write-tensorboard.ts';
import { emptyFolder } from '../../empty-folder.ts';
import { BEGIN, sampleDatabase } from '../sample-export.ts';
import { eventsOf, type Fields, messageAt, messagesAt, numberAt, textAt, valueOf } from './event-file.ts';

const folder = join(emptyFolder(), 'tensorboard');
let reader: Reader;
beforeAll(async () => {
  reader = Reader.open(sampleDatabase(emptyFolder()));
  await writeAll(folder);
});
afterAll(() => reader.close());

function writeAll(to: string, top = Infinity) {
  return writeTensorBoard(reader, reader.sweepNamed('moons'), { folder: to, top, onTrials: () => {} });
}

/** Of all event files, the folders they are in. */
function runsIn(place: string): string[] {
  return readdirSync(place, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(place, entry.parentPath) || '.')
    .toSorted();
}

function eventsIn(run: string) {
  return eventsOf(join(folder, run, 'events.out.tfevents.nightsweep'));
}

/** The one message of the plugin in a run under a tag. */
function pluginData(run: string, tag: string): Fields | undefined {
  return eventsIn(run).flatMap(({ plugin }) => plugin.get(tag) ?? [])[0];
}

test('there is a run for each trial that has begun, and one below it for each part of the data', () => {
  expect(runsIn(folder)).toEqual([
    '.',
    ...['0/0', '0/1', '1/0', '1/1', '2/0', '2/1'].flatMap((place) => {
      const [config, replicate] = place.split('/');
      const run = `config-${config}/replicate-${replicate}`;
      return [run, `${run}/test`, `${run}/train`];
    }),
  ]);
  for (const run of runsIn(folder)) expect(eventsIn(run)[0]).toMatchObject({ fileVersion: 'brain.Event:2' });
});

test('curves have the tags of Keras, epochs as steps, and times from the beginning of the trial to its end', () => {
  const [, ...curve] = eventsIn('config-0/replicate-0/train');
  expect(curve.map(({ step }) => step)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  expect(curve.map(({ scalars }) => scalars)).toEqual(
    curve.map(({ step }) => ({ epoch_loss: Math.fround(1 / step!), epoch_accuracy: Math.fround(1 - 1 / step!) })),
  );
  const { started_at, ended_at } = reader.read((db) =>
    db.prepare<[], { started_at: number; ended_at: number }>('SELECT started_at, ended_at FROM attempt LIMIT 1').get(),
  )!;
  expect(started_at).toBeGreaterThan(BEGIN);
  expect(curve.at(-1)?.wallTime).toBe(ended_at / 1000);
  expect(curve[4]?.wallTime).toBeCloseTo((started_at + ended_at) / 2000, 6);
});

test('the result of a trial is in its session, at the kept epoch, and layers by epoch behind it', () => {
  const events = eventsIn('config-0/replicate-1');
  const results = events.filter(({ scalars }) => Object.keys(scalars).some((tag) => tag.startsWith('kept_epoch/')));
  expect(results).toMatchObject([
    {
      step: 10,
      scalars: {
        'kept_epoch/test_accuracy': 0.8125,
        'kept_epoch/train_accuracy': 1,
        'kept_epoch/generalisation_gap': 0.1875,
      },
    },
  ]);
  const layers = events.filter(({ scalars }) => 'kernel_norm/layer_1' in scalars);
  expect(layers.map(({ step, scalars }) => [step, scalars['kernel_norm/layer_1']])).toEqual(
    Array.from({ length: 10 }, (_, index) => [index + 1, index + 1]),
  );
});

describe('the HParams plugin', () => {
  test('is told the parameters with their values, and the metrics with the objective first', () => {
    const experiment = messageAt(pluginData('.', '_hparams_/experiment')!, 2);
    expect(numberAt(experiment, 3)).toBeGreaterThan(BEGIN / 1000);
    const hparams = messagesAt(experiment, 4).map((info) => ({
      name: textAt(info, 1),
      type: numberAt(info, 4),
      values: messagesAt(messageAt(info, 5), 1).map(valueOf),
      differs: numberAt(info, 7),
    }));
    // 1: text, 3: number
    expect(hparams).toEqual([
      { name: 'l2', type: 3, values: [0, 0.001, 0.002], differs: 1 },
      { name: 'optimizer', type: 1, values: ['sgd', 'adam'], differs: 1 },
      { name: 'momentum', type: 3, values: [0.9], differs: 0 },
    ]);
    const metrics = messagesAt(experiment, 5).map((info) => [textAt(messageAt(info, 1), 2), textAt(info, 3)]);
    expect(metrics).toEqual([
      ['kept_epoch/test_accuracy', 'test_accuracy'],
      ['kept_epoch/train_accuracy', 'train_accuracy'],
      ['kept_epoch/generalisation_gap', 'generalisation_gap'],
      ['kept_epoch/test_loss', 'test_loss'],
      ['kept_epoch/train_loss', 'train_loss'],
      ['kept_epoch/test_data_loss', 'test_data_loss'],
      ['kept_epoch/train_data_loss', 'train_data_loss'],
    ]);
  });

  test('is told the values of each trial, with those of one config in one group', () => {
    const sessions = ['0/0', '0/1', '1/0'].map((place) => {
      const [config, replicate] = place.split('/');
      const start = messageAt(
        pluginData(`config-${config}/replicate-${replicate}`, '_hparams_/session_start_info')!,
        3,
      );
      const hparams = messagesAt(start, 1).map((entry) => [textAt(entry, 1), valueOf(messageAt(entry, 2))]);
      return { group: textAt(start, 4), hparams: Object.fromEntries(hparams) as unknown };
    });
    expect(sessions).toEqual([
      { group: 'config-0', hparams: { l2: 0, optimizer: 'sgd', momentum: 0.9 } },
      { group: 'config-0', hparams: { l2: 0, optimizer: 'sgd', momentum: 0.9 } },
      { group: 'config-1', hparams: { l2: 0.001, optimizer: 'adam' } },
    ]);
  });

  test.each([
    ['completed', 'config-1/replicate-0', 1],
    ['failed', 'config-1/replicate-1', 2],
    ['running', 'config-2/replicate-1', 3],
  ])('is told that a trial is %s', (_, run, status) => {
    const end = messageAt(pluginData(run, '_hparams_/session_end_info')!, 4);
    expect(numberAt(end, 1)).toBe(status);
    expect((numberAt(end, 2) ?? 0) > BEGIN / 1000).toBe(status !== 3);
  });

  test('gets an interval of a parameter that is searched in a range', () => {
    const params = [{ l2: 0.01, rate: 0.1 }, { l2: 1e-5, rate: null }, { rate: 0.3 }];
    const sweep = { ...reader.sweepNamed('moons'), parameters: ['l2', 'rate', 'unreached'] };
    const search = { l2: { range: [1e-6, 0.1], log: true }, rate: { values: [0.3, 0.1] }, unreached: { values: [1] } };
    expect(experimentOf(sweep, params, { search }).hparams).toEqual([
      { name: 'l2', domain: { min: 1e-5, max: 0.01 } },
      { name: 'rate', domain: [0.1, 0.3] },
    ]);
  });
});

test('of many configs the best are written, and the baseline', async () => {
  const few = join(emptyFolder(), 'few');
  expect(await writeAll(few, 1)).toEqual({ configs: 2, trials: 4 });
  // Config 2 has the best mean, config 0 is the baseline.
  expect(new Set(runsIn(few).map((run) => run.split('/')[0]))).toEqual(new Set(['.', 'config-0', 'config-2']));
  expect(defaultTop({ configs: 50, replicates: 10 })).toBe(50);
  expect(defaultTop({ configs: 10_001, replicates: 10 })).toBe(50);
  expect(defaultTop({ configs: 2, replicates: 1000 })).toBe(1);
});

/** A Python that has TensorBoard, where there is one. */
const python = process.env['NIGHTSWEEP_PYTHON'] ?? 'python3';
const hasTensorBoard = spawnSync(python, ['-c', 'import tensorboard.default']).status === 0;

test.skipIf(!hasTensorBoard)('TensorBoard shows the curves, and the table of HParams', { timeout: 120_000 }, () => {
  const script = fileURLToPath(new URL('../check_tensorboard.py', import.meta.url));
  const { stdout, stderr, status } = spawnSync(python, [script, folder], { encoding: 'utf8' });
  expect([status, status === 0 ? '' : stderr]).toEqual([0, '']);
  const shown = JSON.parse(stdout);
  expect(shown.scalars['config-0/replicate-0/train']).toEqual({
    epoch_accuracy: { steps: 10, last: 0.8999999761581421 },
    epoch_loss: { steps: 10, last: 0.10000000149011612 },
  });
  expect(shown.hparams).toEqual({
    l2: ['DATA_TYPE_FLOAT64', [0, 0.001, 0.002]],
    optimizer: ['DATA_TYPE_STRING', ['sgd', 'adam']],
    momentum: ['DATA_TYPE_FLOAT64', [0.9]],
  });
  expect(shown.metrics.slice(0, 3)).toEqual(['test_accuracy', 'train_accuracy', 'generalisation_gap']);
  expect(shown.groups).toEqual({
    'config-0': {
      hparams: { l2: 0, optimizer: 'sgd', momentum: 0.9 },
      objective: 0.7890625,
      statuses: ['STATUS_SUCCESS', 'STATUS_SUCCESS'],
    },
    'config-1': {
      hparams: { l2: 0.001, optimizer: 'adam' },
      objective: 0.78125,
      statuses: ['STATUS_SUCCESS', 'STATUS_FAILURE'],
    },
    'config-2': {
      hparams: { l2: 0.002, optimizer: 'sgd', momentum: 0.9 },
      objective: 0.796875,
      statuses: ['STATUS_SUCCESS', 'STATUS_RUNNING'],
    },
  });
});
