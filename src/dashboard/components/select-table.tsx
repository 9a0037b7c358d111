/** A table below the names of its columns, one row of it selected. */

import { Box } from 'ink';
import { fit, span } from '../line.ts';
import { COLUMN_GAP, layTable, type TableColumn } from '../table.ts';
import { padEnd } from '../text.ts';
import type { Theme, Tone } from '../theme.ts';
import { LineView } from './line-view.tsx';

export interface SelectTableProps {
  readonly columns: readonly TableColumn[];
  /** Cells of the rows that are shown. */
  readonly rows: readonly (readonly string[])[];
  /** Index into `rows`. */
  readonly selected: number;
  /** Tone of a cell that is not selected; plain by default. */
  readonly toneOf?: (row: number, column: number) => Tone;
  /** Said where there are no rows. */
  readonly empty: string;
  readonly theme: Theme;
  readonly width: number;
}

export function SelectTable({ columns, rows, selected, toneOf, empty, theme, width }: SelectTableProps) {
  const { ellipsis } = theme.glyphs;
  // A mark before the selected row, so that it shows without reverse video as well.
  const marked = width - 2;
  const table = layTable(columns, rows, marked, ellipsis);
  const gap = ' '.repeat(COLUMN_GAP);
  if (rows.length === 0) return <LineView theme={theme} spans={fit([span(empty, 'quiet')], width, ellipsis)} />;
  return (
    <Box flexDirection="column">
      <LineView theme={theme} spans={[span(`  ${table.header.join(gap)}`, 'quiet')]} />
      {table.rows.map((cells, row) => (
        <LineView
          key={row}
          theme={theme}
          spans={
            row === selected
              ? [span(padEnd(`${theme.glyphs.selected} ${cells.join(gap)}`, width), 'selected')]
              : cells.flatMap((cell, index) => [
                  span(index === 0 ? '  ' : gap),
                  span(cell, toneOf?.(row, table.shown[index] ?? 0) ?? 'plain'),
                ])
          }
        />
      ))}
    </Box>
  );
}
