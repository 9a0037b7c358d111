/** The overview in whole, for every situation and size, as a terminal shows it. */

import fc from 'fast-check';
import { renderToString } from 'ink';
import { describe, expect, it } from 'vitest';
import { NO_HISTORY, remember, type History } from '../../src/dashboard/history.ts';
import { OVERHEAD } from '../../src/dashboard/layout.ts';
import { Painter } from '../../src/dashboard/terminal/painter.ts';
import type { Query } from '../../src/dashboard/queries.ts';
import type { Snapshot } from '../../src/dashboard/snapshot.ts';
import { columnsOf } from '../../src/dashboard/text.ts';
import { themeFor } from '../../src/dashboard/theme.ts';
import type { Scene } from '../../src/dashboard/view.ts';
import { OverviewView } from '../../src/dashboard/views/overview.tsx';
import { openScreen } from './screen.ts';
import { SNAPSHOTS, STARTED, standingsOf } from './snapshots.ts';

process.env['TZ'] = 'UTC';

const SIZES = [
  [80, 24],
  [120, 40],
  [200, 50],
  [40, 12],
] as const;

const THEME = themeFor({ LANG: 'en_US.UTF-8' }, 'linux');

/** A history that leads to the snapshot at an even speed over 40 seconds. */
function historyOf(snapshot: Snapshot): History {
  return Array.from({ length: 80 }, (_, index) => (index + 1) / 80).reduce<History>(
    (history, share) =>
      remember(
        history,
        {
          ...snapshot,
          vitals: null,
          notice: null,
          run_trials: Math.floor(snapshot.run_trials * share),
          run_epochs: Math.floor(snapshot.run_epochs * share),
        },
        STARTED + 40_000 * share,
      ),
    NO_HISTORY,
  );
}

function sceneOf(snapshot: Snapshot, columns: number, rows: number, more: Partial<Scene> = {}): Scene {
  return {
    snapshot,
    history: historyOf(snapshot),
    theme: THEME,
    area: { columns, rows },
    now: STARTED + 40_000,
    ...more,
  };
}

/** The view when the standings have been read. */
function viewOf(snapshot: Snapshot): OverviewView {
  const view = new OverviewView();
  view.receive(standingsOf(snapshot));
  return view;
}

function draw(view: OverviewView, scene: Scene): string {
  return renderToString(view.draw(scene), { columns: Math.max(1, scene.area.columns) });
}

