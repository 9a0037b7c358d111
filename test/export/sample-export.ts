/** A database with a sweep whose trials have ended in each way, for the tests of what is exported. */

import { join } from 'node:path';
import { Store } from '../../db/store.ts';
import { FACTS, createSample, diverged, epochs, placed, started, wholeTrial } from '../db/sample-sweep.ts';

/** When the sweep was made; each write is a second later. */
export const BEGIN = Date.UTC(2026, 0, 31, 12);

/** Trials 1 to 4 are completed, the fifth diverged, the sixth is running. */
export function sampleDatabase(folder: string): string {
  const file = join(folder, 'a.db');
  let clock = BEGIN;
  const store = Store.open(file, () => (clock += 1000));
  const run = store.startRun(createSample(store), FACTS);
  for (const trial of [1, 2, 3, 4]) store.write(wholeTrial(trial, run, 0.75 + trial / 64));
  store.write([started(5, run), placed(5), epochs(5, 1, 3), diverged(5)]);
  store.write([started(6, run), placed(6), epochs(6, 1, 2)]);
  store.close();
  return file;
}
