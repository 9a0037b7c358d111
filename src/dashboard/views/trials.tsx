/** All trials of the sweep in a table: sorted, filtered, and scrolled, however many there are. */

import { Box } from 'ink';
import { counted } from '../../counted.ts';
import { Picker } from '../components/picker.tsx';
import { LineView } from '../components/line-view.tsx';
import { MARK_WIDTH, SelectTable } from '../components/select-table.tsx';
import { TextField } from '../components/text-field.tsx';
import { formatCount } from '../format.ts';
import { formatParam } from '../../format-param.ts';
import { span, spread } from '../line.ts';
import { FIRST_ORDER, type Answer, type Query, type TrialOrder, type TrialRow } from '../queries.ts';
import { RowList } from '../lists/row-list.ts';
import { moveChoice } from '../lists/scrolling.ts';
import type { Snapshot } from '../snapshot.ts';
import { STATE_TONES, type Span } from '../theme.ts';
import {
  layTrials,
  measuresOf,
  sortableColumns,
  startsDescending,
  type Measure,
  type TrialFields,
  type TrialLayout,
} from './trial-columns.ts';
import { typeKey } from '../lists/typing.ts';
import { DONE, type Key, type KeyHelp, type Scene, type View, type Wish } from '../view.ts';

/** Lines above the rows: which one is selected, and the names of the columns. */
const HEAD = 2;

export class TrialsView implements View {
  readonly title = 'Trials';
  readonly #rows = new RowList<TrialRow>(({ trial }) => trial);
  /** What the rows are from: it also says in which order they are. */
  #answer: Answer<'trials'> | undefined;
  /** Once seen, they have columns of their own, whether the rows on the screen have them or not. */
  #measures: ReadonlySet<Measure> = new Set();
  /** The order that is asked for. */
  #order: TrialOrder = FIRST_ORDER;
  /** Columns that are scrolled out of sight. */
  #skipped = 0;
  /** The filter while it is being typed. */
  #typed: string | undefined;
  /** The column to sort by while it is being chosen. */
  #candidate: string | undefined;

  get isTyping(): boolean {
    return this.#typed !== undefined;
  }

