/** Failed trials, the newest first, and what is known of the selected one. */

import { Box } from 'ink';
import { FailureDetail } from '../components/failure-detail.tsx';
import { LineView } from '../components/line-view.tsx';
import { SelectTable } from '../components/select-table.tsx';
import { formatCount, formatMeasure } from '../format.ts';
import { span, spread } from '../line.ts';
import type { Answer, FailedTrialRow, Query } from '../queries.ts';
import { RowList } from '../lists/row-list.ts';
import type { TableColumn } from '../table.ts';
import type { Glyphs, Span } from '../theme.ts';
import { DONE, type Key, type KeyHelp, type Scene, type View, type Wish } from '../view.ts';

const COLUMNS: readonly TableColumn[] = [
  { title: 'config', align: 'right', fixed: true },
  { title: 'rep', align: 'right', fixed: true },
  { title: 'kind', align: 'left', fixed: true },
  { title: 'epoch', align: 'right', fixed: false },
  { title: 'last loss', align: 'right', fixed: false },
  { title: 'message', align: 'left', fixed: false, long: true },
];
const KIND = 2;

/** Lines above the rows: the counts, and the names of the columns. */
const HEAD = 2;
/** Lines that are enough for nearly all that is to be said about a failure. */
const DETAIL = 12;

export class FailuresView implements View {
  readonly title = 'Failures';
  readonly isTyping = false;
  readonly #rows = new RowList<FailedTrialRow>(({ trial }) => trial);
  #answer: Answer<'failures'> | undefined;

  query({ snapshot, area }: Scene): Query {
    return { kind: 'failures', sweep: snapshot.sweep, ...this.#rows.wanted(this.#height(area.rows)) };
  }

  /** New failures come first; what is being read stays. */
  receive(answer: Answer): void {
    if (answer.kind !== 'failures') return;
    this.#answer = answer;
    this.#rows.refresh(answer);
  }

  onKey(key: Key, { area }: Scene): Wish | undefined {
    const height = this.#height(area.rows);
    const chosen = this.#rows.selected(height);
    if (key === 'enter' && chosen) return { type: 'open-trial', trial: chosen.trial };
    return this.#rows.move(key, height) ? DONE : undefined;
  }

  keys({ theme }: Scene): readonly KeyHelp[] {
    if (this.#rows.total === 0) return [];
    return [
      { key: 'enter', effect: 'opens the trial' },
      { key: theme.glyphs.upDown, effect: 'chooses' },
    ];
  }

  draw(scene: Scene) {
    const { theme, area } = scene;
    const height = this.#height(area.rows);
    const { selected, top } = this.#rows.cursor(height);
    const chosen = this.#rows.selected(height);
    return (
      <Box flexDirection="column">
        {this.#rows.total > 0 && this.#headline(scene)}
        <SelectTable
          columns={COLUMNS}
          rows={this.#rows
            .shown(height)
            .map(({ row, place }) => (row ? cellsOf(row, theme.glyphs) : formatCount(place + 1)))}
          measured={this.#rows.known.map((row) => cellsOf(row, theme.glyphs))}
          selected={selected - top}
          toneOf={(_, column) => (column === KIND ? 'bad' : 'plain')}
          empty={this.#emptiness(scene)}
          theme={theme}
          width={area.columns}
        />
        {chosen && (
          <FailureDetail
            failure={chosen}
            place={`${formatCount(selected + 1)} of ${formatCount(this.#rows.total)}`}
            theme={theme}
            width={area.columns}
            rows={area.rows - HEAD - height}
          />
        )}
      </Box>
    );
  }

  /** How many of each kind, and how to try them again. */
  #headline({ snapshot, theme, area }: Scene) {
    const kinds = this.#answer?.kinds ?? [];
    const counts = kinds.map(({ kind, trials }) => `${formatCount(trials)} ${kind}`).join(', ');
    const failed: readonly Span[] = [span(`${formatCount(this.#rows.total)} failed: `, 'bad'), span(counts)];
    // A sweep that runs cannot be retried, and what diverged does so again.
    const helps = !snapshot.live && kinds.some(({ kind }) => kind !== 'diverged');
    const hint = helps ? [span(`nightsweep retry ${snapshot.sweep} --failed`, 'quiet')] : [];
    return <LineView theme={theme} spans={spread(failed, hint, area.columns, theme.glyphs.ellipsis)} />;
  }

  /** Rows of the table: half of the lines, or all that are not needed below. */
  #height(lines: number): number {
    const room = lines - HEAD;
    return Math.max(1, Math.min(this.#rows.total, Math.max(Math.floor(room / 2), room - DETAIL)));
  }

  #emptiness({ snapshot }: Scene): string {
    if (!this.#answer) return 'reading';
    return snapshot.live ? 'no trial has failed so far' : 'no trial has failed';
  }
}

function cellsOf(row: FailedTrialRow, { missing }: Glyphs): readonly string[] {
  const { config, replicate, kind, epoch, last_loss, message } = row;
  return [String(config), String(replicate), kind, String(epoch), formatMeasure(last_loss, missing), message];
}
