/** What a run shows, and what goes on when its dashboard is left. */

import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Reader } from '../../../db/reader.ts';
import { Store } from '../../../db/store.ts';
import { RunView } from '../../../src/cli/run/run-view.ts';
import type { Display } from '../../../src/dashboard/display.ts';
import { emptyFolder } from '../../empty-folder.ts';
import { createSample, sampleSweep } from '../../db/sample-sweep.ts';

/** Writes down what it is told. */
function recordingDisplay(log: string[], name: string): Display {
  return {
    update: () => {},
    event: (event) => log.push(`${name}: ${event.type === 'notice' ? event.message : event.type}`),
    close: () => {
      log.push(`${name}: closed`);
      return Promise.resolve();
    },
  };
}

test('a dashboard that is left is closed once, and plain lines go on to the end of the run', async () => {
  const database = join(emptyFolder(), 'a.db');
  const store = Store.open(database);
  const id = createSample(store);
  const reader = Reader.open(database);
  const log: string[] = [];
  const view = new RunView({
    sweep: sampleSweep(),
    trials: store.trials(id),
    database,
    workers: 1,
    backend: 'cpu',
    reader,
    display: recordingDisplay(log, 'dashboard'),
    openPlain: () => Promise.resolve(recordingDisplay(log, 'plain')),
  });
  view.notice('info', 'before');
  view.leaveDashboard();
  view.leaveDashboard();
  await view.end('finished', 0);
  expect(log).toEqual([
    'dashboard: before',
    'dashboard: closed',
    'plain: the run goes on; Ctrl-C stops it, `watch moons` shows the dashboard again',
    'plain: ended',
    'plain: closed',
  ]);
  reader.close();
  store.close();
});
