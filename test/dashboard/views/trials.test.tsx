/** The view Trials: what it asks, how keys sort, filter and scroll, and its picture at every size. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TrialState } from '../../../db/writes.ts';
import type { Query, TrialOrder, TrialRow } from '../../../src/dashboard/queries.ts';
import { columnsOf } from '../../../src/dashboard/text.ts';
import type { Scene } from '../../../src/dashboard/view.ts';
import { TrialsView } from '../../../src/dashboard/views/trials.tsx';
import { AREAS, ASCII, linesOf, press, sceneOf } from './scene.tsx';

const STATES: readonly TrialState[] = ['completed', 'running', 'failed', 'queued', 'pruned', 'paused', 'cancelled'];
const SCENE = sceneOf();

/** The trial at this place of the order in which trials are made: config by config, three replicates of each. */
function trialAt(place: number): TrialRow {
  const state = STATES[place % STATES.length]!;
  const hasNumbers = state !== 'queued' && state !== 'failed';
  const measure = (value: number): number | null => (hasNumbers ? value : null);
  return {
    trial: place + 1,
    config: Math.floor(place / 3),
    replicate: place % 3,
    state,
    params: {
      dropout: [0, 0.25, 0.5][place % 3]!,
      l2: [0, 6.54380749481e-5, 0.001][place % 3]!,
      batch_size: place % 2 ? '活性化' : '👩‍🔬\u001b[2J',
    },
    epoch: hasNumbers ? 40 : 0,
    budget: 40,
    train_loss: measure(0.5 / (1 + place)),
    validation_loss: measure(0.3),
    objective: measure(0.9712 - place / 1000),
    generalisation_gap: measure(-0.0123),
    failure_kind: state === 'failed' ? 'out_of_memory' : null,
  };
}

type TrialsQuery = Extract<Query, { kind: 'trials' }>;

function queryOf(view: TrialsView, scene: Scene = SCENE): TrialsQuery {
  return view.query(scene) as TrialsQuery;
}

/** Answers what the view asks, from a list of trials. */
function answer(
  view: TrialsView,
  trials: readonly TrialRow[],
  { scene = SCENE, problem = null }: { readonly scene?: Scene; readonly problem?: string | null } = {},
): void {
  const { order, offset, count } = queryOf(view, scene);
  const rows = trials.slice(offset, offset + count);
  view.receive({ kind: 'trials', order, total: trials.length, offset, rows, problem });
}

const MANY = Array.from({ length: 100_000 }, (_, place) => trialAt(place));

function viewOf(trials: readonly TrialRow[] = MANY, scene: Scene = SCENE): TrialsView {
  const view = new TrialsView();
  answer(view, trials, { scene });
  return view;
}

/** Config and replicate in the line of the selected trial. */
function selectedIn(view: TrialsView, scene: Scene = SCENE): string | undefined {
  return linesOf(view, scene)
    .find((line) => line.startsWith('▸'))
    ?.slice(1)
    .trim()
    .split(/ +/, 2)
    .join('/');
}

