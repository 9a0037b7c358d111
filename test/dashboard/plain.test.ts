/** Plain lines: what is worth one, and when. */

import { describe, expect, it } from 'vitest';
import { PlainDisplay } from '../../src/dashboard/plain.ts';
import { SNAPSHOTS, STARTED, states } from '../frames/snapshots.ts';

function openPlain() {
  let text = '';
  let now = STARTED;
  const display = new PlainDisplay({ write: (part: string) => (text += part) }, () => now);
  return { display, text: () => text, pass: (seconds: number) => (now += seconds * 1000) };
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
         0:00  quickstart: 36 configs x 3 replicates = 108 trials, native, 2 workers, into nightsweep.db
         0:00    0 %  0/108 trials
         0:04  failed: config 2 rep 1, diverged at epoch 3: the mean training loss is not finite
         0:06   11 %  12/108 trials, 10 running, 120 trials/min, best test_accuracy 0.96700 +- 0.00090 (config 5, n 2)
         0:17   19 %  21/108 trials, 10 running, ~68 s left (39-117), 74 trials/min, best test_accuracy 0.96700 +- 0.00090 (config 5, n 2)
         0:17  warning: stopping after the running epochs
         0:17   19 %  21/108 trials, best test_accuracy 0.96700 +- 0.00090 (config 5, n 2)
         0:17  stopped: 21 completed, 87 queued
      "
    `);
  });

  it('come every ten seconds where something changed, and at each tenth of the trials', () => {
    const { display, text, pass } = openPlain();
    const lines = (): number => text().split('\n').length - 1;
    display.update(running(1));
    expect(lines()).toBe(1);
    pass(9);
    display.update(running(2));
    expect(lines()).toBe(1);
    pass(1);
    display.update(running(3));
    expect(lines()).toBe(2);
    display.update(running(11));
    expect(lines()).toBe(3);
  });

  it('come more seldom in a long night', () => {
    const { display, text, pass } = openPlain();
    display.update(running(1));
    pass(3600);
    display.update(running(2));
    pass(100);
    display.update(running(3));
    expect(text().split('\n')).toHaveLength(3);
    pass(100);
    display.update(running(4));
    expect(text().split('\n')).toHaveLength(4);
  });
});
