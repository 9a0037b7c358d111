/** Snapshots from the database, under the coordinator's fresher numbers. */

import { describe, expect, it, vi } from 'vitest';
import { SweepError } from '../../src/errors.ts';
import type { Snapshot } from '../../src/dashboard/snapshot.ts';
import { overlay, SnapshotSource } from '../../src/dashboard/source.ts';
import { SNAPSHOTS } from '../frames/snapshots.ts';

const snapshot = SNAPSHOTS.running;
const first = snapshot.running[0];
if (!first) throw new Error('the running snapshot has a running trial');

describe('the overlay', () => {
  it('moves a running trial on, and the totals with it', () => {
    const laid = overlay(snapshot, [{ trial: first.trial, epoch: first.epoch + 4, train_loss: 0.1 }]);
    expect(laid.running[0]).toEqual({ ...first, epoch: first.epoch + 4, train_loss: 0.1 });
    expect(laid.running.slice(1)).toEqual(snapshot.running.slice(1));
    expect([laid.epochs_done, laid.run_epochs]).toEqual([snapshot.epochs_done + 4, snapshot.run_epochs + 4]);
  });

  it('changes nothing where the database knows as much, or the trial runs no more', () => {
    expect(overlay(snapshot, [{ trial: first.trial, epoch: first.epoch, train_loss: 9 }])).toBe(snapshot);
    expect(overlay(snapshot, [{ trial: 9999, epoch: 5, train_loss: 9 }])).toBe(snapshot);
    expect(overlay(snapshot, [])).toBe(snapshot);
  });
});

describe('the source of snapshots', () => {
  it('hands on what it reads, lays fresh numbers over it, and reports what fails', () => {
    const heard: (Snapshot | string)[] = [];
    let answer: () => Snapshot = () => snapshot;
    const source = new SnapshotSource({ dataVersion: () => 1, snapshot: () => answer() }, 'quickstart', {
      snapshot: (each) => heard.push(each),
      failed: (error) => heard.push(error instanceof Error ? error.message : 'not an error'),
    });
    source.read();
    source.refresh([{ trial: first.trial, epoch: first.epoch + 1, train_loss: 0.2 }]);
    answer = () => {
      throw new SweepError('database', { message: 'the file is gone' });
    };
    source.read();
    expect(heard[0]).toBe(snapshot);
    expect(heard[1]).toMatchObject({ epochs_done: snapshot.epochs_done + 1 });
    expect(heard[2]).toBe('the file is gone');
  });

  it('says a failure once, however often it tries, and again when it comes back', () => {
    const heard: string[] = [];
    let works = false;
    const answer = (): Snapshot => {
      if (works) return snapshot;
      throw new SweepError('database', { message: 'the file is gone' });
    };
    const source = new SnapshotSource({ dataVersion: () => 1, snapshot: answer }, 'quickstart', {
      snapshot: () => heard.push('read'),
      failed: () => heard.push('failed'),
    });
    for (const next of [false, false, true, false, false]) {
      works = next;
      source.read();
    }
    expect(heard).toEqual(['failed', 'read', 'failed']);
  });

  it('reads when something was committed, and now and then for what no commit shows', () => {
    vi.useFakeTimers();
    try {
      let version = 1;
      let reads = 0;
      const reader = {
        dataVersion: () => version,
        snapshot: () => {
          reads += 1;
          return snapshot;
        },
      };
      const source = new SnapshotSource(reader, 'quickstart', { snapshot: () => {}, failed: () => {} });
      source.start();
      vi.advanceTimersByTime(1_500);
      expect(reads).toBe(1);
      version = 2;
      vi.advanceTimersByTime(500);
      expect(reads).toBe(2);
      vi.advanceTimersByTime(10_000);
      expect(reads).toBeGreaterThanOrEqual(6);
      expect(reads).toBeLessThanOrEqual(8);
      source.stop();
    } finally {
      vi.useRealTimers();
    }
  });
});
