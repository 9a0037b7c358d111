/** JSON events: one object a line, versioned, and progress only where there was some. */

import { describe, expect, it } from 'vitest';
import { JsonDisplay } from '../../../src/dashboard/lines/json.ts';
import { SNAPSHOTS, STARTED, states } from '../../frames/snapshots.ts';

function openJson() {
  let text = '';
  let now = STARTED;
  const display = new JsonDisplay({ write: (part: string) => (text += part) }, () => now);
  const events = (): readonly unknown[] =>
    text
      .split('\n')
      .filter(Boolean)
      .map((line): unknown => JSON.parse(line));
  return { display, events, pass: (seconds: number) => (now += seconds * 1000) };
}

describe('JSON events', () => {
  it('carry version and time before their own fields', () => {
    const { display, events } = openJson();
    display.event({ type: 'notice', level: 'info', message: 'line\nbreak' });
    expect(events()).toEqual([
      { version: 1, time: '2026-11-23T21:00:00.000Z', type: 'notice', level: 'info', message: 'line\nbreak' },
    ]);
  });

  it('report progress as documented', () => {
    const { display, events, pass } = openJson();
    pass(40);
    display.update(SNAPSHOTS.running);
    expect(events()).toMatchInlineSnapshot(`
      [
        {
          "best": {
            "config": 5,
            "is_baseline": false,
            "mean": 0.967,
            "n": 2,
            "params": {
              "batch_size": 32,
              "dropout": 0.25,
              "l2": 0.000001,
            },
            "rank": 1,
            "std": 0.0009,
          },
          "epochs_done": 1768,
          "epochs_planned": 4320,
          "live": true,
          "seconds_left": {
            "expected": 61.4075,
            "high": 80.85116351195758,
            "low": 46.63978714038297,
          },
          "speed": {
            "epochs_per_second": 41.55844155844156,
            "trials_per_minute": 57.66233766233766,
          },
          "states": {
            "cancelled": 0,
            "completed": 37,
            "failed": 0,
            "paused": 0,
            "pruned": 0,
            "queued": 55,
            "running": 16,
          },
          "sweep": "quickstart",
          "time": "2026-11-23T21:00:40.000Z",
          "trials": 108,
          "trials_ended": 37,
          "type": "progress",
          "version": 1,
        },
      ]
    `);
  });

  it('report progress at most once a second, only where there was some, and last of all before the end', async () => {
    const { display, events, pass } = openJson();
    display.update(SNAPSHOTS.running);
    pass(0.5);
    display.update({ ...SNAPSHOTS.running, epochs_done: 2000 });
    expect(events()).toHaveLength(1);
    pass(0.5);
    display.update({ ...SNAPSHOTS.running, epochs_done: 2001 });
    pass(5);
    display.update({ ...SNAPSHOTS.running, epochs_done: 2001 });
    expect(events()).toHaveLength(2);
    display.update({ ...SNAPSHOTS.running, epochs_done: 2002 });
    display.update({ ...SNAPSHOTS.running, epochs_done: 2003 });
    display.event({ type: 'ended', reason: 'stopped', exit_code: 3, states: states({}), seconds: 6 });
    await display.close();
    expect(events()).toMatchObject([
      { epochs_done: SNAPSHOTS.running.epochs_done },
      { epochs_done: 2001 },
      { epochs_done: 2002 },
      { epochs_done: 2003 },
      { type: 'ended' },
    ]);
  });
});
