/** Both query ports answer alike: in order, with plain data, and with errors that say what is wrong. */

import { execFile } from 'node:child_process';
import { renameSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeEach, describe, expect, test } from 'vitest';
import { Reader } from '../../../db/reader.ts';
import { Store } from '../../../db/store.ts';
import { localQueryPort } from '../../../src/dashboard/answers/local-query-port.ts';
import type { Query, QueryPort } from '../../../src/dashboard/queries.ts';
import { openQueryPort } from '../../../src/dashboard/answers/query-port.ts';
import { SweepError } from '../../../src/errors.ts';
import { emptyFolder } from '../../empty-folder.ts';
import { FACTS, createSample, wholeTrial } from '../../db/sample-sweep.ts';

const MORTAL_THREAD = fileURLToPath(new URL('../../fixtures/mortal-query-thread.ts', import.meta.url));
const LEAVER = fileURLToPath(new URL('../../fixtures/ask-and-leave.ts', import.meta.url));
const STANDINGS: Query<'standings'> = { kind: 'standings', sweep: 'moons', count: 5, curvePoints: 4 };

let file: string;
let store: Store;
let run: number;

beforeEach(() => {
  file = join(emptyFolder(), 'a.db');
  store = Store.open(file);
  run = store.startRun(createSample(store), FACTS);
  store.write([...wholeTrial(1, run, 0.5), ...wholeTrial(2, run, 0.75)]);
  return () => store.close();
});

function openLocal(): QueryPort {
  const reader = Reader.open(file);
  const port = localQueryPort(reader);
  return {
    ask: (query) => port.ask(query),
    close: async () => {
      await port.close();
      reader.close();
    },
  };
}

describe.each<[string, () => QueryPort]>([
  ['in a thread of its own', () => openQueryPort(file)],
  ['in this thread', openLocal],
])('the query port %s', (_, open) => {
  let port: QueryPort;
  beforeEach(() => {
    port = open();
    return () => port.close();
  });

  test('answers in order, each question in its kind', async () => {
    const order: string[] = [];
    const note = async (answer: Promise<{ readonly kind: string }>) => order.push((await answer).kind);
    await Promise.all([
      note(port.ask(STANDINGS)),
      note(port.ask({ kind: 'sweeps' })),
      note(port.ask({ kind: 'trial', trial: 1, points: 10 })),
      note(port.ask({ kind: 'failures', sweep: 'moons', offset: 0, count: 5 })),
    ]);
    expect(order).toEqual(['standings', 'sweeps', 'trial', 'failures']);
  });

  test('sees what has been committed since', async () => {
    expect((await port.ask(STANDINGS)).rows.map(({ config }) => config)).toEqual([1, 0]);
    store.write(wholeTrial(3, run, 1));
    expect((await port.ask(STANDINGS)).rows.map(({ config }) => config)).toEqual([2, 1, 0]);
  });

  test('rejects with what is wrong, and goes on', async () => {
    const wrong = port.ask({ ...STANDINGS, sweep: 'moon' });
    await expect(wrong).rejects.toBeInstanceOf(SweepError);
    await expect(wrong).rejects.toMatchObject({
      code: 'usage',
      message: "there is no sweep 'moon' (did you mean moons?)",
      problems: [{ message: "there is no sweep 'moon'", hint: 'did you mean moons?' }],
    });
    const order = { by: 'colour', descending: false, filter: '' };
    await expect(port.ask({ kind: 'trials', sweep: 'moons', order, offset: 0, count: 1 })).rejects.toThrow(
      "trials must be sorted by one of their columns, but got 'colour'",
    );
    expect((await port.ask({ kind: 'sweeps' })).sweeps).toHaveLength(1);
  });

  test('answers nothing any more once it is closed', async () => {
    await port.ask({ kind: 'sweeps' });
    await port.close();
    await expect(port.ask({ kind: 'sweeps' })).rejects.toThrow('the port is closed');
  });
});

describe('the thread of a query port', () => {
  test('may be asked before there is a database', async () => {
    const early = join(emptyFolder(), 'early.db');
    const port = openQueryPort(early);
    await expect(port.ask({ kind: 'sweeps' })).rejects.toMatchObject({ code: 'database' });
    store.close();
    renameSync(file, early);
    expect((await port.ask({ kind: 'sweeps' })).sweeps).toHaveLength(1);
    await port.close();
  });

  test('that dies rejects what is open, and another one takes its place', async () => {
    const port = openQueryPort(file, MORTAL_THREAD);
    const open = [port.ask(STANDINGS), port.ask({ kind: 'sweeps' })];
    const settled = await Promise.allSettled(open);
    expect(settled.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    await expect(open[0]).rejects.toThrow('the thread that reads ended with exit code 7');
    expect((await port.ask({ kind: 'sweeps' })).sweeps).toEqual([]);
    await port.close();
  });

  test('keeps no process alive', async () => {
    const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', LEAVER, file], {
      timeout: 20_000,
    });
    expect(stdout).toBe('1');
  });

  test('rejects what is open when it is closed', async () => {
    const port = openQueryPort(file);
    const open = port.ask(STANDINGS);
    const rejected = expect(open).rejects.toThrow('the port is closed');
    await port.close();
    await rejected;
  });
});
