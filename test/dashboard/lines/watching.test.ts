/** What somebody who only looks on learns from the database. */

import { describe, expect, it } from 'vitest';
import { chooseSweep, endedEvent, isOver, newFailures, startedEvent } from '../../../src/dashboard/lines/watching.ts';
import { SNAPSHOTS, STARTED } from '../../frames/snapshots.ts';

const sweep = (name: string, live = false) => ({ name, live });

describe('the sweep that is meant without a name', () => {
  it('is the one that runs, else the newest', () => {
    expect(chooseSweep([sweep('old'), sweep('running', true), sweep('new')])).toBe('running');
    expect(chooseSweep([sweep('old'), sweep('new')])).toBe('new');
  });

  it('must be named where several run, and must exist', () => {
    expect(() => chooseSweep([sweep('one', true), sweep('two', true)])).toThrowErrorMatchingInlineSnapshot(
      `[SweepError: one sweep must be named, since 2 are running: one, two (such as: nightsweep watch two)]`,
    );
    expect(() => chooseSweep([])).toThrowErrorMatchingInlineSnapshot(
      `[SweepError: there must be a sweep to watch, but this database has none yet (start one with nightsweep run FILE, or name another database with --db)]`,
    );
  });
});

describe('the end of a sweep', () => {
  it('has come when it ended, but not while a crashed coordinator may be started again', () => {
    const crashed = { ...SNAPSHOTS.left, ended_at: null };
    expect(isOver(SNAPSHOTS.running, 1e9)).toBe(false);
    expect(isOver(SNAPSHOTS.finished, 0)).toBe(true);
    expect(isOver(SNAPSHOTS.left, 0)).toBe(true);
    expect(isOver(crashed, 9_999)).toBe(false);
    expect(isOver(crashed, 10_000)).toBe(true);
  });

  it('is told as the run would have told it', () => {
    expect(endedEvent(SNAPSHOTS.finished, STARTED)).toMatchObject({ reason: 'finished', exit_code: 2, seconds: 58 });
    expect(endedEvent(SNAPSHOTS.left, STARTED)).toMatchObject({ reason: 'stopped', exit_code: 3, seconds: 9 });
    const crashed = { ...SNAPSHOTS.left, ended_at: null };
    expect(endedEvent(crashed, STARTED + 3000)).toMatchObject({ reason: 'interrupted', seconds: 3 });
  });
});

describe('the events of a watched sweep', () => {
  it('start with what it is', () => {
    expect(startedEvent(SNAPSHOTS.running)).toEqual({
      type: 'started',
      sweep: 'quickstart',
      database: 'nightsweep.db',
      objective: 'test_accuracy',
      goal: 'maximize',
      configs: 36,
      replicates: 3,
      trials: 108,
      trials_ended: 37,
      workers: 2,
      backend: 'native',
    });
  });

  it('tell each failure once, the older first', () => {
    const { failures } = SNAPSHOTS.failures;
    const before = { ...SNAPSHOTS.failures, failures: failures.slice(2) };
    expect(newFailures(before, SNAPSHOTS.failures).map((event) => 'message' in event && event.message)).toEqual([
      expect.stringContaining('config 4 rep 0, diverged at epoch 3'),
      expect.stringContaining('config 0 rep 0, diverged at epoch 2'),
    ]);
    expect(newFailures(SNAPSHOTS.failures, SNAPSHOTS.failures)).toEqual([]);
  });

  it('count failures where there are more than can be told', () => {
    const { failures, states } = SNAPSHOTS.failures;
    const before = { ...SNAPSHOTS.failures, failures: failures.slice(2) };
    const after = { ...SNAPSHOTS.failures, states: { ...states, failed: states.failed + 1000 } };
    expect(newFailures(before, after).map((event) => 'message' in event && event.message)).toEqual([
      'failed: 998 more trials',
      expect.stringContaining('config 4 rep 0'),
      expect.stringContaining('config 0 rep 0'),
    ]);
  });
});
