/** How far, how fast, when done, what is best, whether the difference is real, and what went wrong. */

import { Box } from 'ink';
import { BestTable, sparkWidth, type BestRow } from '../components/best-table.tsx';
import { Failures } from '../components/failures.tsx';
import { LineView } from '../components/line-view.tsx';
import { Progress } from '../components/progress.tsx';
import { RunningTable } from '../components/running-table.tsx';
import { VitalsView } from '../components/vitals.tsx';
import { planLayout, type Layout } from '../layout.ts';
import { fit, span } from '../line.ts';
import type { Answer, Query } from '../queries.ts';
import { fitCursor, moveCursor, type Cursor } from '../lists/scrolling.ts';
import type { Snapshot } from '../snapshot.ts';
import { wrap } from '../text.ts';
import { DONE, type Key, type KeyHelp, type Scene, type View, type Wish } from '../view.ts';

type Standings = Answer<'standings'>;

/** Rows asked for at once: the same question while one scrolls within them. */
const PAGE = 20;
/** Columns between two tables side by side. */
const GUTTER = 3;

export class OverviewView implements View {
  readonly title = 'Overview';
  readonly isTyping = false;
  #standings: Standings | undefined;
  /** The selected config's ordinal: its place changes while the sweep runs. */
  #selected: number | undefined;
  /** Index of the first row that is shown. */
  #top = 0;

  query({ snapshot, area }: Scene): Query {
    const count = Math.ceil((this.#top + area.rows) / PAGE) * PAGE;
    return { kind: 'standings', sweep: snapshot.sweep, count, curvePoints: Math.max(1, sparkWidth(area.columns)) };
  }

  receive(answer: Answer): void {
    if (answer.kind === 'standings') this.#standings = answer;
  }

  onKey(key: Key, scene: Scene): Wish | undefined {
    const rows = this.#ranked(scene.snapshot);
    const cursor = this.#cursor(rows);
    if (key === 'enter') {
      const trial = rows[Math.max(0, cursor.selected)]?.trial;
      return trial === undefined ? undefined : { type: 'open-trial', trial };
    }
    const moved = moveCursor(cursor, key, rows.length, this.#plan(scene).best.rows);
    if (!moved) return undefined;
    this.#selected = rows[moved.selected]?.config;
    this.#top = moved.top;
    return DONE;
  }

  keys(scene: Scene): readonly KeyHelp[] {
    if (this.#ranked(scene.snapshot).length === 0) return [];
    return [
      { key: scene.theme.glyphs.upDown, effect: 'chooses a config' },
      { key: 'enter', effect: 'opens its first trial' },
    ];
  }

  draw(scene: Scene) {
    const { snapshot, theme } = scene;
    const { failures } = snapshot;
    const layout = this.#plan(scene);
    const { width } = layout;
    const gap = layout.gaps && <Box height={1} flexShrink={0} />;
    return (
      <Box flexDirection="column" width={width}>
        <Progress scene={scene} width={width} counts={layout.counts} pace={layout.pace} />
        {layout.vitals && snapshot.vitals && (
          <VitalsView vitals={snapshot.vitals} workers={layout.workers} theme={theme} width={width} />
        )}
        {gap}
        {this.#verdict(width)
          .slice(0, layout.verdict)
          .map((line, index) => (
            <LineView key={index} theme={theme} spans={fit([span(line, 'strong')], width, theme.glyphs.ellipsis)} />
          ))}
        {layout.verdict > 0 && gap}
        {this.#tables(scene, layout)}
        {layout.failureSummary && gap}
        {layout.failureSummary && (
          <Failures
            snapshot={snapshot}
            kinds={this.#standings?.failures ?? []}
            theme={theme}
            width={width}
            rows={Math.min(layout.failures, failures.length)}
          />
        )}
      </Box>
    );
  }

  #tables(scene: Scene, layout: Layout) {
    const { snapshot, theme } = scene;
    const { best, running, sideBySide, width } = layout;
    const beside = sideBySide && running.rows > 0;
    const [left, right] = beside ? [width - GUTTER - (width >> 1), width >> 1] : [width, width];
    const window = this.#window(snapshot, best.rows);
    return (
      <Box flexDirection={beside ? 'row' : 'column'} gap={beside ? GUTTER : 1}>
        <Box flexDirection="column" width={left} flexShrink={0}>
          <BestTable
            snapshot={snapshot}
            known={this.#known(snapshot)}
            shown={window.rows}
            selected={scene.isLast ? undefined : window.selected}
            theme={theme}
            width={left}
            plan={best}
          />
        </Box>
        {running.rows > 0 && (
          <Box flexDirection="column" width={right} flexShrink={0}>
            <RunningTable snapshot={snapshot} theme={theme} width={right} plan={running} />
          </Box>
        )}
      </Box>
    );
  }

  #plan({ snapshot, area }: Scene): Layout {
    const { vitals, states, failures, running } = snapshot;
    return planLayout(area, {
      workers: vitals?.workers.length ?? 0,
      verdict: this.#verdict(area.columns).length,
      best: this.#known(snapshot).length,
      running: snapshot.live ? running.length : 0,
      failures: states.failed > 0 ? Math.max(1, failures.length) : 0,
      vitals: vitals !== null,
    });
  }

  #verdict(width: number): readonly string[] {
    const sentence = this.#standings?.verdict ?? null;
    return sentence === null ? [] : wrap(sentence, width);
  }

  /**
   * Best first; the last may be the baseline from further behind. The snapshot is the fresher of the two: it says who is
   * how good, and the standings what they know besides.
   */
  #known({ best }: Snapshot): readonly BestRow[] {
    const standings = this.#standings?.rows ?? [];
    if (standings.length > best.length) return standings;
    const known = new Map(standings.map((row) => [row.config, row]));
    return best.map((row): BestRow => {
      const more = known.get(row.config);
      if (!more) return row;
      const { trial, tied, curve, interval } = more;
      return { ...row, trial, tied, curve, interval: more.n === row.n ? interval : null };
    });
  }

  /** Those of them that one moves through: without a baseline from further behind. */
  #ranked(snapshot: Snapshot): readonly BestRow[] {
    const rows = this.#known(snapshot);
    const last = rows.at(-1);
    return last && last.rank > rows.length ? rows.slice(0, -1) : rows;
  }

  /** Nothing is selected until a key asks for it, and the first rows are shown. */
  #cursor(rows: readonly BestRow[]): Cursor {
    const selected = rows.findIndex(({ config }) => config === this.#selected);
    return { selected, top: selected < 0 ? 0 : this.#top };
  }

  /** The rows that are shown. The last of them is given up for the baseline where it would be below them. */
  #window(snapshot: Snapshot, count: number): { readonly rows: readonly BestRow[]; readonly selected: number } {
    const known = this.#known(snapshot);
    const ranked = this.#ranked(snapshot);
    const baseline = known.findLast((row) => row.is_baseline);
    const cursor = this.#cursor(ranked);
    const windowOf = (rows: number): Cursor => (cursor.selected < 0 ? cursor : fitCursor(cursor, ranked.length, rows));
    const isBelow = baseline !== undefined && count > 1 && known.indexOf(baseline) >= windowOf(count).top + count;
    const room = isBelow ? count - 1 : count;
    const { selected, top } = windowOf(room);
    const rows = ranked.slice(top, top + room);
    return { rows: isBelow ? [...rows, baseline] : rows, selected: selected - top };
  }
}
