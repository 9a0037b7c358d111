/** The sweeps of a database, to choose one: how each stands, how far it is, and its best mean. */

import { SelectTable } from '../components/select-table.tsx';
import { formatCount, formatDate, formatMeasure } from '../format.ts';
import { AT_TOP, fitCursor, moveCursor, type Cursor } from '../lists/scrolling.ts';
import type { Answer, Queries, Query } from '../queries.ts';
import { stateOf } from '../sweep-state.ts';
import type { TableColumn } from '../table.ts';
import { DONE, type Key, type KeyHelp, type Scene, type View, type Wish } from '../view.ts';

type Sweeps = Queries['sweeps']['answer']['sweeps'];

const COLUMNS: readonly TableColumn[] = [
  { title: 'sweep', align: 'left', fixed: true },
  { title: 'state', align: 'left', fixed: true },
  { title: 'ended', align: 'right', fixed: false },
  { title: 'failed', align: 'right', fixed: false },
  { title: 'best', align: 'right', fixed: false },
  { title: 'objective', align: 'left', fixed: false },
  { title: 'created', align: 'left', fixed: false },
];

export class SweepsView implements View {
  readonly title = 'Sweeps';
  readonly isTyping = false;
  /** From new to old; undefined until they have been read. */
  #sweeps: Sweeps | undefined;
  #cursor: Cursor = AT_TOP;
  /** Selected at first. */
  #wanted: string | undefined;

  constructor(selected?: string) {
    this.#wanted = selected;
  }

  query(): Query {
    return { kind: 'sweeps' };
  }

  receive(answer: Answer): void {
    if (answer.kind !== 'sweeps') return;
    const before = this.#wanted ?? this.#sweeps?.[this.#cursor.selected]?.name;
    this.#wanted = undefined;
    this.#sweeps = answer.sweeps.toReversed();
    const place = this.#sweeps.findIndex(({ name }) => name === before);
    if (place >= 0) this.#cursor = { ...this.#cursor, selected: place };
  }

  onKey(key: Key, { area }: Scene): Wish | undefined {
    const sweeps = this.#sweeps ?? [];
    const chosen = sweeps[this.#cursor.selected];
    if ((key === 'enter' || key === 'right' || key === 'l') && chosen)
      return { type: 'open-sweep', sweep: chosen.name };
    const moved = moveCursor(this.#cursor, key, sweeps.length, rowsIn(area.rows));
    if (!moved) return undefined;
    this.#cursor = moved;
    return DONE;
  }

  keys({ theme }: Scene): readonly KeyHelp[] {
    return [
      { key: 'enter', effect: 'opens' },
      { key: theme.glyphs.upDown, effect: 'chooses' },
    ];
  }

  draw({ theme, area }: Scene) {
    const sweeps = this.#sweeps ?? [];
    const rows = rowsIn(area.rows);
    const cursor = fitCursor(this.#cursor, sweeps.length, rows);
    return (
      <SelectTable
        columns={COLUMNS}
        rows={sweeps
          .slice(cursor.top, cursor.top + rows)
          .map((sweep) => [
            sweep.name,
            stateOf(sweep),
            `${formatCount(endedOf(sweep))}/${formatCount(sweep.trials)}`,
            String(sweep.states.failed),
            formatMeasure(sweep.best, theme.glyphs.missing),
            sweep.objective,
            formatDate(sweep.createdAt),
          ])}
        selected={cursor.selected - cursor.top}
        empty={this.#sweeps ? 'this database has no sweep yet: nightsweep run FILE starts one' : 'reading'}
        theme={theme}
        width={area.columns}
      />
    );
  }
}

/** Below the names of the columns. */
function rowsIn(lines: number): number {
  return Math.max(1, lines - 1);
}

function endedOf({ trials, states }: Sweeps[number]): number {
  return trials - states.queued - states.running - states.paused;
}
