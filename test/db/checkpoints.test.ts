/** A trial goes on from its newest checkpoint that is whole, with exactly the epochs up to it; of ended trials only the best keeps one. */

import Database from 'better-sqlite3';
import fc from 'fast-check';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { Reader } from '../../db/reader.ts';
import type { Death } from '../../db/recover.ts';
import { Store } from '../../db/store.ts';
import type { Loss, Write } from '../../db/writes.ts';
import type { Goal } from '../../src/metrics.ts';
import { emptyFolder } from '../empty-folder.ts';
import { messageOf } from './message.ts';
import { rowsOf } from './rows.ts';
import {
  FACTS,
  ORIGIN,
  checkpointed,
  completed,
  createSample,
  diverged,
  epochs,
  orderOf,
  placed,
  sampleSweep,
  started,
  stateAt,
} from './sample-sweep.ts';

const CRASH: Death = { cause: 'crashed', message: 'the process ended by SIGSEGV' };
const acquit = (): null => null;

let file: string;
let store: Store;
let sweep: number;
let run: number;

beforeEach(() => {
  file = join(emptyFolder(), 'a.db');
  store = Store.open(file);
  sweep = createSample(store);
  run = store.startRun(sweep, FACTS);
  return () => store.close();
});

const rows = (sql: string): Record<string, unknown>[] => rowsOf(file, sql);
const column = (name: string, from: string): unknown[] => rows(`SELECT ${name} FROM ${from}`).map((row) => row[name]);
const keptEpochs = (trial: number): unknown[] => column('epoch', `checkpoint WHERE trial = ${trial} ORDER BY epoch`);
const recordedEpochs = (trial: number): unknown[] => column('epoch', `epoch WHERE trial = ${trial} ORDER BY epoch`);

/** Flips a bit on the disk. */
function damage(trial: number, epoch: number): void {
  const db = new Database(file);
  const { state } = db.prepare('SELECT state FROM checkpoint WHERE trial = ? AND epoch = ?').get(trial, epoch) as {
    state: Buffer;
  };
  state[0]! ^= 1;
  db.prepare('UPDATE checkpoint SET state = ? WHERE trial = ? AND epoch = ?').run(state, trial, epoch);
  db.close();
}

/** Trial 1 runs and has checkpoints at epochs 2 and 4. */
function twoCheckpoints(): void {
  store.write([started(1, run), placed(1), checkpointed(1, 1, 2), checkpointed(1, 3, 4)]);
}

describe('of a running trial', () => {
  test('the newest two are kept, each as it was made', () => {
    twoCheckpoints();
    expect(store.checkpoint(1)).toEqual({ epoch: 4, fingerprint: 'f', bytes: Buffer.from(stateAt(4)) });
    store.write([checkpointed(1, 5, 7)]);
    expect(keptEpochs(1)).toEqual([4, 7]);
    expect(store.checkpoint(1)?.bytes).toEqual(Buffer.from(stateAt(7)));
    expect(store.checkpoint(2)).toBeUndefined();
  });

  test('one of the same epoch takes the place of the other, and one may come without rows', () => {
    twoCheckpoints();
    const again = { ...checkpointed(1, 5, 4, Uint8Array.of(9)), rows: [] };
    store.write([again]);
    expect(keptEpochs(1)).toEqual([2, 4]);
    expect(store.checkpoint(1)?.bytes).toEqual(Buffer.of(9));
    store.write([{ ...again, checkpoint: { epoch: 6, fingerprint: 'f', bytes: stateAt(6) } }]);
    expect(column('epochs', 'trial WHERE id = 1')).toEqual([6]);
  });

  test('they go when it fails, and a trial that is tried again by hand begins anew', () => {
    twoCheckpoints();
    store.write([diverged(1, 4)]);
    expect(keptEpochs(1)).toEqual([]);
    store.retry(sweep);
    expect(store.trials(sweep)[0]).toMatchObject({ state: 'queued', epochs: 0, losses: [] });
    expect(recordedEpochs(1)).toEqual([]);
  });

  test('no trial gets one that has not begun or has failed', () => {
    const insert = `INSERT INTO checkpoint VALUES (1, 1, 'f', 0, 0, x'00')`;
    const db = new Database(file);
    expect(messageOf(() => db.exec(insert))).toMatch('only a running or a completed trial gets a checkpoint');
    store.write([started(1, run), placed(1), diverged(1, 0)]);
    expect(messageOf(() => db.exec(insert))).toMatch('only a running or a completed trial gets a checkpoint');
    db.close();
  });
});

