/** A run against a real database, over virtual time: lock, recovery, deadline, and going on. */

import Database from 'better-sqlite3';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { acquireLock } from '../../db/lock.ts';
import { Store } from '../../db/store.ts';
import { orderTrials } from '../../src/coordinator/core/order.ts';
import type { Begin } from '../../src/coordinator/messages.ts';
import { type RunHooks, runSweepHere } from '../../src/coordinator/run-sweep.ts';
import { type SimulatedAttempt, SimulatedExecutor } from '../../src/executor/simulated.ts';
import { rowsOf } from '../db/rows.ts';
import { emptyFolder } from '../empty-folder.ts';
import { PLAIN_RUN } from './plain-run.ts';
import { smallSweep } from './small-sweep.ts';

let folder: string;
let store: Store;
let begin: Begin;

beforeEach(() => {
  folder = emptyFolder();
  store = Store.open(join(folder, 'results.db'));
  const sweep = smallSweep({ configs: [{ dropout: 0 }, { dropout: 0.2 }, { dropout: 0.4 }], replicates: 4 });
  const origin = { definition: {}, hash: 'hash', file: 'small.yaml', versions: {} };
  const id = store.createSweep(sweep, origin, orderTrials(3, 4, sweep.seed));
  begin = {
    type: 'begin',
    ...PLAIN_RUN,
    database: store.file,
    sweep: id,
    backend: 'cpu',
    previous: null,
  };
});

afterEach(() => store.close());

const SILENT: RunHooks = {
  onRunning: () => {},
  onCommitted: () => {},
  onNotice: () => {},
  onHolding: () => {},
  onFatal: () => {},
};
const completes: SimulatedAttempt = { epochs: 8, secondsPerEpoch: 1, outcome: 'completes' };

function run(hooks: Partial<RunHooks> = {}, attempt = completes, options: Partial<Begin> = {}) {
  const executor = () => new SimulatedExecutor({ workers: 2, simulate: () => attempt });
  return runSweepHere(store, { ...begin, ...options }, executor, { ...SILENT, ...hooks });
}

function states(): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { state } of store.trials(begin.sweep)) counts[state] = (counts[state] ?? 0) + 1;
  return counts;
}

describe('runSweepHere', () => {
  test('brings every trial to its end', async () => {
    expect(await run()).toBe('finished');
    expect(states()).toEqual({ completed: 12 });
    expect(rowsOf(store.file, 'SELECT trials, stale FROM sweep_analyses')).toEqual([{ trials: 12, stale: 0 }]);
  });

  test('starts nothing of a paused sweep until it is resumed', async () => {
    store.pause(begin.sweep);
    const told: unknown[] = [];
    const outcome = await run({
      onCommitted: (writes) => told.push(...writes.filter(({ type }) => type === 'attempt_started')),
      onHolding: (reason) => {
        told.push(reason);
        if (reason === 'paused') store.addCommand(begin.sweep, 'resume');
      },
    });
    expect(outcome).toBe('finished');
    expect(told[0]).toBe('paused');
    expect(told.filter((each) => each === 'paused' || each === null)).toEqual(['paused', null]);
    expect(told).toHaveLength(2 + 12);
    expect(store.isPaused(begin.sweep)).toBe(false);
  });

  test('goes on where it was stopped', async () => {
    let stop = (_when: 'chunk' | 'now'): void => {};
    const outcome = await run({
      onRunning: (running) => (stop = running.stop),
      onCommitted: (writes) => {
        if (writes.some(({ type }) => type === 'trial_ended')) stop('now');
      },
    });
    expect(outcome).toBe('stopped');
    const between = states();
    expect(between['running']).toBeUndefined();
    expect(between['queued']).toBeGreaterThan(0);
    expect(rowsOf(store.file, 'SELECT stale FROM sweep_analyses')).toEqual([{ stale: 0 }]);
    expect(await run()).toBe('finished');
    expect(states()).toEqual({ completed: 12 });
  });

  test('queues again what a killed predecessor left running', async () => {
    const [first] = store.trials(begin.sweep);
    const dead = store.startRun(begin.sweep, { pid: 1, workers: 1, backend: 'cpu', versions: {}, host: 'here' });
    store.write([{ type: 'attempt_started', trial: first!.id, cohort: 1, run: dead, alone: false }]);
    let recovered = 0;
    expect(await run({ onRunning: (running) => (recovered = running.recovered) })).toBe('finished');
    expect(recovered).toBe(1);
    expect(states()).toEqual({ completed: 12 });
  });

  test('refuses a sweep that another coordinator holds, and leaves it untouched', async () => {
    const lock = acquireLock(store.file, begin.sweep);
    await expect(run()).rejects.toMatchObject({ code: 'conflict' });
    lock?.release();
    expect(states()).toEqual({ queued: 12 });
  });

  test('stops at its deadline with trials left', async () => {
    const endless: SimulatedAttempt = { ...completes, epochs: 1_000_000_000 };
    expect(await run({}, endless, { deadline: Date.now() })).toBe('deadline');
    expect(states()).toEqual({ queued: 12 });
  });

  test('obeys a command to stop from another process', async () => {
    const endless: SimulatedAttempt = { ...completes, epochs: 1_000_000_000 };
    const onRunning = (): void => store.addCommand(begin.sweep, 'stop');
    expect(await run({ onRunning }, endless)).toBe('stopped');
  });

  test('ends with an error, not with its process, when the commands of others cannot be read', async () => {
    const endless: SimulatedAttempt = { ...completes, epochs: 1_000_000_000 };
    const onRunning = (): void => {
      const other = new Database(store.file);
      other.exec('DROP TABLE command');
      other.close();
    };
    await expect(run({ onRunning }, endless)).rejects.toThrow(/no such table: command/);
  });

  test('ends with an error when its database is removed', async () => {
    const endless: SimulatedAttempt = { ...completes, epochs: 1_000_000_000 };
    const onRunning = (): void => rmSync(store.file);
    await expect(run({ onRunning }, endless)).rejects.toMatchObject({
      code: 'database',
      message: expect.stringMatching(/was removed/),
    });
  });

  test('must end at once far above its memory limit, and says what it has', async () => {
    const endless: SimulatedAttempt = { ...completes, epochs: 1_000_000_000 };
    let stop = (_when: 'chunk' | 'now'): void => {};
    const onRunning: RunHooks['onRunning'] = (running) => (stop = running.stop);
    const told: unknown[] = [];
    const onFatal: RunHooks['onFatal'] = (cause, message) => {
      told.push(cause, message);
      stop('now');
    };
    await run({ onRunning, onFatal }, endless, { memoryLimit: 1e6 });
    expect(told).toEqual(['out_of_memory', expect.stringMatching(/GB of memory are in use, more than the limit/)]);
  });

  test('says that workers cannot start, and keeps all trials', async () => {
    const broken = { workers: 2, use: () => [], close: () => Promise.resolve(), start: () => failed };
    const failed = {
      ended: Promise.resolve({ reason: 'failed' as const, kind: 'error' as const, message: 'no library' }),
      add: () => {},
      stop: () => {},
      fail: () => {},
    };
    await expect(runSweepHere(store, begin, () => broken, SILENT)).rejects.toThrow(/no library/);
    expect(states()).toEqual({ queued: 12 });
  });
});
