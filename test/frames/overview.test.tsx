/** The overview in whole, for every situation and size, as a terminal shows it. */

import fc from 'fast-check';
import { renderToString } from 'ink';
import { describe, expect, it } from 'vitest';
import { NO_HISTORY, remember, type History } from '../../src/dashboard/history.ts';
import { OVERHEAD } from '../../src/dashboard/layout.ts';
import { Painter } from '../../src/dashboard/painter.ts';
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
      { numRuns: 60 },
    );
  });
});
