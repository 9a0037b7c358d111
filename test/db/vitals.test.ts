/** What the coordinator measured of itself shows to others as long as it is of the present. */

import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { acquireLock } from '../../db/lock.ts';
import { Reader } from '../../db/reader.ts';
import { Store } from '../../db/store.ts';
import type { Vitals } from '../../src/dashboard/snapshot.ts';
import { emptyFolder } from '../empty-folder.ts';
import { FACTS, createSample } from './sample-sweep.ts';

const LONG_AGO = 60_000;

let store: Store;
let reader: Reader;
let sweep: number;
let run: number;

function vitalsAt(at: number): Vitals {
  const workers = [{ worker: 1, busy: 0.75, heap: null, trials: 4 }];
  return { at, cores: 1.5, memory: 2e9, memory_limit: 8e9, training_seconds: 61.5, workers };
}

/** As a display sees them while a coordinator holds the sweep. */
function seen(): Vitals | null {
  const lock = acquireLock(store.file, sweep);
  const { vitals } = reader.snapshot('moons');
  lock?.release();
  return vitals;
}

beforeEach(() => {
  store = Store.open(join(emptyFolder(), 'a.db'));
  sweep = createSample(store);
  run = store.startRun(sweep, FACTS);
  reader = Reader.open(store.file);
  return () => {
    reader.close();
    store.close();
  };
});

test('the newest vitals of a run are in the snapshot while its coordinator lives', () => {
  expect(seen()).toBeNull();
  store.recordVitals(sweep, run, vitalsAt(Date.now() - 2000));
  const newest = vitalsAt(Date.now());
  store.recordVitals(sweep, run, newest);
  expect(seen()).toEqual(newest);
  expect(reader.snapshot('moons').vitals).toBeNull();
});

test('vitals that are old, or of a run before, are not shown', () => {
  store.recordVitals(sweep, run, vitalsAt(Date.now() - LONG_AGO));
  expect(seen()).toBeNull();
  store.recordVitals(sweep, run, vitalsAt(Date.now()));
  store.startRun(sweep, FACTS);
  expect(seen()).toBeNull();
});

test('vitals go with their sweep', () => {
  store.recordVitals(sweep, run, vitalsAt(Date.now()));
  store.removeSweep('moons');
  expect([...reader.query('SELECT count(*) FROM vitals').rows]).toEqual([[0n]]);
});
