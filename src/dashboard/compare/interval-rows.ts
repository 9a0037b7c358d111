/** The levels of one parameter, a row each: completed trials, mean, and its interval on a scale common to all rows. Pure. */

import { fit, span } from '../line.ts';
import type { CompareCell } from '../queries.ts';
import type { Cursor } from '../lists/scrolling.ts';
import { COLUMN_GAP, layTable, type TableColumn } from '../table.ts';
import type { Span, Theme } from '../theme.ts';
import { bestCell, cellAt, formatInterval, isNumeric, labelsOf, measureFormat, type Comparison } from './comparison.ts';
import { intervalBar, intervalScale, scaleLine } from './interval-bar.ts';
import type { ComparePlan } from './plan.ts';

/** The share of the width that the bars get at least. */
const LEAST_SHARE = 0.38;
/** Columns from which on the best is marked by a word as well. */
const ROOM_FOR_WORD = 60;
const LEAST_LABEL = 8;
const GAP = ' '.repeat(COLUMN_GAP);

/** At most as many lines as the plan has for its levels, above them the scale. */
export function drawIntervalRows(
  comparison: Comparison,
  cursor: Cursor,
  plan: ComparePlan,
  theme: Theme,
  width: number,
): readonly (readonly Span[])[] {
  const { glyphs } = theme;
  const { cells } = comparison;
  const best = bestCell(comparison);
  const rows = tableCells(comparison, theme, width);
  const room = Math.floor(width * (1 - LEAST_SHARE));
  const table = layTable(tableColumns(comparison), rows, room, glyphs.ellipsis);
  const header = `  ${table.header.join(GAP)}${GAP}`;
  const scale = intervalScale(cells);
  const bars = Math.max(0, width - header.length);
  const barOf = (cell: CompareCell | undefined): readonly Span[] =>
    intervalBar(cell, { scale, width: bars, guide: best?.mean ?? null, tone: 'accent', glyphs });
  const rowOf = (index: number): readonly Span[] => {
    const text = (table.rows[index] ?? []).join(GAP);
    const head =
      index === cursor.selected
        ? [span(`${glyphs.selected} ${text}`, 'selected'), span(GAP)]
        : [span(`  ${text}${GAP}`, index === best?.first ? 'strong' : 'plain')];
    return [...head, ...barOf(cellAt(comparison, index, 0))];
  };
  const spacer = [span(' '.repeat(header.length)), ...barOf(undefined)];
  const shown = [...rows.keys()].slice(cursor.top, cursor.top + plan.rows);
  const lines = [
    ...(plan.header ? [[span(header + scaleLine(scale, bars, measureFormat(cells)), 'quiet')]] : []),
    ...shown.flatMap((index) => [
      rowOf(index),
      ...new Array<readonly Span[]>(index === shown.at(-1) ? 0 : plan.height - 1).fill(spacer),
    ]),
  ];
  return lines.map((line) => fit(line, width, glyphs.ellipsis));
}

function tableColumns({ parameters, levels }: Comparison): readonly TableColumn[] {
  return [
    { title: parameters[0], align: isNumeric(levels[0] ?? []) ? 'right' : 'left', fixed: true },
    { title: 'mean', align: 'right', fixed: true },
    { title: '', align: 'left', fixed: true },
    { title: '95 % interval', align: 'left', fixed: true },
    { title: 'n', align: 'right', fixed: true },
    { title: 'std', align: 'right', fixed: true },
  ];
}

function tableCells(comparison: Comparison, { glyphs }: Theme, width: number): readonly (readonly string[])[] {
  const format = measureFormat(comparison.cells);
  const best = bestCell(comparison);
  const mark = width < ROOM_FOR_WORD ? glyphs.best : `${glyphs.best} best`;
  return labelsOf(comparison.levels[0] ?? [], Math.max(LEAST_LABEL, width >> 2), glyphs).map((label, index) => {
    const cell = cellAt(comparison, index, 0);
    if (!cell) return [label, glyphs.missing, '', '', '0', ''];
    return [
      label,
      format(cell.mean),
      cell === best ? mark : '',
      formatInterval(cell.interval, format, glyphs.missing),
      String(cell.n),
      cell.std === null ? glyphs.missing : format(cell.std),
    ];
  });
}
