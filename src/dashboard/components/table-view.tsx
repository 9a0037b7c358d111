/** A titled table of which every row is one line of the terminal. */

import { Box } from 'ink';
import type { TablePlan } from '../layout.ts';
import { fit, span, spread } from '../line.ts';
import { COLUMN_GAP, layTable, type TableColumn } from '../table.ts';
import type { Theme, Tone } from '../theme.ts';
import { LineView } from './line-view.tsx';

export interface TableViewProps {
  readonly title: string;
  /** Said at the right end of the title's line. */
  readonly remark: string;
  readonly columns: readonly TableColumn[];
  readonly rows: readonly (readonly string[])[];
  /** Tone of a cell; plain by default. */
  readonly toneOf?: (row: number, column: number) => Tone;
  /** Said where there are no rows. */
  readonly empty: string;
  readonly theme: Theme;
  readonly width: number;
  readonly plan: TablePlan;
}

export function TableView({ title, remark, columns, rows, toneOf, empty, theme, width, plan }: TableViewProps) {
  if (plan.rows === 0) return null;
  const { ellipsis } = theme.glyphs;
  const visible = rows.slice(0, plan.rows);
  const table = layTable(columns, visible, width, ellipsis);
  const notes = [
    remark,
    table.hidden > 0 && visible.length > 0 ? `+${table.hidden} column${table.hidden > 1 ? 's' : ''}` : '',
  ]
    .filter(Boolean)
    .join(', ');
  const gap = span(' '.repeat(COLUMN_GAP));
  return (
    <Box flexDirection="column">
      {plan.title && (
        <LineView
          theme={theme}
          spans={spread([span(title, 'title')], notes ? [span(notes, 'quiet')] : [], width, ellipsis)}
        />
      )}
      {visible.length === 0 && <LineView theme={theme} spans={fit([span(empty, 'quiet')], width, ellipsis)} />}
      {visible.length > 0 && (
        <LineView theme={theme} spans={[span(table.header.join(' '.repeat(COLUMN_GAP)), 'quiet')]} />
      )}
      {table.rows.map((cells, row) => (
        <LineView
          key={row}
          theme={theme}
          spans={cells.flatMap((cell, index) => {
            const tone = toneOf?.(row, table.shown[index] ?? 0) ?? 'plain';
            return index === 0 ? [span(cell, tone)] : [gap, span(cell, tone)];
          })}
        />
      ))}
    </Box>
  );
}
