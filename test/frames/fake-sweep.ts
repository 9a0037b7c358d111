/**
 * A sweep that only pretends, to look at the dashboard: `npx tsx test/frames/fake-sweep.ts [SECONDS] [throw]`.
 * `throw` ends it by an uncaught exception half-way.
 */

import { openDisplay } from '../../src/dashboard/display.ts';
import type { Snapshot } from '../../src/dashboard/snapshot.ts';
import { SNAPSHOTS, states } from './snapshots.ts';

const seconds = Number(process.argv[2] ?? 20);
const breaks = process.argv[3] === 'throw';
const started = Date.now();

function snapshotAt(share: number, live: boolean): Snapshot {
  const { running, failures } = SNAPSHOTS;
  const completed = Math.floor(107 * share);
  const failed = share > 0.4 ? 1 : 0;
  const active = Math.min(16, 108 - completed - failed);
  const trials = running.running.slice(0, live ? active : 0).map((trial) => ({
    ...trial,
    epoch: Math.floor((trial.epoch + share * 400) % 40),
    train_loss: (trial.train_loss ?? 1) * (1.2 - share),
  }));
  const epochs = completed * 40 + trials.reduce((sum, trial) => sum + trial.epoch, 0);
  return {
    ...running,
    states: states({ completed, failed, running: trials.length, queued: 108 - completed - failed - trials.length }),
    live,
    started_at: started,
    ended_at: live ? null : Date.now(),
    epochs_done: epochs,
    run_epochs: epochs,
    run_trials: completed + failed,
    running: trials,
    best: share < 0.1 ? [] : running.best.slice(0, Math.ceil(share * 20)),
    failures: failed ? failures.failures.slice(0, 1) : [],
  };
}

let stops = 0;
const display = await openDisplay('dashboard', () => ({
  command: 'run',
  sweep: 'quickstart',
  // Nothing that is asked of a database is answered: there is none.
  queries: { ask: () => new Promise(() => {}), close: () => Promise.resolve() },
  control: () => Promise.resolve('only pretended'),
  onStop: () => {
    stops += 1;
    display.event({ type: 'notice', level: 'warning', message: `Ctrl-C was pressed, time ${stops}` });
    if (stops === 2) void end();
  },
  onLeave: () => void end(),
}));

const timer = setInterval(() => {
  const share = (Date.now() - started) / 1000 / seconds;
  if (breaks && share > 0.5) throw new Error('thrown on purpose');
  display.update(snapshotAt(Math.min(1, share), share < 1));
  if (share >= 1) void end();
}, 50);

async function end(): Promise<void> {
  clearInterval(timer);
  await display.close();
  console.log('the final table');
}
