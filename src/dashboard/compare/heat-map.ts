/** The levels of two parameters as rows and columns of a heat map: the fuller a cell, the better its mean. Pure. */

import { fit, span } from '../line.ts';
import type { CompareCell } from '../queries.ts';
import { columnsOf, padEnd, padStart, truncate } from '../text.ts';
import type { Span, Theme, Tone } from '../theme.ts';
import { bestCell, cellAt, isNumeric, labelsOf, shortMeasureFormat, type Comparison } from './comparison.ts';
import { CELL_GAP, layMap, type MapLayout } from './map-layout.ts';
import type { Place } from './place.ts';
import type { ComparePlan } from './plan.ts';
import { shadesOf } from './shades.ts';

/** At most as many lines as the plan has for its levels, above them their labels. */
export function drawHeatMap(
  comparison: Comparison,
  { rows, columns }: Place,
  plan: ComparePlan,
  theme: Theme,
  width: number,
): readonly (readonly Span[])[] {
  const { glyphs } = theme;
  const { levels, parameters } = comparison;
  const layout = layMap(comparison, theme, width);
  const rowLabels = labelsOf(levels[0] ?? [], layout.labels, glyphs);
  const columnLabels = labelsOf(levels[1] ?? [], layout.cell, glyphs);
  const shownRows = [...rowLabels.keys()].slice(rows.top, rows.top + plan.rows);
  const shownColumns = [...columnLabels.keys()].slice(columns.top, columns.top + layout.count);
  const align = isNumeric(levels[0] ?? []) ? padStart : padEnd;
  const drawCell = cellDrawing(comparison, layout, theme);
  const lineOf = (label: string, isSelected: boolean, cells: readonly (readonly Span[])[]): readonly Span[] => {
    const cut = truncate(label, layout.labels, glyphs.ellipsis);
    const head = span(align(cut, layout.labels), isSelected ? 'strong' : 'quiet');
    return fit([head, ...cells.flatMap((cell) => [span(' '.repeat(CELL_GAP)), ...cell])], width, glyphs.ellipsis);
  };
  const header = shownColumns.map((column) => [
    span(centre(columnLabels[column] ?? '', layout.cell), column === columns.selected ? 'strong' : 'quiet'),
  ]);
  const linesOfRow = (row: number): readonly (readonly Span[])[] =>
    Array.from({ length: plan.height }, (_, part) => {
      const isMiddle = part === plan.height >> 1;
      const cells = shownColumns.map((column) =>
        drawCell(cellAt(comparison, row, column), isMiddle, row === rows.selected && column === columns.selected),
      );
      return lineOf(isMiddle ? (rowLabels[row] ?? '') : '', row === rows.selected, cells);
    });
  return [
    ...(plan.columnName ? [lineOf('', false, [[span(parameters[1] ?? '', 'quiet')]])] : []),
    ...(plan.header ? [lineOf(parameters[0], false, header)] : []),
    ...shownRows.flatMap(linesOfRow),
  ];
}

/** Draws one line of a cell: that in its middle holds the mean, between the marks of the selected and the best cell. */
function cellDrawing(comparison: Comparison, { cell: width, numbers }: MapLayout, { glyphs }: Theme) {
  const { shadeOf } = shadesOf(comparison);
  const format = shortMeasureFormat(comparison.cells);
  const best = bestCell(comparison);
  return (cell: CompareCell | undefined, isMiddle: boolean, isSelected: boolean): readonly Span[] => {
    const shade = cell ? (glyphs.shades[shadeOf(cell)] ?? ' ') : ' ';
    if (!isMiddle) return [span(shade.repeat(width), 'accent')];
    // Where no number stands in it, a cell is shaded from end to end.
    const ground = numbers ? ' ' : shade;
    const isBest = cell !== undefined && cell === best;
    const text = cell ? (numbers ? format(cell.mean) : shade) : glyphs.missing;
    const inner = (isSelected ? glyphs.selected : ground) + text + (isBest ? glyphs.best : ground);
    const before = (width - columnsOf(inner)) >> 1;
    const after = width - columnsOf(inner) - before;
    const tone: Tone = isSelected ? 'selected' : isBest ? 'strong' : cell && numbers ? 'plain' : 'accent';
    return [span(shade.repeat(before), 'accent'), span(inner, tone), span(shade.repeat(after), 'accent')];
  };
}

function centre(text: string, width: number): string {
  return padEnd(padStart(text, (width + columnsOf(text)) >> 1), width);
}
