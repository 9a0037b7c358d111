/** The tables refuse what must not happen, whoever writes; and SQL and TypeScript name the same things. */

import type Database from 'better-sqlite3';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { openForWriting } from '../../db/database.ts';
import { parameterNameProblem, sweepNameProblem } from '../../db/names.ts';
import { Store } from '../../db/store.ts';
import { VIEWS_VERSION, createSweepViews } from '../../db/views.ts';
import type { TrialState } from '../../db/writes.ts';
import { TRIAL_TRANSITIONS } from '../../src/coordinator/core/trial-states.ts';
import { METRIC_NAMES } from '../../src/metrics.ts';
import { emptyFolder } from '../empty-folder.ts';
import { messageOf } from './message.ts';
import { FACTS, createSample, diverged, epochs, started, wholeTrial } from './sample-sweep.ts';

const STATES = Object.keys(TRIAL_TRANSITIONS) as TrialState[];
const [COMPLETED, FAILED, RUNNING, QUEUED] = [1, 2, 3, 4];

let db: Database.Database;

beforeAll(() => {
  const file = join(emptyFolder(), 'a.db');
  const store = Store.open(file);
  const run = store.startRun(createSample(store), FACTS);
  store.write(wholeTrial(COMPLETED, run, 0.9));
  store.write([started(FAILED, run), epochs(FAILED, 1, 3), diverged(FAILED)]);
  store.write([started(RUNNING, run), epochs(RUNNING, 1, 3)]);
  store.close();
  db = openForWriting(file);
});

function columnsOf(table: string): string[] {
  return db.prepare<[string], string>('SELECT name FROM pragma_table_info(?)').pluck().all(table);
}

/** Runs `sql`, which must leave no trace. */
function attempt(sql: string): string {
  db.exec('BEGIN');
  try {
    return messageOf(() => db.exec(sql));
  } finally {
    if (db.inTransaction) db.exec('ROLLBACK');
  }
}

test.each(['trial', 'epoch', 'trial_results', 'learning_curves'])(
  'the metric columns of %s are METRIC_NAMES, and all others in one',
  (table) => {
    expect(columnsOf(table).slice(-METRIC_NAMES.length - 1)).toEqual([...METRIC_NAMES, 'metrics']);
  },
);