  query(scene: Scene): Query {
    return { kind: 'trials', sweep: scene.snapshot.sweep, order: this.#order, ...this.#rows.wanted(rowsIn(scene)) };
  }

  receive(answer: Answer): void {
    if (answer.kind !== 'trials' || !isSameOrder(answer.order, this.#order)) return;
    const isSameList = this.#answer !== undefined && isSameOrder(answer.order, this.#answer.order);
    this.#answer = answer;
    this.#measures = new Set([...this.#measures, ...measuresOf(answer.rows)]);
    // Whoever stays at the top of an order wants to see what comes first in it: the best so far, say.
    if (isSameList && this.#rows.isMoved) this.#rows.refresh(answer);
    else this.#rows.replace(answer);
  }

  onKey(key: Key, scene: Scene): Wish | undefined {
    if (this.#typed !== undefined) return this.#type(this.#typed, key);
    if (this.#candidate !== undefined) return this.#choose(this.#candidate, key, scene);
    if (this.#rows.move(key, rowsIn(scene))) return DONE;
    if (key === '/') this.#typed = this.#order.filter;
    else if (key === 's') this.#candidate = this.#order.by;
    else if (key === 'r') this.#arrange({ descending: !this.#order.descending });
    else if (key === 'left') this.#skipped = Math.max(0, this.#skipped - 1);
    else if (key === 'right') this.#skipped += this.#layout(scene).scrolls ? 1 : 0;
    else if (key === 'enter') return this.#open(scene);
    else if (key === 'escape' && this.#order.filter !== '') this.#arrange({ filter: '' });
    else return undefined;
    return DONE;
  }

  keys({ theme }: Scene): readonly KeyHelp[] {
    const { leftRight } = theme.glyphs;
    if (this.isTyping) {
      return [
        { key: 'enter', effect: 'filters' },
        { key: 'esc', effect: 'cancels' },
        { key: 'Ctrl-U', effect: 'clears' },
      ];
    }
    if (this.#candidate !== undefined) {
      return [
        { key: leftRight, effect: 'chooses' },
        { key: 'enter', effect: 'sorts' },
        { key: 'esc', effect: 'cancels' },
      ];
    }
    return [
      { key: 'enter', effect: 'opens' },
      { key: '/', effect: 'filters' },
      ...(this.#order.filter === '' ? [] : [{ key: 'esc', effect: 'shows all' }]),
      { key: 's', effect: 'sorts' },
      { key: 'r', effect: 'reverses' },
      { key: leftRight, effect: 'columns' },
    ];
  }

  draw(scene: Scene) {
    const { theme, area } = scene;
    const { selected, top } = this.#rows.cursor(rowsIn(scene));
    const layout = this.#layout(scene);
    return (
      <Box flexDirection="column">
        {this.#headline(scene, layout)}
        <SelectTable
          columns={layout.headings}
          rows={this.#rows
            .shown(rowsIn(scene))
            .map(({ row, place }) =>
              row ? layout.columns.map((each) => each.cell(row, theme.glyphs)) : formatCount(place + 1),
            )}
          measured={layout.cells}
          selected={selected - top}
          toneOf={(index, column) => {
            const row = layout.columns[column]?.by === 'state' ? this.#rows.at(top + index) : undefined;
            return row ? STATE_TONES[row.state] : 'plain';
          }}
          empty={this.#emptiness()}
          theme={theme}
          width={area.columns}
        />
      </Box>
    );
  }

  #headline(scene: Scene, { unseen }: TrialLayout) {
    const { snapshot, theme, area } = scene;
    const width = area.columns;
    if (this.#typed !== undefined)
      return <TextField prompt="/" text={this.#typed} hint={this.#hint()} theme={theme} width={width} />;
    if (this.#candidate !== undefined) {
      const choices = sortableColumns(this.#fields(snapshot));
      return (
        <Picker
          prompt="sort by"
          choices={choices.map(({ title }) => title)}
          chosen={choices.findIndex(({ by }) => by === this.#candidate)}
          theme={theme}
          width={width}
        />
      );
    }
    const more = `${counted(unseen, 'more column')} ${theme.glyphs.leftRight}`;
    const right = unseen > 0 ? [span(more, 'quiet')] : [];
    return <LineView theme={theme} spans={spread(this.#place(scene), right, width, theme.glyphs.ellipsis)} />;
  }

  /** Which trial of how many, and the filter; or what is wrong with the filter, since all trials are shown then. */
  #place(scene: Scene): readonly Span[] {
    if (!this.#answer) return [];
    const { total, problem, order } = this.#answer;
    if (problem !== null) return [span(problem, 'warning')];
    const place = formatCount(this.#rows.cursor(rowsIn(scene)).selected + 1);
    return [
      span(total > 0 ? `${place} of ${formatCount(total)}` : 'none', 'strong'),
      ...(order.filter === '' ? [] : [span(`  /${order.filter}`, 'accent')]),
      ...(isSameOrder(order, this.#order) ? [] : [span(`  ${scene.theme.glyphs.ellipsis}`, 'quiet')]),
    ];
  }

  /** Filters that have a meaning in this sweep. */
  #hint(): string {
    const [param] = this.#rows.known.flatMap(({ params }) => Object.entries(params));
    const example = param ? `  ${param[0]}=${formatParam(param[1])}` : '';
    return `such as: failed  objective>0.9${example}`;
  }

  #type(text: string, key: Key): Wish {
    // As in less and vi, one leaves the line by deleting more than there is.
    const isLeft = key === 'escape' || (key === 'backspace' && text === '');
    if (key === 'enter') this.#arrange({ filter: text.trim() });
    this.#typed = isLeft || key === 'enter' ? undefined : typeKey(text, key);
    return DONE;
  }

  #choose(candidate: string, key: Key, { snapshot }: Scene): Wish | undefined {
    const choices = sortableColumns(this.#fields(snapshot)).map(({ by }) => by);
    const moved = moveChoice(choices.indexOf(candidate), key, choices.length);
    if (moved === undefined && key !== 'enter' && key !== 'escape') return undefined;
    this.#candidate = moved === undefined ? undefined : choices[moved];
    if (key === 'enter' && candidate !== this.#order.by)
      this.#arrange({ by: candidate, descending: startsDescending(candidate, snapshot) });
    return DONE;
  }

  /** What comes first in another order is what was looked for: one starts at its top. */
  #arrange(change: Partial<TrialOrder>): void {
    this.#order = { ...this.#order, ...change };
    this.#rows.moveToTop();
  }

  #open(scene: Scene): Wish {
    const row = this.#rows.selected(rowsIn(scene));
    return row ? { type: 'open-trial', trial: row.trial } : DONE;
  }

  #emptiness(): string {
    if (!this.#answer) return 'reading';
    return this.#answer.order.filter === '' ? 'this sweep has no trials' : 'no trial is like that';
  }

  #fields({ parameters }: Snapshot): TrialFields {
    return { parameters, measures: this.#measures };
  }

  #layout({ snapshot, theme, area }: Scene): TrialLayout {
    return layTrials(this.#rows.known, {
      ...this.#fields(snapshot),
      order: this.#answer?.order ?? this.#order,
      skipped: this.#skipped,
      width: area.columns - MARK_WIDTH,
      glyphs: theme.glyphs,
    });
  }
}

function rowsIn({ area }: Scene): number {
  return Math.max(1, area.rows - HEAD);
}

function isSameOrder(a: TrialOrder, b: TrialOrder): boolean {
  return a.by === b.by && a.descending === b.descending && a.filter === b.filter;
}