describe('an attempt that is lost', () => {
  test('leaves what its newest checkpoint reaches, and the next goes on there', () => {
    twoCheckpoints();
    store.write([epochs(1, 5, 6), { type: 'attempt_lost', trial: 1, outcome: 'interrupted', message: null }]);
    expect(recordedEpochs(1)).toEqual([1, 2, 3, 4]);
    expect(store.trials(sweep)[0]).toMatchObject({ state: 'queued', attempts: 1, epochs: 4 });
    store.write([started(1, run), placed(1, 0, 4), epochs(1, 5, 10), completed(1, 0.9)]);
    expect(rows('SELECT attempt, outcome, resumed_from_epoch, epochs FROM attempts')).toEqual([
      { attempt: 1, outcome: 'interrupted', resumed_from_epoch: 0, epochs: 6 },
      { attempt: 2, outcome: 'completed', resumed_from_epoch: 4, epochs: 10 },
    ]);
    // Six, and those after the fourth once more.
    expect(column('epochs', `run WHERE id = ${run}`)).toEqual([12]);
    expect(recordedEpochs(1)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  });

  test.each([2, 0])('a worker that can only go on from epoch %i makes the rest go', (from) => {
    twoCheckpoints();
    store.write([{ type: 'attempt_lost', trial: 1, outcome: 'interrupted', message: null }]);
    store.write([started(1, run), placed(1, 0, from)]);
    expect(recordedEpochs(1)).toEqual([1, 2].slice(0, from));
    expect(keptEpochs(1)).toEqual(from === 0 ? [] : [from]);
    store.write([epochs(1, from + 1, 10), completed(1, 0.9)]);
    expect(recordedEpochs(1)).toHaveLength(10);
  });

  test('nothing goes on after what is recorded', () => {
    twoCheckpoints();
    store.write([{ type: 'attempt_lost', trial: 1, outcome: 'interrupted', message: null }]);
    expect(messageOf(() => store.write([started(1, run), placed(1, 0, 5)]))).toBe(
      'trial 1 must go on from epoch 4 at most, but found epoch 5',
    );
  });
});

describe('recovery', () => {
  test('of an unknown death: no cause is noted, and a module without checkpoints begins anew', () => {
    store.write([started(1, run), placed(1), epochs(1, 1, 3), started(2, run), placed(2), checkpointed(2, 1, 3)]);
    expect(store.recover(sweep, null, acquit)).toEqual({ trials: 2, failed: 0, damaged: [] });
    expect(store.trials(sweep).map(({ epochs: reached }) => reached)).toEqual([0, 3, 0, 0, 0, 0]);
    expect([recordedEpochs(1), recordedEpochs(2)]).toEqual([[], [1, 2, 3]]);
    expect(rows('SELECT outcome, loss_cause FROM attempts')).toEqual(
      Array(2).fill({ outcome: 'lost', loss_cause: null }),
    );
  });

  test.each(['crashed', 'out_of_memory', 'stalled', 'killed'] as const)('notes the cause %s', (cause) => {
    store.write([started(1, run), placed(1)]);
    store.recover(sweep, { cause, message: 'as it was' }, acquit);
    expect(rows('SELECT outcome, loss_cause, message FROM attempts')).toEqual([
      { outcome: 'lost', loss_cause: cause, message: 'as it was' },
    ]);
    expect(store.trials(sweep)[0]?.losses).toEqual([{ cause, alone: false }]);
  });

  test('judges each trial by its losses since its last checkpoint, and closes those that are convicted as failed', () => {
    const alone = { ...started(1, run), alone: true } as Write;
    store.write([started(1, run), placed(1), started(2, run), placed(2), checkpointed(2, 1, 2)]);
    store.recover(sweep, { cause: 'killed', message: 'killed' }, acquit);
    store.write([alone, placed(1), started(2, run), placed(2, 0, 2), started(3, run)]);
    const judged: (readonly Loss[])[] = [];
    const found = store.recover(sweep, CRASH, (losses) => {
      judged.push(losses);
      return losses[0]?.alone ? 'crashed' : null;
    });
    expect(judged).toEqual([
      [
        { cause: 'crashed', alone: true },
        { cause: 'killed', alone: false },
      ],
      // Its first attempt has left a checkpoint.
      [{ cause: 'crashed', alone: false }],
      [{ cause: 'crashed', alone: false }],
    ]);
    expect(found).toEqual({ trials: 2, failed: 1, damaged: [] });
    expect(rows('SELECT failure_kind, message, attempts FROM failures')).toEqual([
      { failure_kind: 'crashed', message: CRASH.message, attempts: 2 },
    ]);
    expect(column('trials', `run WHERE id = ${run}`)).toEqual([1]);
    // By hand, it is innocent again.
    store.retry(sweep);
    expect(store.trials(sweep)[0]?.losses).toEqual([]);
  });

  test('stops in between neither count nor clear, and progress clears', () => {
    const lose: Write = { type: 'attempt_lost', trial: 1, outcome: 'lost', message: null, cause: 'crashed' };
    const stop: Write = { type: 'attempt_lost', trial: 1, outcome: 'interrupted', message: null };
    const losses = (): unknown => store.trials(sweep)[0]?.losses;
    store.write([started(1, run), placed(1), lose, started(1, run), stop, started(1, run), placed(1), stop]);
    expect(losses()).toEqual([{ cause: 'crashed', alone: false }]);
    store.write([started(1, run), placed(1), checkpointed(1, 1, 1), lose]);
    expect(losses()).toEqual([]);
    store.write([started(1, run), placed(1, 0, 1), lose, started(1, run), lose]);
    expect(losses()).toHaveLength(2);
  });

  test.each([
    { epochs: [4], reached: 2 },
    { epochs: [2], reached: 4 },
    { epochs: [2, 4], reached: 0 },
  ])('of damaged checkpoints at $epochs: the trial goes on from epoch $reached', ({ epochs: which, reached }) => {
    twoCheckpoints();
    for (const epoch of which) damage(1, epoch);
    expect(store.checkpoint(1)?.epoch ?? 0).toBe(reached);
    const found = store.recover(sweep, null, acquit);
    const bad = which.filter((epoch) => epoch > reached).toReversed();
    expect(found.damaged).toEqual(bad.map((epoch) => ({ config: 0, replicate: 0, epoch })));
    expect(store.trials(sweep)[0]).toMatchObject({ state: 'queued', epochs: reached });
    expect(recordedEpochs(1)).toEqual([1, 2, 3, 4].slice(0, reached));
    // It finds nothing twice.
    expect(store.recover(sweep, null, acquit)).toEqual({ trials: 0, failed: 0, damaged: [] });
  });

  test('looks at the checkpoints of trials that wait, too', () => {
    twoCheckpoints();
    store.write([{ type: 'attempt_lost', trial: 1, outcome: 'interrupted', message: null }]);
    damage(1, 4);
    expect(store.recover(sweep, null, acquit)).toMatchObject({ trials: 0, damaged: [{ epoch: 4 }] });
    expect(store.trials(sweep)[0]?.epochs).toBe(2);
  });
});

describe('the final checkpoint', () => {
  const TRIALS = 9;
  /** Few values, so that there are ties; -1 and 2 stand for ends without an objective and for failures. */
  const ends = fc.array(fc.constantFrom(-1, 0, 0.25, 0.5, 2), { minLength: TRIALS, maxLength: TRIALS });
  const orders = fc.shuffledSubarray([...Array(TRIALS).keys()], { minLength: TRIALS });

  test('is that of the best completed trial, ties by config, then replicate, in whatever order trials end', () => {
    let number = 0;
    fc.assert(
      fc.property(ends, orders, fc.constantFrom<Goal>('minimize', 'maximize'), (values, order, goal) => {
        number += 1;
        const definition = sampleSweep({ name: `s${number}`, configs: 3, replicates: 3 });
        const judged = { ...definition, objective: { ...definition.objective, goal } };
        const id = store.createSweep(judged, ORIGIN, orderOf(judged));
        const trials = store.trials(id);
        const itsRun = store.startRun(id, FACTS);
        for (const index of order) {
          const trial = trials[index]!.id;
          const value = values[index]!;
          store.write([started(trial, itsRun), placed(trial), checkpointed(trial, 1, 10)]);
          const checkpoint = { epoch: 10, fingerprint: 'f', bytes: stateAt(10) };
          store.write([
            value === 2 ? diverged(trial, 10) : { ...completed(trial, value < 0 ? null : value), checkpoint },
          ]);
        }
        const sign = goal === 'minimize' ? 1 : -1;
        const [best] = trials
          .map((trial, index) => ({ ...trial, value: values[index]! }))
          .filter(({ value }) => value >= 0 && value < 2)
          .sort((a, b) => sign * (a.value - b.value) || a.config - b.config || a.replicate - b.replicate);
        const kept = column('trial', `checkpoint WHERE trial IN (SELECT id FROM trial WHERE sweep = ${id})`);
        expect(kept).toEqual(best ? [best.id] : []);
      }),
      { numRuns: 30 },
    );
  });

  test('of a trial that was the best goes when a better one ends without one', () => {
    const end = (trial: number, accuracy: number, bytes?: Uint8Array): Write[] => [
      started(trial, run),
      placed(trial),
      epochs(trial, 1, 10),
      { ...completed(trial, accuracy), ...(bytes ? { checkpoint: { epoch: 10, fingerprint: 'f', bytes } } : {}) },
    ];
    store.write(end(1, 0.5, stateAt(10)));
    expect(keptEpochs(1)).toEqual([10]);
    store.write(end(2, 0.4, stateAt(10)));
    store.write(end(3, 0.6));
    expect(column('trial', 'checkpoint')).toEqual([]);
  });

  test('goes with its sweep', () => {
    store.write([started(1, run), placed(1), checkpointed(1, 1, 10)]);
    store.removeSweep('moons');
    expect(rows('SELECT * FROM checkpoint')).toEqual([]);
  });
});

test('a paused sweep stays so until it is told to go on, and a display says how', () => {
  const notice = (): string | null => {
    const reader = Reader.open(file);
    const found = reader.snapshot('moons').notice;
    reader.close();
    return found;
  };
  expect([store.isPaused(sweep), notice()]).toEqual([false, null]);
  store.pause(sweep);
  store.close();
  store = Store.open(file);
  expect([store.isPaused(sweep), notice()]).toEqual([true, 'paused; to go on: nightsweep resume moons']);
  store.unpause(sweep);
  expect([store.isPaused(sweep), notice()]).toEqual([false, null]);
});
