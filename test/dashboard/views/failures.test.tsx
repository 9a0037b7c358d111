/** The view Failures: counts, the newest first, and all that is known of the selected one. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FailedTrialRow, Query } from '../../../src/dashboard/queries.ts';
import { columnsOf } from '../../../src/dashboard/text.ts';
import type { Scene } from '../../../src/dashboard/view.ts';
import { FailuresView } from '../../../src/dashboard/views/failures.tsx';
import { AREAS, ASCII, linesOf, press, sceneOf } from './scene.tsx';

const ENDED = { live: false } as const;
const SCENE = sceneOf({ sweep: ENDED });

const LONG: Partial<FailedTrialRow> = {
  kind: 'error',
  last_loss: null,
  message:
    'the matrix of shape [128, 12] must fit the one of shape [128, 10] that the layer before has given\nfound in a \u001b[31mred\u001b[0m place',
  advice: 'the message says what went wrong; the log has the stack',
  stack:
    'Error: the matrix of shape [128, 12]\n    at trial (file:///home/me/net.mjs:3:46)\n    at run (cohort.ts:94:22)',
};

function failure(trial: number, more: Partial<FailedTrialRow> = {}): FailedTrialRow {
  return {
    trial,
    config: Math.floor(trial / 3),
    replicate: trial % 3,
    params: { learning_rate: 0.464764153221, activation: '活性化 👩‍🔬' },
    kind: 'diverged',
    epoch: 12,
    last_loss: 2.24e8,
    message: 'the training loss is not finite',
    advice: 'lower the learning rate',
    stack: null,
    ...more,
  };
}

/** The newest first, some of them with a long story. */
function failures(count: number): readonly FailedTrialRow[] {
  return Array.from({ length: count }, (_, index) => failure(count - index, (count - index) % 4 === 1 ? LONG : {}));
}

function answer(view: FailuresView, rows: readonly FailedTrialRow[], scene: Scene = SCENE): void {
  const { offset, count } = view.query(scene) as Extract<Query, { kind: 'failures' }>;
  const kinds = ['diverged', 'error']
    .map((kind) => ({ kind, trials: rows.filter((row) => row.kind === kind).length }))
    .filter(({ trials }) => trials > 0);
  view.receive({ kind: 'failures', total: rows.length, offset, rows: rows.slice(offset, offset + count), kinds });
}

function viewOf(rows: readonly FailedTrialRow[], scene: Scene = SCENE): FailuresView {
  const view = new FailuresView();
  answer(view, rows, scene);
  return view;
}

describe('the picture', () => {
  for (const area of AREAS) {
    for (const count of [1, 4001]) {
      it(`tells of ${count} in ${area.columns}x${area.rows}`, () => {
        const scene = sceneOf({ area, sweep: ENDED });
        const view = viewOf(failures(count), scene);
        expect(`\n${linesOf(view, scene).join('\n')}\n`).toMatchSnapshot();
      });
    }
  }

  it('fits every screen', () => {
    const size = fc.record({ columns: fc.integer({ min: 3, max: 140 }), rows: fc.integer({ min: 4, max: 40 }) });
    fc.assert(
      fc.property(size, fc.integer({ min: 1, max: 40 }), (area, count) => {
        const scene = sceneOf({ area, sweep: ENDED });
        const view = viewOf(failures(count), scene);
        press(view, scene, 'page-down');
        const lines = linesOf(view, scene);
        expect(lines.length).toBeLessThanOrEqual(area.rows);
        for (const line of lines) expect(columnsOf(line)).toBeLessThanOrEqual(area.columns);
      }),
      { numRuns: 25 },
    );
  });

  it('speaks ASCII where the locale does', () => {
    const scene = sceneOf({ theme: ASCII, sweep: ENDED });
    const view = viewOf([failure(1, { ...LONG, params: { l2: 0 } })], scene);
    // eslint-disable-next-line no-control-regex
    expect([...linesOf(view, scene), ...view.keys(scene).map(({ key }) => key)].join('\n')).toMatch(/^[\x00-\x7f]*$/);
  });

  it('has a word where nothing has failed', () => {
    const view = new FailuresView();
    expect(linesOf(view, SCENE)).toEqual(['reading']);
    answer(view, []);
    expect(linesOf(view, SCENE)).toEqual(['no trial has failed']);
    expect(linesOf(view, sceneOf({ sweep: { live: true } }))).toEqual(['no trial has failed so far']);
    expect([view.keys(SCENE), view.onKey('enter', SCENE)]).toEqual([[], undefined]);
  });
});

describe('trying again', () => {
  const hint = 'nightsweep retry quickstart --failed';

  it('is told where it may help: not while the sweep runs, and not to what would diverge again', () => {
    expect(linesOf(viewOf(failures(9)), SCENE)[0]).toContain(hint);
    expect(linesOf(viewOf(failures(9)), sceneOf({ sweep: { live: true } }))[0]).not.toContain(hint);
    expect(linesOf(viewOf([failure(1)]), SCENE)[0]).not.toContain(hint);
  });
});

describe('keys', () => {
  it('choose the failure that is told below, and open its trial', () => {
    const view = viewOf(failures(40));
    expect(linesOf(view, SCENE).join('\n')).toContain('1 of 40 · config 13 rep 1');
    press(view, SCENE, 'down', 'down');
    expect(linesOf(view, SCENE).join('\n')).toContain('3 of 40 · config 12 rep 2');
    expect(press(view, SCENE, 'enter')).toEqual({ type: 'open-trial', trial: 38 });
  });

  it('reach failures that are not read yet', () => {
    const view = viewOf(failures(4001));
    press(view, SCENE, 'end');
    expect(linesOf(view, SCENE)).toContain('▸ 4 001');
    answer(view, failures(4001));
    expect(linesOf(view, SCENE).join('\n')).toContain('4 001 of 4 001 · config 0 rep 1');
  });
});

describe('a new failure', () => {
  it('comes first, and what is being read stays', () => {
    const view = viewOf(failures(40));
    answer(view, failures(42));
    const lines = linesOf(view, SCENE);
    expect(lines[2]).toMatch(/^ +14 +0 /);
    expect(lines.join('\n')).toContain('3 of 42 · config 13 rep 1');
  });
});
