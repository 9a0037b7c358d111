/** The view Log: the newest at the bottom and followed, until one looks back. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LogLine, Query } from '../../../src/dashboard/queries.ts';
import { columnsOf } from '../../../src/dashboard/text.ts';
import type { Scene } from '../../../src/dashboard/view.ts';
import { LogView } from '../../../src/dashboard/views/log.tsx';
import { AREAS, ASCII, linesOf, press, sceneOf } from './scene.tsx';

const NOON = new Date(2026, 10, 23, 12, 0, 0).getTime();
const LEVELS: readonly LogLine['level'][] = ['info', 'info', 'warning', 'debug', 'error'];
const SCENE = sceneOf({ now: NOON });

/** The oldest first. */
function logOf(count: number, message = 'the matrix of shape [128, 12] must fit the one before'): readonly LogLine[] {
  return Array.from({ length: count }, (_, index) => ({
    at: NOON + (index - count) * 1000,
    level: LEVELS[index % LEVELS.length]!,
    message: index % 3 === 0 ? `line ${index + 1}: ${message}` : `line ${index + 1}`,
  }));
}

function answer(view: LogView, log: readonly LogLine[], scene: Scene = SCENE): void {
  const { offset, count } = view.query(scene) as Extract<Query, { kind: 'log' }>;
  const lines = log.toReversed().slice(offset, offset + count);
  view.receive({ kind: 'log', total: log.length, offset, lines });
}

function viewOf(log: readonly LogLine[], scene: Scene = SCENE): LogView {
  const view = new LogView();
  answer(view, log, scene);
  return view;
}

/** Numbers of the lines that begin on the screen. */
function numbersIn(view: LogView, scene: Scene = SCENE): readonly number[] {
  return linesOf(view, scene).flatMap((line) => {
    const number = /line (\d+)(?!\d* of)/.exec(line.replace(/^from.*/, ''))?.[1];
    return number === undefined ? [] : [Number(number)];
  });
}

describe('the picture', () => {
  for (const area of AREAS) {
    it(`ends with the newest lines in ${area.columns}x${area.rows}`, () => {
      const scene = sceneOf({ area, now: NOON });
      expect(`\n${linesOf(viewOf(logOf(500), scene), scene).join('\n')}\n`).toMatchSnapshot();
    });
  }

  it('fits every screen, wherever one looks', () => {
    const keys = fc.array(fc.constantFrom('up', 'page-up', 'home', 'down', 'end'), { maxLength: 6 });
    fc.assert(
      fc.property(keys, fc.integer({ min: 3, max: 140 }), fc.integer({ min: 2, max: 30 }), (some, columns, rows) => {
        const scene = sceneOf({ area: { columns, rows }, now: NOON });
        const view = viewOf(logOf(60, '活性化 👩‍🔬\u001b[2J '.repeat(4)), scene);
        press(view, scene, ...some);
        const lines = linesOf(view, scene);
        expect(lines.length).toBeLessThanOrEqual(rows);
        for (const line of lines) expect(columnsOf(line)).toBeLessThanOrEqual(columns);
      }),
      { numRuns: 25 },
    );
  });

  it('speaks ASCII where the locale does', () => {
    const scene = sceneOf({ theme: ASCII, now: NOON });
    const view = viewOf(logOf(5000), scene);
    press(view, scene, 'home');
    // eslint-disable-next-line no-control-regex
    expect([...linesOf(view, scene), ...view.keys(scene).map(({ key }) => key)].join('\n')).toMatch(/^[\x00-\x7f]*$/);
  });

  it('says that there is nothing', () => {
    const view = new LogView();
    expect(linesOf(view, SCENE)).toEqual(['reading']);
    answer(view, []);
    expect(linesOf(view, SCENE)).toEqual(['nothing has been logged']);
  });
});

describe('the newest lines', () => {
  it('are followed', () => {
    const view = viewOf(logOf(100));
    expect(numbersIn(view).at(-1)).toBe(100);
    const asked = view.query(SCENE);
    answer(view, logOf(107));
    expect(numbersIn(view).at(-1)).toBe(107);
    // The same question, so that it is asked no more often than the data change.
    expect(view.query(SCENE)).toEqual(asked);
  });

  it('are not followed by who looks back, until the end is reached again', () => {
    const view = viewOf(logOf(100));
    press(view, SCENE, 'page-up');
    const before = numbersIn(view);
    answer(view, logOf(107));
    answer(view, logOf(107));
    expect(numbersIn(view)).toEqual(before);
    press(view, SCENE, 'G');
    answer(view, logOf(110));
    expect(numbersIn(view).at(-1)).toBe(110);
  });
});

describe('looking back', () => {
  it('reads every line on the way to the oldest', () => {
    const log = logOf(400);
    const view = viewOf(log);
    const seen = new Set(numbersIn(view));
    while (!seen.has(1)) {
      const before = seen.size;
      press(view, SCENE, 'page-up');
      answer(view, log);
      for (const number of numbersIn(view)) seen.add(number);
      expect(seen.size).toBeGreaterThan(before);
    }
    expect(seen.size).toBe(400);
  });

  it('shows where lines will be that are not read yet', () => {
    const view = viewOf(logOf(5000));
    press(view, SCENE, 'home');
    const lines = linesOf(view, SCENE);
    expect(lines[0]).toMatch(/^from line 1 of 5 000 /);
    expect(lines.slice(1)).toEqual(Array(19).fill('…'));
    answer(view, logOf(5000));
    expect(numbersIn(view)[0]).toBe(1);
  });

  it('leaves other keys to the dashboard', () => {
    expect(viewOf(logOf(5)).onKey('escape', SCENE)).toBeUndefined();
  });
});
