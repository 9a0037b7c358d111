/** The sweep's log: its newest lines at the bottom, followed until one looks back. */

import { Box } from 'ink';
import { LineView } from '../components/line-view.tsx';
import { formatCount } from '../format.ts';
import { fit, span, spread } from '../line.ts';
import { logLines } from './log-lines.ts';
import type { Answer, LogLine, Query } from '../queries.ts';
import { rowAt, windowAround, type RowWindow } from '../lists/row-list.ts';
import { placeAtEnd, scrollText, type TextPlace, type TextShape } from '../lists/text-scroll.ts';
import type { Span } from '../theme.ts';
import { DONE, type Key, type KeyHelp, type Scene, type View, type Wish } from '../view.ts';

/** The line that says where one is. */
const HEAD = 1;

export class LogView implements View {
  readonly title = 'Log';
  readonly isTyping = false;
  /** From the oldest line on, since there it keeps its numbers. */
  #log: RowWindow<LogLine> | undefined;
  #place: TextPlace | 'end' = 'end';

  query(scene: Scene): Query {
    const { sweep } = scene.snapshot;
    const rows = rowsIn(scene);
    if (this.#place === 'end') return { kind: 'log', sweep, offset: 0, count: windowAround(0, rows).count };
    const { offset, count } = windowAround(this.#place.line, rows);
    const end = Math.min(this.#total, offset + count);
    return { kind: 'log', sweep, offset: this.#total - end, count: end - offset };
  }

  receive(answer: Answer): void {
    if (answer.kind !== 'log') return;
    const { total, offset, lines } = answer;
    this.#log = { total, offset: total - offset - lines.length, rows: lines.toReversed() };
  }

  onKey(key: Key, scene: Scene): Wish | undefined {
    const place = scrollText(this.#place, key, this.#shape(scene), rowsIn(scene));
    if (place === undefined) return undefined;
    this.#place = place;
    return DONE;
  }

  keys({ theme }: Scene): readonly KeyHelp[] {
    return [
      { key: theme.glyphs.upDown, effect: 'scrolls' },
      { key: 'g', effect: 'oldest' },
      { key: 'G', effect: 'newest' },
    ];
  }

  draw(scene: Scene) {
    const { theme, area } = scene;
    const { ellipsis } = theme.glyphs;
    return (
      <Box flexDirection="column">
        <LineView theme={theme} spans={this.#headline(scene)} />
        {this.#visible(scene).map((line, index) => (
          <LineView key={index} theme={theme} spans={fit(line, area.columns, ellipsis)} />
        ))}
      </Box>
    );
  }

  #headline(scene: Scene): readonly Span[] {
    const { theme, area } = scene;
    const [left, right] = this.#standing(scene);
    return spread([span(left, 'strong')], [span(right, 'quiet')], area.columns, theme.glyphs.ellipsis);
  }

  /** Where one is, and what comes of new lines. */
  #standing({ snapshot }: Scene): readonly [string, string] {
    if (!this.#log) return ['reading', ''];
    if (this.#total === 0) return ['nothing has been logged', ''];
    const total = formatCount(this.#total);
    if (this.#place !== 'end') return [`from line ${formatCount(this.#place.line + 1)} of ${total}`, 'G follows again'];
    return [`${total} line${this.#total === 1 ? '' : 's'}`, snapshot.live ? 'follows what comes' : ''];
  }

  /** Rows of the screen from the place on. */
  #visible(scene: Scene): readonly (readonly Span[])[] {
    const rows = rowsIn(scene);
    const { line, row } = this.#place === 'end' ? placeAtEnd(this.#shape(scene), rows) : this.#place;
    const visible: (readonly Span[])[] = [];
    for (let index = line; index < this.#total && visible.length < rows + row; index += 1) {
      visible.push(...this.#rowsOf(index, scene));
    }
    return visible.slice(row, row + rows);
  }

  #rowsOf(line: number, { theme, area, now }: Scene): readonly (readonly Span[])[] {
    const known = this.#log && rowAt(this.#log, line);
    return known ? logLines(known, area.columns, now) : [[span(theme.glyphs.ellipsis, 'quiet')]];
  }

  #shape(scene: Scene): TextShape {
    return { lines: this.#total, rowsOf: (line) => this.#rowsOf(line, scene).length };
  }

  get #total(): number {
    return this.#log?.total ?? 0;
  }
}

function rowsIn({ area }: Scene): number {
  return Math.max(1, area.rows - HEAD);
}
