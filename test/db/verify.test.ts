/** `verify` finds each kind of damage where it is, and nothing in a sweep that is as it must be. */

import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { Store } from '../../db/store.ts';
import { verify } from '../../db/verify.ts';
import type { Write } from '../../db/writes.ts';
import { damage } from './damage.ts';
import { emptyFolder } from '../empty-folder.ts';
import { messageOf } from './message.ts';
import { FACTS, checkpointed, completed, createSample, diverged, epochs, placed, started } from './sample-sweep.ts';

const folder = emptyFolder();
let file = '';
let number = 0;

/** Trial 1 completed with the sweep's best objective, 2 failed, 3 running from epoch 4 on, 4 lost after 6 epochs, 5 and 6 queued. */
beforeEach(() => {
  number += 1;
  file = join(folder, `${number}.db`);
  const store = Store.open(file, () => 1000);
  const sweep = createSample(store);
  const run = store.startRun(sweep, FACTS);
  const final = { epoch: 10, fingerprint: 'f', bytes: Uint8Array.of(9) };
  store.write([started(1, run), placed(1), epochs(1, 1, 10), { ...ended(1), checkpoint: final }]);
  store.write([started(2, run), placed(2), epochs(2, 1, 3), diverged(2)]);
  store.write([started(3, run), placed(3), checkpointed(3, 1, 2), checkpointed(3, 3, 4)]);
  store.write([lost(3), started(3, run), placed(3, 0, 4)]);
  store.write([started(4, run), placed(4), checkpointed(4, 1, 3), checkpointed(4, 4, 6), lost(4)]);
  store.close();
});

/** With the metrics of its last epoch. */
function ended(trial: number): ReturnType<typeof completed> {
  return { ...completed(trial, 0), values: [1 / 10, 1 - 1 / 10, 2 / 10, 1 - 2 / 10] };
}

function lost(trial: number): Write {
  return { type: 'attempt_lost', trial, outcome: 'lost', message: null };
}

/** `CHECK: what was found`, of all that is not as it must be. */
function violations(): string[] {
  const { database, sweeps } = verify(file);
  const checks = [...database, ...sweeps.flatMap((sweep) => sweep.checks)];
  return checks.flatMap((check) => check.violations.map((violation) => `${check.name}: ${violation}`));
}

