/** Plain lines: what is worth one, and when. */

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DisplayEvent } from '../../../src/dashboard/display.ts';
import { PlainDisplay } from '../../../src/dashboard/lines/plain.ts';
import { SNAPSHOTS, STARTED, states } from '../../frames/snapshots.ts';

/** The clock on the wall is that of Greenwich here. */
const zone = process.env['TZ'];
beforeAll(() => void (process.env['TZ'] = 'UTC'));
afterAll(() => {
  if (zone === undefined) delete process.env['TZ'];
  else process.env['TZ'] = zone;
});

function openPlain() {
  let text = '';
  let now = STARTED;
  const display = new PlainDisplay({ write: (part: string) => (text += part) }, () => now);
  /** Without the days. */
  const lines = (): string[] => text.split('\n').filter((line) => line.includes('  '));
  return { display, text: () => text, lines, pass: (seconds: number) => (now += seconds * 1000) };
}

const running = (completed: number) => ({
  ...SNAPSHOTS.running,
  states: states({ completed, running: 10, queued: 98 - completed }),
  running: SNAPSHOTS.running.running.slice(0, 10),
  run_trials: completed,
  run_epochs: completed * 40,
  epochs_done: completed * 40 + 120,
});

describe('plain lines', () => {
  it('tell a whole run', async () => {
    const { display, text, pass } = openPlain();
    display.event({
      type: 'started',
      sweep: 'quickstart',
      database: 'nightsweep.db',
      objective: 'test_accuracy',
      goal: 'maximize',
      configs: 36,
      replicates: 3,
      trials: 108,
      trials_ended: 0,
      workers: 2,
      backend: 'native',
    });
    display.update(SNAPSHOTS.empty);
    pass(4);
    display.update(running(5));
    display.event({
      type: 'trial_ended',
      trial: 7,
      config: 2,
      replicate: 1,
      params: { l2: 0.1 },
      state: 'failed',
      epochs: 3,
      seconds: 0.2,
      objective: null,
      failure_kind: 'diverged',
      message: 'the mean training loss\nis not finite',
    });
    pass(2);
    display.update(running(12));
    pass(5);
    display.update(running(20));
    pass(6);
    display.update(running(21));
    display.event({ type: 'notice', level: 'warning', message: 'stopping after the running epochs' });
    display.update({ ...running(21), states: states({ completed: 21, queued: 87 }), running: [], live: false });
    display.event({
      type: 'ended',
      reason: 'stopped',
      exit_code: 3,
      states: states({ completed: 21, queued: 87 }),
      seconds: 17,
    });
    await display.close();
    expect(`\n${text()}`).toMatchInlineSnapshot(`
      "
      2026-11-23
      21:00:00     0:00  quickstart: 36 configs x 3 replicates = 108 trials, native, 2 workers, into nightsweep.db
      21:00:04     0:04  failed: config 2 rep 1, diverged at epoch 3: the mean training loss is not finite
      21:00:06     0:06   11 %  12/108 trials, 10 running, ~47 s left (31-71), 120 trials/min, best test_accuracy 0.96700 +- 0.00090 (config 5, n 2)
      21:00:17     0:17   19 %  21/108 trials, 10 running, ~68 s left (38-123), 74 trials/min, best test_accuracy 0.96700 +- 0.00090 (config 5, n 2)
      21:00:17     0:17  warning: stopping after the running epochs
      21:00:17     0:17  stopped: 21 completed, 87 queued
      "
    `);
  });

  it('come every ten seconds where something changed, and at each tenth of the trials', () => {
    const { display, lines, pass } = openPlain();
    display.update(running(1));
    expect(lines()).toHaveLength(0);
    pass(9);
    display.update(running(2));
    expect(lines()).toHaveLength(0);
    pass(1);
    display.update(running(3));
    expect(lines()).toHaveLength(1);
    display.update(running(11));
    expect(lines()).toHaveLength(2);
  });

  it('come more seldom in a long night', () => {
    const { display, lines, pass } = openPlain();
    pass(3600);
    display.update(running(2));
    pass(100);
    display.update(running(3));
    expect(lines()).toHaveLength(1);
    pass(100);
    display.update(running(4));
    expect(lines()).toHaveLength(2);
  });

  it('name the day once, and the next one when it comes', () => {
    const { display, text, pass } = openPlain();
    display.event({ type: 'notice', level: 'info', message: 'before' });
    pass(4 * 3600);
    display.event({ type: 'notice', level: 'info', message: 'after' });
    display.event({ type: 'notice', level: 'info', message: 'again' });
    expect(text()).toBe(`2026-11-23
21:00:00     0:00  before
2026-11-24
01:00:00  4:00:00  after
01:00:00  4:00:00  again
`);
  });

  it('tell three failures of a kind, and count the others', async () => {
    const { display, lines, pass } = openPlain();
    display.update(running(1));
    for (let trial = 0; trial < 10_000; trial++) display.event(failed(trial, 'diverged'));
    display.event(failed(1, 'crashed'));
    expect(lines().map((line) => line.slice(19))).toEqual([
      'failed: config 0 rep 0, diverged at epoch 3: no number',
      'failed: config 1 rep 0, diverged at epoch 3: no number',
      'failed: config 2 rep 0, diverged at epoch 3: no number',
      'failed: config 1 rep 0, crashed at epoch 3: no number',
    ]);
    pass(10);
    display.update(running(2));
    expect(lines().at(-2)).toMatch(/failed: 9997 more diverged; the newest: config 9999 rep 0 at epoch 3$/);
    display.event(failed(5, 'diverged'));
    await display.close();
    expect(lines().at(-1)).toMatch(/failed: 1 more diverged; the newest: config 5 rep 0 at epoch 3$/);
  });
});

function failed(config: number, kind: string): Extract<DisplayEvent, { type: 'trial_ended' }> {
  return {
    type: 'trial_ended',
    trial: config,
    config,
    replicate: 0,
    params: {},
    state: 'failed',
    epochs: 3,
    seconds: 1,
    objective: null,
    failure_kind: kind,
    message: 'no number',
  };
}
