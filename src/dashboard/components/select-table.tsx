/** A table below the names of its columns, one row of it selected. */

import { Box } from 'ink';
import { fit, span } from '../line.ts';
import { COLUMN_GAP, layTable, type TableColumn, type TableText } from '../table.ts';
import { padEnd } from '../text.ts';
import type { Span, Theme, Tone } from '../theme.ts';
import { LineView } from './line-view.tsx';

/** Columns of the mark before the selected row, so that it shows without reverse video as well. */
export const MARK_WIDTH = 2;

export interface SelectTableProps {
  readonly columns: readonly TableColumn[];
  /** Cells of the rows that are shown; a text in place of those that are not known yet. */
  readonly rows: readonly (readonly string[] | string)[];
  /** What the columns are measured by: rows around those that are shown, so that the columns stay while one scrolls. */
  readonly measured?: readonly (readonly string[])[];
  /** Index into `rows`. */
  readonly selected: number;
  /** Tone of a cell that is not selected; plain by default. */
  readonly toneOf?: (row: number, column: number) => Tone;
  /** Said where there are no rows. */
  readonly empty: string;
  readonly theme: Theme;
  readonly width: number;
}

export function SelectTable(props: SelectTableProps) {
  const { columns, rows, measured, selected, toneOf, empty, theme, width } = props;
  const { ellipsis, selected: mark } = theme.glyphs;
  if (rows.length === 0) return <LineView theme={theme} spans={fit([span(empty, 'quiet')], width, ellipsis)} />;
  const known = rows.map((row) => (typeof row === 'string' ? [] : row));
  const table = layTable(columns, known, width - MARK_WIDTH, ellipsis, measured);
  return (
    <Box flexDirection="column">
      <LineView theme={theme} spans={fit([span(`  ${join(table.header)}`, 'quiet')], width, ellipsis)} />
      {rows.map((row, index) => {
        const spans = typeof row === 'string' ? [span(`  ${row}`, 'quiet')] : spansOf(table, index, toneOf);
        const shown = index === selected ? marked(spans, mark, width) : spans;
        return <LineView key={index} theme={theme} spans={fit(shown, width, ellipsis)} />;
      })}
    </Box>
  );
}

/** The line of the selected row: all of it stands out, up to the right edge. */
function marked(spans: readonly Span[], mark: string, width: number): readonly Span[] {
  const text = spans.map((each) => each.text).join('');
  return [span(padEnd(mark + text.slice(mark.length), width), 'selected')];
}

function spansOf(table: TableText, row: number, toneOf: SelectTableProps['toneOf']): readonly Span[] {
  const cells = table.rows[row] ?? [];
  return [
    span('  '),
    ...cells.flatMap((cell, index) => {
      const tone = toneOf?.(row, table.shown[index] ?? 0) ?? 'plain';
      return index === 0 ? [span(cell, tone)] : [span(' '.repeat(COLUMN_GAP)), span(cell, tone)];
    }),
  ];
}

function join(cells: readonly string[]): string {
  return cells.join(' '.repeat(COLUMN_GAP));
}