describe('verify', () => {
  test('finds nothing in a sweep with trials in every state, and says what it has looked at', () => {
    expect(violations()).toEqual([]);
    const [sweep] = verify(file).sweeps;
    expect(sweep?.checks.map(({ name, counted, unit }) => `${name}: ${counted} ${unit}`)).toEqual([
      'trials: 6 trials',
      'attempts: 5 attempts',
      'epochs: 23 rows',
      'results: 1 completed trials',
      'checkpoints: 4 trials that have not ended',
      'kept checkpoints: 2 trials that have ended',
      'checksums: 5 checkpoints',
      'summaries: 3 configs',
    ]);
  });

  test.each([
    ['a missing trial', 'DELETE FROM trial WHERE id = 6', ['trials: moons/2/1 is missing']],
    [
      'a trial too many',
      'UPDATE sweep SET replicates = 1',
      [0, 1, 2].map((config) => `trials: moons/${config}/1 is no trial of this sweep`),
    ],
    [
      'a missing attempt',
      'UPDATE trial SET attempts = 2 WHERE id = 1',
      ['attempts: moons/0/0 counts 2 attempts, but has 1'],
    ],
    [
      'a state that its attempt does not have',
      "UPDATE trial SET state = 'queued' WHERE id = 3",
      ['attempts: moons/2/0 is queued, but its attempt 2 is going on'],
    ],
    [
      'an attempt that went on from where none had been',
      'UPDATE attempt SET resumed_from_epoch = 5 WHERE trial = 3 AND number = 2',
      ['attempts: moons/2/0 went on from epoch 5 in attempt 2, but had only reached epoch 4'],
    ],
    [
      'a gap in the epochs',
      'DELETE FROM epoch WHERE trial = 4 AND epoch = 5; DELETE FROM layer_epoch WHERE trial = 4 AND epoch = 5',
      ['epochs: moons/0/1 has reached epoch 6, but has no row of epoch 5'],
    ],
    [
      'rows beyond what was reached',
      'INSERT INTO epoch (trial, epoch) VALUES (4, 7)',
      ['epochs: moons/0/1 has reached epoch 6, but has a row of epoch 7'],
    ],
    [
      'other metrics than those of the kept epoch',
      'UPDATE trial SET train_loss = 0.11 WHERE id = 1',
      ['results: moons/0/0 has other metrics than its kept epoch 10'],
    ],
    [
      'rows that no checkpoint reaches',
      'DELETE FROM checkpoint WHERE trial = 4 AND epoch = 6',
      ['checkpoints: moons/0/1 has reached epoch 6, but its newest checkpoint is of epoch 3'],
    ],
    [
      'a checkpoint of a trial that has ended and is not the best',
      'INSERT INTO checkpoint SELECT 2, epoch, fingerprint, checksum, created_at, state FROM checkpoint WHERE trial = 1',
      ['kept checkpoints: moons/1/0 has 1 checkpoints'],
    ],
    [
      'a checkpoint of which a bit has changed',
      "UPDATE checkpoint SET state = x'00' WHERE trial = 3 AND epoch = 4",
      ['checksums: moons/2/0 has a damaged checkpoint of epoch 4'],
    ],
    [
      'a mean that is off by its last bit',
      'UPDATE config SET mean = 0.80000000000000016 WHERE ordinal = 0',
      ['summaries: moons/0 has n 1, mean 0.80000000000000016, std NULL, but must have n 1, mean 0.8, std NULL'],
    ],
    [
      'an attempt of no trial',
      'INSERT INTO attempt (trial, number, run, cohort, started_at) VALUES (99, 1, 1, 1, 0)',
      ['references: attempt refers to a row of trial that is not there'],
    ],
  ])('finds %s', (_, sql, expected) => {
    damage(file, sql);
    expect(violations()).toEqual(expected);
  });

  test('finds rows that a thinned record does not have, and knows the few that the end adds', () => {
    // Every second from 501 on: 503 is the kept one, 507 the last, 505 the best.
    damage(
      file,
      `
      WITH RECURSIVE number (n) AS (SELECT 11 UNION ALL SELECT n + 1 FROM number WHERE n < 507)
      INSERT INTO epoch (trial, epoch) SELECT 1, n FROM number WHERE n <= 500 OR n % 2 = 0 OR n IN (503, 505, 507);
      UPDATE trial SET epochs = 507, kept_epoch = 503, (train_loss, train_accuracy, test_loss, test_accuracy, objective) =
        (NULL, NULL, NULL, NULL, NULL) WHERE id = 1;
      UPDATE config SET n = 0, mean = NULL WHERE ordinal = 0;
      UPDATE attempt SET epochs = 507 WHERE trial = 1;
      DELETE FROM checkpoint WHERE trial = 1`,
    );
    expect(violations()).toEqual([]);
    damage(file, 'INSERT INTO epoch (trial, epoch) VALUES (1, 501)');
    expect(violations()).toEqual([
      'epochs: moons/0/0 has 4 rows that are not to be recorded, such as that of epoch 501',
    ]);
    damage(file, 'DELETE FROM epoch WHERE trial = 1 AND epoch IN (501, 504)');
    expect(violations()).toEqual(['epochs: moons/0/0 has reached epoch 507, but has no row of epoch 504']);
  });

  test('names the sweep that was probably meant', () => {
    expect(messageOf(() => verify(file, 'moon'))).toMatch(/moons/);
  });

  test('reads beside a writer that has not closed', () => {
    const store = Store.open(file);
    store.write([started(5, 1), placed(5), checkpointed(5, 1, 2)]);
    expect(violations()).toEqual([]);
    store.close();
  });
});