test('every table is strict', () => {
  const tables = db
    .prepare("SELECT name, strict FROM pragma_table_list WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
    .all();
  expect(tables.length).toBeGreaterThan(0);
  expect(tables.filter((table) => (table as { strict: number }).strict === 0)).toEqual([]);
});

test('a change of the views raises their version', () => {
  const shared = readFileSync(new URL('../../db/views.sql', import.meta.url), 'utf8');
  const own = createSweepViews({ id: 1, name: 'a', parameters: ['b'], metrics: ['test_loss'] });
  const hash = createHash('sha256').update(shared).update(own).digest('hex').slice(0, 12);
  expect([VIEWS_VERSION, hash]).toMatchInlineSnapshot(`
    [
      5,
      "5405f4bfdb1b",
    ]
  `);
});

describe('the trigger allows the transitions of the coordinator and no others', () => {
  const pairs = STATES.flatMap((from) => STATES.filter((to) => to !== from).map((to) => ({ from, to })));
  test.each(pairs)('$from -> $to', ({ from, to }) => {
    const allowed = Object.values(TRIAL_TRANSITIONS[from]).includes(to);
    // A table of its own, since not every state can be reached here; the trigger is the real one.
    const trigger =
      db.prepare<[], string>("SELECT sql FROM sqlite_schema WHERE name = 'trial_transition'").pluck().get() ?? '';
    db.exec('BEGIN');
    try {
      db.exec('CREATE TABLE probe (state TEXT)');
      db.exec(trigger.replace('trial_transition', 'probe_transition').replace('ON trial', 'ON probe'));
      db.prepare('INSERT INTO probe VALUES (?)').run(from);
      const change = (): unknown => db.prepare('UPDATE probe SET state = ?').run(to);
      if (allowed) expect(change).not.toThrow();
      else expect(change).toThrow("this change of a trial's state is not allowed");
    } finally {
      db.exec('ROLLBACK');
    }
  });
});

test.each([
  ['a result changes', `UPDATE trial SET test_loss = 0 WHERE id = ${COMPLETED}`, 'finished trials must not change'],
  [
    'a completed trial is queued again',
    `UPDATE trial SET state = 'queued' WHERE id = ${COMPLETED}`,
    'finished trials must not change',
  ],
  ['a failed trial changes', `UPDATE trial SET epochs = 0 WHERE id = ${FAILED}`, 'finished trials must not change'],
  ['a finished trial is deleted', `DELETE FROM trial WHERE id = ${COMPLETED}`, 'finished trials must not be deleted'],
  ['an epoch changes', 'UPDATE epoch SET test_loss = 0', 'recorded epochs must not change'],
  ['an epoch of a result is deleted', `DELETE FROM epoch WHERE trial = ${COMPLETED}`, 'must not be deleted'],
  ['a queued trial gets an epoch', `INSERT INTO epoch (trial, epoch) VALUES (${QUEUED}, 1)`, 'only a running trial'],
  ['a result gets an epoch', `INSERT INTO epoch (trial, epoch) VALUES (${COMPLETED}, 11)`, 'only a running trial'],
  ['an epoch comes twice', `INSERT INTO epoch (trial, epoch) VALUES (${RUNNING}, 3)`, 'UNIQUE constraint failed'],
  ['an epoch is 0', `INSERT INTO epoch (trial, epoch) VALUES (${RUNNING}, 0)`, 'CHECK constraint failed'],
  ['an epoch has no trial', 'INSERT INTO epoch (trial, epoch) VALUES (999, 1)', 'FOREIGN KEY constraint failed'],
  ['a layer changes', 'UPDATE layer_epoch SET kernel_norm = 0', 'recorded epochs must not change'],
  ['a layer of a result is deleted', `DELETE FROM layer_epoch WHERE trial = ${COMPLETED}`, 'must not be deleted'],
  [
    'a result gets a layer',
    `INSERT INTO layer_epoch (trial, epoch, layer) VALUES (${COMPLETED}, 1, 9)`,
    'only a running trial',
  ],
  [
    'a layer has no epoch',
    `INSERT INTO layer_epoch (trial, epoch, layer) VALUES (${RUNNING}, 99, 0)`,
    'FOREIGN KEY constraint failed',
  ],
  [
    'a share is more than all',
    `INSERT INTO layer_epoch (trial, epoch, layer, clipped_share) VALUES (${RUNNING}, 3, 9, 1.5)`,
    'CHECK constraint failed',
  ],
  ['a number is text', `INSERT INTO epoch (trial, epoch, test_loss) VALUES (${RUNNING}, 4, 'x')`, 'cannot store TEXT'],
  ['a state is unknown', `UPDATE trial SET state = 'done' WHERE id = ${QUEUED}`, 'is not allowed'],
  [
    'a completed trial has no kept epoch',
    `UPDATE trial SET state = 'completed' WHERE id = ${RUNNING}`,
    'CHECK constraint failed',
  ],
  ['a failed trial has no kind', `UPDATE trial SET state = 'failed' WHERE id = ${RUNNING}`, 'CHECK constraint failed'],
  [
    'a trial is there twice',
    'INSERT INTO trial (sweep, config, replicate, position) VALUES (1, 0, 0, 9)',
    'UNIQUE constraint failed',
  ],
])('it is refused that %s', (_, sql, message) => {
  expect(attempt(sql)).toContain(message);
});

test.each(['leaderboard', 'trial', 'Moons', 'my sweep', '-a', 'a-', '', 'main_effects'])(
  'no sweep is called %j',
  (name) => {
    expect(sweepNameProblem(name)).toBeDefined();
  },
);

test.each(['a', '7', 'circles-dropout', 'run-2'])('a sweep may be called %j', (name) => {
  expect(sweepNameProblem(name)).toBeUndefined();
});

test('parameters are told from columns and from each other, case aside', () => {
  expect(parameterNameProblem(['l2', 'dropout'])).toBeUndefined();
  expect(parameterNameProblem(['l2', 'Epochs'])).toBe(
    "a parameter must not be called like a column of the results: 'Epochs'",
  );
  expect(parameterNameProblem(['l2', 'L2'])).toBe("parameters must differ in more than case: 'l2' and 'L2'");
});