describe('the picture', () => {
  for (const area of AREAS) {
    it(`is a table in ${area.columns}x${area.rows}`, () => {
      const scene = sceneOf({ area });
      const view = viewOf(MANY, scene);
      press(view, scene, 'down', 'down');
      expect(`\n${linesOf(view, scene).join('\n')}\n`).toMatchSnapshot();
    });

    it(`asks for a filter or a column in the first line of ${area.columns}x${area.rows}`, () => {
      const scene = sceneOf({ area });
      const view = viewOf(MANY, scene);
      const firsts = [
        ['/'],
        'failed lr<0.01 and much more than there is room for on a small screen'.split(''),
        ['escape', 's'],
        ['end'],
      ].map((keys) => {
        press(view, scene, ...keys);
        return linesOf(view, scene)[0];
      });
      expect(`\n${firsts.join('\n')}\n`).toMatchSnapshot();
    });
  }

  it('fits every screen, whatever is scrolled', () => {
    const keys = fc.array(fc.constantFrom('down', 'page-down', 'G', 'right', 'left', 's', 'enter', '/', 'a', '活'), {
      maxLength: 12,
    });
    fc.assert(
      fc.property(keys, fc.integer({ min: 3, max: 140 }), fc.integer({ min: 1, max: 30 }), (some, columns, rows) => {
        const scene = sceneOf({ area: { columns, rows: rows + 2 } });
        const view = viewOf(MANY.slice(0, 1000), scene);
        press(view, scene, ...some);
        const lines = linesOf(view, scene);
        expect(lines.length).toBeLessThanOrEqual(rows + 2);
        for (const line of lines) expect(columnsOf(line)).toBeLessThanOrEqual(columns);
      }),
      { numRuns: 25 },
    );
  });

  it('speaks ASCII where the locale does', () => {
    const scene = sceneOf({ theme: ASCII, sweep: { parameters: ['dropout', 'l2'] } });
    const view = viewOf(MANY, scene);
    press(view, scene, 's');
    // eslint-disable-next-line no-control-regex
    expect([...linesOf(view, scene), ...view.keys(scene).map(({ key }) => key)].join('\n')).toMatch(/^[\x00-\x7f]*$/);
  });

  it('says what it waits for, and that there is nothing', () => {
    const view = new TrialsView();
    expect(linesOf(view, SCENE)).toContain('reading');
    answer(view, []);
    expect(linesOf(view, SCENE)).toContain('this sweep has no trials');
  });

  it('gives no column to a measure that no trial has', () => {
    const without = MANY.slice(0, 5).map((row) => ({ ...row, validation_loss: null }));
    const view = viewOf(without);
    expect(linesOf(view, SCENE)[1]).not.toContain('val. loss');
    answer(view, MANY);
    answer(view, without);
    expect(linesOf(view, SCENE)[1]).toContain('val. loss');
  });
});

describe('scrolling', () => {
  it('asks for rows around the screen, and seldom', () => {
    const view = viewOf();
    const asked = new Set([JSON.stringify(queryOf(view))]);
    for (let step = 0; step < 200; step += 1) {
      press(view, SCENE, 'down');
      asked.add(JSON.stringify(queryOf(view)));
    }
    expect(asked.size).toBeLessThanOrEqual(7);
    const { offset, count } = queryOf(view);
    expect([offset <= 200 - 18, offset + count >= 200 + 18]).toEqual([true, true]);
  });

  it('shows the places of rows that are not there yet, and never another row', () => {
    const view = viewOf();
    press(view, SCENE, 'end');
    const lines = linesOf(view, SCENE);
    expect(lines[0]).toMatch(/^100 000 of 100 000 /);
    expect(lines.slice(-3).map((line) => line.trimEnd())).toEqual(['  99 998', '  99 999', '▸ 100 000']);
    expect(press(view, SCENE, 'enter')).toEqual({ type: 'done' });
    answer(view, MANY);
    expect(selectedIn(view)).toBe('33333/0');
    expect(press(view, SCENE, 'enter')).toEqual({ type: 'open-trial', trial: 100_000 });
  });

  it('brings columns into sight that found no room, the sorted one always among them', () => {
    const scene = sceneOf({ area: AREAS[2] });
    const view = viewOf(MANY, scene);
    expect(linesOf(view, scene)[1]).toMatch(/rep +objective +dropout$/);
    press(view, scene, 'right');
    expect(linesOf(view, scene)[1]).toMatch(/rep +objective +l2$/);
    press(view, scene, 'left', 's', ...'lllllll'.split(''), 'enter');
    answer(view, MANY, { scene });
    expect(linesOf(view, scene)[1]).toMatch(/rep +objective +gap▲$/);
    // Far beyond the last one, and back in as many steps as there are columns.
    press(view, scene, ...Array<string>(50).fill('right'), ...Array<string>(7).fill('left'), 's', 'home', 'enter');
    answer(view, MANY, { scene });
    expect(linesOf(view, scene)[1]).toMatch(/rep +objective +dropout$/);
  });
});

