/** Whole frames, for every situation and size, as a terminal shows them. */

import { renderToString } from 'ink';
import { describe, expect, it } from 'vitest';
import { DashboardView, type DashboardViewProps } from '../../src/dashboard/components/dashboard-view.tsx';
import { remember, type History } from '../../src/dashboard/history.ts';
import { Painter } from '../../src/dashboard/painter.ts';
import type { Snapshot } from '../../src/dashboard/snapshot.ts';
import { columnsOf } from '../../src/dashboard/text.ts';
import { themeFor } from '../../src/dashboard/theme.ts';
import { openScreen } from './screen.ts';
import { SNAPSHOTS, STARTED } from './snapshots.ts';

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
          run_trials: Math.floor(snapshot.run_trials * share),
          run_epochs: Math.floor(snapshot.run_epochs * share),
        },
        STARTED + 40_000 * share,
      ),
    [],
  );
}

function frame(
  snapshot: Snapshot | null,
  columns: number,
  rows: number,
  more: Partial<DashboardViewProps> = {},
): string {
  const props: DashboardViewProps = {
    snapshot,
    history: snapshot ? historyOf(snapshot) : [],
    notice: null,
    keys: [{ key: 'Ctrl-C', effect: 'stops (twice: at once)' }],
    size: { columns, rows },
    theme: THEME,
    now: STARTED + 40_000,
    ...more,
  };
  return renderToString(<DashboardView {...props} />, { columns });
}

describe('the dashboard', () => {
  for (const [name, snapshot] of Object.entries(SNAPSHOTS)) {
    for (const [columns, rows] of SIZES) {
      it(`draws "${name}" on ${columns}x${rows}`, async () => {
        const text = frame(snapshot, columns, rows);
        const lines = text.split('\n');
        expect(lines.length).toBeLessThan(rows);
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

  it('fits every screen from the smallest up', () => {
    for (const snapshot of Object.values(SNAPSHOTS)) {
      for (const columns of [1, 20, 79, 150]) {
        for (const rows of [4, 7, 13, 30]) {
          const lines = frame(snapshot, columns, rows).split('\n');
          expect(lines.length, `${columns}x${rows}`).toBeLessThan(rows);
          for (const line of lines) expect(columnsOf(line), `${columns}x${rows}`).toBeLessThanOrEqual(columns);
        }
      }
    }
  });

  it('speaks ASCII where the locale does', () => {
    const theme = themeFor({ LANG: 'C' }, 'linux');
    // eslint-disable-next-line no-control-regex
    expect(frame(SNAPSHOTS.failures, 80, 24, { theme })).toMatch(/^[\x00-\x7f]*$/);
  });

  it('shows the newest notice instead of the standing one', () => {
    const notice = { level: 'warning', message: 'the disk is nearly full' } as const;
    const text = frame(SNAPSHOTS.failures, 80, 24, { notice });
    expect(text).toContain('the disk is nearly full');
    expect(text).not.toContain('stopping after');
  });

  it('shows the baseline in the last row where it is not among the best', () => {
    expect(frame(SNAPSHOTS.finished, 80, 24)).toMatch(/◆ 12 .*0\.9208/);
  });

  it('says that it starts before there is anything to show', () => {
    expect(frame(null, 80, 24)).toBe('starting');
  });
});
