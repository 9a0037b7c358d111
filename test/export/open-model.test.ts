/** Whose model is meant, where its weights come from, and which trials have none. */

import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Reader } from '../../db/reader.ts';
import { Store } from '../../db/store.ts';
import { chosenTrial } from '../../src/export/chosen-trial.ts';
import { openModel, type OpenModel } from '../../src/export/open-model.ts';
import { readStored } from '../../src/export/stored-trial.ts';
import { remarkOn } from '../../src/export/trained-model.ts';
import { emptyFolder } from '../empty-folder.ts';
import {
  completed,
  createSample,
  diverged,
  epochs,
  FACTS,
  placed,
  started,
  stateAt,
  wholeTrial,
} from '../db/sample-sweep.ts';

const file = join(emptyFolder(), 'sample.db');
let reader: Reader;

/** Trials 1 to 3 are replicate 0 of configs 0 to 2, then comes replicate 1: trial 2 is the best, but 2 the best config. */
beforeAll(() => {
  const store = Store.open(file);
  const id = createSample(store);
  const run = store.startRun(id, FACTS);
  const accuracies: Readonly<Record<number, number>> = { 1: 0.5, 3: 0.8, 5: 0.3, 6: 0.8 };
  for (const [trial, accuracy] of Object.entries(accuracies)) store.write(wholeTrial(Number(trial), run, accuracy));
  store.write([started(4, run), placed(4), diverged(4)]);
  const checkpoint = { epoch: 10, fingerprint: 'f', bytes: stateAt(10) };
  store.write([started(2, run), placed(2), epochs(2, 1, 10), { ...completed(2, 0.9), checkpoint }]);
  store.close();
  reader = Reader.open(file);
});
afterAll(() => reader.close());

describe('the trial that is meant', () => {
  const chosen = (subject: string): string => {
    const { sweep, config, replicate } = chosenTrial(reader, subject);
    return `${sweep}/${config}/${replicate}`;
  };

  test('by a sweep is the best replicate of its best config, the first of equal ones', () => {
    expect(chosen('moons')).toBe('moons/2/0');
  });

  test('may be named by its place or its number', () => {
    expect(chosen('moons/2/1')).toBe('moons/2/1');
    expect(chosen('4')).toBe('moons/0/1');
  });

  test('is to be there', () => {
    expect(() => chosen('moons/7/0')).toThrow('there is no trial moons/7/0');
    expect(() => chosen('mons')).toThrow('did you mean moons?');
  });
});

test('a trial that has not completed has no model', () => {
  expect(() => readStored(file, 4)).toThrow('a model needs a completed trial, but moons/0/1 is failed (diverged)');
});

describe('weights', () => {
  async function opened(trial: number): Promise<OpenModel['model'] & { readonly seconds: number | undefined }> {
    let seconds: number | undefined;
    const open = await openModel({ database: file, trial, onTrain: (took) => (seconds = took) });
    open.close();
    return { ...open.model, seconds };
  }

  test('that are not what the record says, as those of made-up results, come with the differences', async () => {
    const { source, seconds, ...model } = await opened(3);
    expect([source, seconds]).toEqual(['trained_again', 1.5]);
    expect(model.differences).toHaveLength(4);
    expect(remarkOn(model)).toMatch(
      /^trained again, the model is not quite the same, .+: result train_loss: recorded 0\.1, now 0\.\d+$/,
    );
  });

  test('are not taken from a checkpoint of something else', async () => {
    expect((await opened(2)).source).toBe('trained_again');
  });
});