describe('new data', () => {
  it('leaves the selection on its trial', () => {
    const view = viewOf(MANY.slice(0, 100));
    press(view, SCENE, 'down', 'down', 'down');
    expect(selectedIn(view)).toBe('1/0');
    answer(view, MANY.slice(2, 100));
    expect(selectedIn(view)).toBe('1/0');
    expect(press(view, SCENE, 'enter')).toEqual({ type: 'open-trial', trial: 4 });
  });

  it('comes to the top where the top is selected', () => {
    const view = viewOf(MANY.slice(10, 100));
    answer(view, MANY.slice(0, 100));
    expect(selectedIn(view)).toBe('0/0');
  });
});

describe('sorting', () => {
  it('is by a column chosen in the first line, the best objective first', () => {
    const view = viewOf();
    press(view, SCENE, 'G', 's', 'right', 'right', 'right', 'right', 'enter');
    expect(queryOf(view)).toMatchObject({ order: { by: 'objective', descending: true, filter: '' }, offset: 0 });
    press(view, SCENE, 'r');
    expect(queryOf(view).order).toEqual({ by: 'objective', descending: false, filter: '' });
    press(view, SCENE, 's', 'end', 'enter');
    expect(queryOf(view).order).toEqual({ by: 'batch_size', descending: false, filter: '' });
    const minimized = sceneOf({ sweep: { goal: 'minimize' } });
    press(view, minimized, 's', 'home', ...'llll'.split(''), 'enter');
    expect(queryOf(view).order).toEqual({ by: 'objective', descending: false, filter: '' });
  });

  it('is left as it was by escape', () => {
    const view = viewOf();
    press(view, SCENE, 's', 'right', 'escape');
    expect(queryOf(view).order.by).toBe('config');
    expect(view.onKey('escape', SCENE)).toBeUndefined();
  });

  it('shows rows in the order that the names of the columns say, also while another is asked for', () => {
    const view = viewOf();
    press(view, SCENE, 'down', 'r');
    const early: TrialOrder = { by: 'config', descending: false, filter: '' };
    view.receive({ kind: 'trials', order: early, total: 1, offset: 0, rows: [trialAt(7)], problem: null });
    expect(linesOf(view, SCENE)[1]).toContain('config▲');
    expect(selectedIn(view)).toBe('0/0');
    answer(view, MANY.toReversed());
    expect(linesOf(view, SCENE)[1]).toContain('config▼');
    expect(selectedIn(view)).toBe('33333/0');
  });
});

describe('filtering', () => {
  it('takes all keys as text until enter', () => {
    const view = viewOf();
    press(view, SCENE, 'down', '/');
    expect(view.isTyping).toBe(true);
    press(view, SCENE, ...'q? 1\t'.split(''), 'tab', 'backspace', 'x', 'enter');
    expect(view.isTyping).toBe(false);
    expect(queryOf(view)).toMatchObject({ order: { filter: 'q? x' }, offset: 0 });
    answer(view, MANY.slice(5, 17));
    expect(linesOf(view, SCENE)[0]).toMatch(/^1 of 12 {2}\/q\? x/);
    expect(selectedIn(view)).toBe('1/2');
  });

  it('keeps the filter at escape while typing, and lets go of it at escape afterwards', () => {
    const view = viewOf();
    press(view, SCENE, '/', 'a', 'enter', '/', 'b', 'escape');
    expect(queryOf(view).order.filter).toBe('a');
    press(view, SCENE, '/', 'backspace', 'backspace');
    expect([view.isTyping, queryOf(view).order.filter]).toEqual([false, 'a']);
    expect(press(view, SCENE, 'escape')).toEqual({ type: 'done' });
    expect(queryOf(view).order.filter).toBe('');
    expect(press(view, SCENE, 'escape')).toBeUndefined();
  });

  it('says what is wrong, and that nothing matches', () => {
    const view = viewOf();
    press(view, SCENE, '/', 'a', 'enter');
    answer(view, MANY, { problem: "nothing is called 'a'" });
    expect(linesOf(view, SCENE)[0]).toMatch(/^nothing is called 'a'/);
    answer(view, []);
    expect(linesOf(view, SCENE)).toContain('no trial is like that');
  });
});
