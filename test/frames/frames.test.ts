/** Every view of real databases at three sizes, as a terminal shows it. */

import { renderToString } from 'ink';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { localQueryPort } from '../../src/dashboard/answers/local-query-port.ts';
import { Painter } from '../../src/dashboard/terminal/painter.ts';
import { Session } from '../../src/dashboard/session.tsx';
import { columnsOf } from '../../src/dashboard/text.ts';
import { themeFor, type Theme } from '../../src/dashboard/theme.ts';
import type { Key } from '../../src/dashboard/view.ts';
import { emptyFolder } from '../empty-folder.ts';
import { emptyDatabase, failedDatabase, hugeDatabase, NOW, runningDatabase, type Place } from './databases.ts';
import { openScreen } from './screen.ts';

const SIZES = [
  [80, 24],
  [120, 40],
  [40, 12],
] as const;

const UTF8 = themeFor({ LANG: 'en_US.UTF-8' }, 'linux');

/** Each view by the keys that lead to it from the overview. */
const VIEWS: readonly (readonly [name: string, keys: readonly Key[]])[] = [
  ['overview', []],
  ['trials', ['2', 'down', 'down']],
  ['last trials', ['2', 'end']],
  ['trial', ['2', 'enter']],
  ['compare', ['3']],
  ['failures', ['4']],
  ['log', ['5']],
  ['help', ['2', '?']],
  ['question', ['x']],
];

const DATABASES = {
  running: runningDatabase,
  huge: hugeDatabase,
  failed: failedDatabase,
} as const;

const folder = emptyFolder();
beforeAll(() => {
  process.env['TZ'] = 'UTC';
  vi.useFakeTimers({ toFake: ['Date'], now: NOW });
});
afterAll(() => vi.useRealTimers());

/** A dashboard at a database, without a terminal; `frame` is what it would draw when all questions are answered. */
function openSession({ reader, sweep }: Place, columns: number, rows: number, theme: Theme = UTF8) {
  const session = new Session(
    {
      changed: () => {},
      leave: () => {},
      interrupt: () => {},
      queries: localQueryPort(reader),
      control: () => Promise.resolve('done'),
      openSweep: () => {},
      leaving: 'leaves',
    },
    theme,
    () => ({ columns, rows }),
  );
  if (sweep === undefined) session.browse();
  else session.update(reader.snapshot(sweep));
  const settled = async (): Promise<void> => {
    // Answers come in this thread; one may lead to the next question.
    for (let turn = 0; turn < 5; turn += 1) await new Promise(setImmediate);
  };
  return {
    session,
    press: async (...keys: readonly Key[]): Promise<void> => {
      for (const key of keys) {
        await settled();
        session.onKey(key);
      }
    },
    frame: async (): Promise<string> => {
      await settled();
      return renderToString(session.draw(), { columns });
    },
  };
}

/** The frame as it stands on a terminal, having been drawn there. */
async function shown(frame: string, columns: number, rows: number): Promise<string> {
  const screen = openScreen(columns, rows);
  const writes: Promise<void>[] = [];
  new Painter((bytes) => writes.push(screen.write(bytes))).paint(frame, { columns, rows });
  await Promise.all(writes);
  expect(screen.wrapped()).toBe(0);
  return `\n${screen.lines().join('\n').trimEnd()}\n`;
}

function expectToFit(frame: string, columns: number, rows: number): void {
  const lines = frame.split('\n');
  expect(lines.length).toBeLessThan(rows);
  for (const line of lines) expect(columnsOf(line)).toBeLessThanOrEqual(columns);
}

describe.each(Object.entries(DATABASES))('the database "%s"', (_, make) => {
  let place: Place;
  beforeAll(() => {
    place = make(folder);
  });
  afterAll(() => place.close());

  for (const [columns, rows] of SIZES) {
    it.each(VIEWS)(`shows "%s" on ${columns}x${rows}`, async (_, keys) => {
      const { session, press, frame } = openSession(place, columns, rows);
      await press(...keys);
      const text = await frame();
      expectToFit(text, columns, rows);
      expect(await shown(text, columns, rows)).toMatchSnapshot();
      session.close();
    });
  }

  it('speaks ASCII in every view where the locale does', async () => {
    const ascii = themeFor({ LANG: 'C' }, 'linux');
    for (const [name, keys] of VIEWS) {
      const { session, press, frame } = openSession(place, 100, 30, ascii);
      await press(...keys);
      // eslint-disable-next-line no-control-regex
      expect(await frame(), name).toMatch(/^[\x00-\x7f]*$/);
      session.close();
    }
  });

  it('fits every screen in every view', async () => {
    const sizes = [
      [1, 5],
      [33, 9],
      [200, 60],
    ] as const;
    for (const [columns, rows] of sizes) {
      for (const [, keys] of VIEWS) {
        const { session, press, frame } = openSession(place, columns, rows);
        await press(...keys);
        expectToFit(await frame(), columns, rows);
        session.close();
      }
    }
  });

  it('lists its sweeps', async () => {
    const { session, press, frame } = openSession(place, 80, 24);
    await press('escape');
    expect(await shown(await frame(), 80, 24)).toMatchSnapshot();
    session.close();
  });
});

describe('an empty database', () => {
  for (const [columns, rows] of SIZES) {
    it(`says so on ${columns}x${rows}`, async () => {
      const place = emptyDatabase(folder);
      const { session, frame, press } = openSession(place, columns, rows);
      const text = await frame();
      expectToFit(text, columns, rows);
      expect(await shown(text, columns, rows)).toMatchSnapshot();
      // No key breaks it.
      await press('enter', 'down', '2', 'x', 'escape', '?', 'a', '/', 'end');
      expectToFit(await frame(), columns, rows);
      session.close();
      place.close();
    });
  }
});