describe('the overview', () => {
  for (const [name, snapshot] of Object.entries(SNAPSHOTS)) {
    for (const [columns, rows] of SIZES) {
      it(`draws "${name}" on ${columns}x${rows}`, async () => {
        const scene = sceneOf(snapshot, columns, rows - OVERHEAD);
        const text = draw(viewOf(snapshot), scene);
        const lines = text.split('\n');
        expect(lines.length).toBeLessThanOrEqual(scene.area.rows);
        for (const line of lines) expect(columnsOf(line)).toBeLessThanOrEqual(columns);

        const screen = openScreen(columns, rows);
        const writes: Promise<void>[] = [];
        new Painter((bytes) => writes.push(screen.write(bytes))).paint(text, { columns, rows });
        await Promise.all(writes);
        expect(screen.wrapped()).toBe(0);
        expect(`\n${screen.lines().join('\n').trimEnd()}\n`).toMatchSnapshot();
      });
    }
  }

  it('fits every area from the smallest up, before and after it knows the standings', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...Object.values(SNAPSHOTS)),
        fc.constantFrom(1, 2, 7, 20, 40, 79, 80, 149, 150, 230),
        fc.integer({ min: 1, max: 60 }),
        fc.boolean(),
        fc.array(fc.constantFrom('down', 'up', 'page-down', 'end')),
        (snapshot, columns, rows, isKnown, keys) => {
          const scene = sceneOf(snapshot, columns, rows);
          const view = isKnown ? viewOf(snapshot) : new OverviewView();
          for (const key of keys) view.onKey(key, scene);
          const lines = draw(view, scene).split('\n');
          expect(lines.length).toBeLessThanOrEqual(rows);
          for (const line of lines) expect(columnsOf(line)).toBeLessThanOrEqual(columns);
        },
      ),
      { numRuns: 40 },
    );
  });

  it('speaks ASCII where the locale does', () => {
    const theme = themeFor({ LANG: 'C' }, 'linux');
    const { failures } = SNAPSHOTS;
    // eslint-disable-next-line no-control-regex
    expect(draw(viewOf(failures), sceneOf(failures, 120, 36, { theme }))).toMatch(/^[\x00-\x7f]*$/);
  });

  it('shows means alone until the standings are known, and again where these are older', () => {
    const { running } = SNAPSHOTS;
    expect(bestLine(new OverviewView(), sceneOf(running, 80, 20))).toMatch(/1 +5 +0\.9670 +2 +0\.25/);
    expect(bestLine(viewOf(running), sceneOf(running, 80, 20))).toMatch(/1 +5 +0\.967 ± 0\.008 +2 +▁/);
    const [first, ...others] = running.best;
    const newer = { ...running, best: [{ ...first!, n: 3, mean: 0.981 }, ...others] };
    expect(bestLine(viewOf(running), sceneOf(newer, 80, 20))).toMatch(/1 +5 +0\.981 +3 +▁/);
  });

  it('shows the baseline in the last row where it is not among the best', () => {
    const { finished } = SNAPSHOTS;
    const rows = draw(viewOf(finished), sceneOf(finished, 80, 20))
      .split('\n')
      .filter((line) => /± |◆ \d/.test(line));
    expect(rows.at(-1)).toMatch(/12 +◆ 24 +0\.921/);
  });

  it('selects by keys, and keeps to the config when its place changes', () => {
    const { running } = SNAPSHOTS;
    const scene = sceneOf(running, 80, 20);
    const view = viewOf(running);
    expect(selectedIn(view, scene)).toBeUndefined();
    for (const key of ['down', 'down']) view.onKey(key, scene);
    expect(selectedIn(view, scene)).toMatch(/2 +10 /);
    const [first, second, ...others] = running.best;
    const changed = { ...running, best: [{ ...second!, rank: 1 }, { ...first!, rank: 2 }, ...others] };
    expect(selectedIn(view, sceneOf(changed, 80, 20))).toMatch(/1 +10 /);
    expect(selectedIn(view, { ...scene, isLast: true })).toBeUndefined();
  });

  it('scrolls to the last config that is known, with the selected one in sight', () => {
    const { running } = SNAPSHOTS;
    const scene = sceneOf(running, 40, 8);
    const view = viewOf(running);
    for (const { config } of running.best) {
      view.onKey('down', scene);
      expect(selectedIn(view, scene)).toMatch(new RegExp(` ${config} `));
    }
  });

  it('opens a trial of the selected config, and of the best one without any', () => {
    const { running } = SNAPSHOTS;
    const scene = sceneOf(running, 80, 20);
    const view = viewOf(running);
    expect(view.onKey('enter', scene)).toEqual({ type: 'open-trial', trial: 5 });
    for (const key of ['down', 'down', 'down']) view.onKey(key, scene);
    expect(view.onKey('enter', scene)).toEqual({ type: 'open-trial', trial: 15 });
    expect(new OverviewView().onKey('enter', scene)).toBeUndefined();
  });

  it('asks for more configs when one has scrolled to the last of them', () => {
    const { running } = SNAPSHOTS;
    const scene = sceneOf(running, 80, 20);
    const view = viewOf(running);
    const countOf = (): number => (view.query(scene) as Extract<Query, { kind: 'standings' }>).count;
    const before = countOf();
    expect(before).toBeGreaterThanOrEqual(running.best.length);
    view.onKey('end', scene);
    expect(countOf()).toBeGreaterThan(running.best.length);
  });
});

function bestLine(view: OverviewView, scene: Scene): string {
  const lines = draw(view, scene).split('\n');
  return lines[lines.findIndex((line) => line.includes('rank')) + 1] ?? '';
}

function selectedIn(view: OverviewView, scene: Scene): string | undefined {
  const { selected } = scene.theme.glyphs;
  return draw(view, scene)
    .split('\n')
    .find((line) => line.startsWith(selected) && !line.includes('running'));
}
