/** The levels of two parameters as rows and columns of a heat map: the fuller a cell, the better its mean. */

import { Box } from 'ink';
import { LineView } from '../components/line-view.tsx';
import { fit, span } from '../line.ts';
import type { CompareCell } from '../queries.ts';
import { columnsOf, padEnd, padStart, truncate } from '../text.ts';
import type { Span, Theme } from '../theme.ts';
import { bestCell, cellAt, isNumeric, labelsOf, shortMeasureFormat, type Comparison } from './comparison.ts';
import type { Place } from './place.ts';
import type { ComparePlan } from './plan.ts';
import { shadesOf } from './shades.ts';

export interface HeatMapProps {
  readonly comparison: Comparison;
  readonly place: Place;
  readonly plan: ComparePlan;
  readonly layout: MapLayout;
  readonly theme: Theme;
  readonly width: number;
}

export interface MapLayout {
  /** Columns of the terminal for the rows' labels, and for each cell. */
  readonly labels: number;
  readonly cell: number;
  /** Columns of the map that are shown. */
  readonly count: number;
  /** Whether cells have room for their means. */
  readonly numbers: boolean;
}

const GAP = 1;
/** A shade, the mark of the selected cell, that of the best, and a shade. */
const AROUND_NUMBER = 4;
const LEAST_CELL = 3;
const LABELLED_CELL = 7;
const ROOMY_CELL = 20;

/** Cells with their means where all columns fit so, else without; columns that do not fit even so can be scrolled to. */
export function layMap(comparison: Comparison, theme: Theme, width: number): MapLayout {
  const [first = [], second = []] = comparison.levels;
  const most = Math.max(8, width >> 2);
  const labels = Math.max(
    Math.min(most, columnsOf(comparison.parameters[0])),
    widest(labelsOf(first, most, theme.glyphs)),
  );
  const room = Math.max(0, width - labels);
  const count = Math.max(1, second.length);
  const share = Math.floor(room / count) - GAP;
  const format = shortMeasureFormat(comparison.cells);
  const number = widest(comparison.cells.map(({ mean }) => format(mean))) + AROUND_NUMBER;
  if (share >= number) return { labels, cell: Math.min(share, Math.max(number, ROOMY_CELL)), count, numbers: true };
  const label = Math.min(LABELLED_CELL, widest(labelsOf(second, most, theme.glyphs)));
  const cell = Math.max(LEAST_CELL, label, Math.min(share, number));
  return { labels, cell, count: Math.max(1, Math.min(count, Math.floor(room / (cell + GAP)))), numbers: false };
}

export function HeatMap({ comparison, place: { rows, columns }, plan, layout, theme, width }: HeatMapProps) {
  const { glyphs } = theme;
  const [first = [], second = []] = comparison.levels;
  const most = Math.max(layout.labels, layout.cell);
  const shownColumns = second.map((_, index) => index).slice(columns.top, columns.top + layout.count);
  const shownRows = first.map((_, index) => index).slice(rows.top, rows.top + plan.rows);
  const rowLabels = labelsOf(first, layout.labels, glyphs);
  const columnLabels = labelsOf(second, layout.cell, glyphs);
  const align = isNumeric(first) ? padStart : padEnd;
  const drawCell = cellDrawing(comparison, layout, theme);
  const line = (key: string, label: Span, cells: readonly (readonly Span[])[]) => (
    <LineView
      key={key}
      theme={theme}
      spans={fit([label, ...cells.flatMap((cell) => [span(' '.repeat(GAP)), ...cell])], width, glyphs.ellipsis)}
    />
  );
  const nameOf = (parameter: string | undefined): string => truncate(parameter ?? '', most, glyphs.ellipsis);
  return (
    <Box flexDirection="column">
      {plan.columnName &&
        line('name', span(' '.repeat(layout.labels)), [[span(comparison.parameters[1] ?? '', 'quiet')]])}
      {plan.header &&
        line(
          'header',
          span(
            align(truncate(nameOf(comparison.parameters[0]), layout.labels, glyphs.ellipsis), layout.labels),
            'quiet',
          ),
          shownColumns.map((column) => [
            span(centre(columnLabels[column] ?? '', layout.cell), column === columns.selected ? 'strong' : 'quiet'),
          ]),
        )}
      {shownRows.flatMap((row) =>
        Array.from({ length: plan.height }, (_, part) => {
          const isMiddle = part === plan.height >> 1;
          return line(
            `${row}.${part}`,
            span(
              align(isMiddle ? (rowLabels[row] ?? '') : '', layout.labels),
              row === rows.selected ? 'strong' : 'quiet',
            ),
            shownColumns.map((column) =>
              drawCell(cellAt(comparison, row, column), isMiddle, row === rows.selected && column === columns.selected),
            ),
          );
        }),
      )}
    </Box>
  );
}

/** Draws one line of a cell: its middle holds the mean, the marks of the best and of the selected cell. */
function cellDrawing(comparison: Comparison, { cell: width, numbers }: MapLayout, { glyphs }: Theme) {
  const { shadeOf } = shadesOf(comparison);
  const format = shortMeasureFormat(comparison.cells);
  const best = bestCell(comparison);
  return (cell: CompareCell | undefined, isMiddle: boolean, isSelected: boolean): readonly Span[] => {
    const shade = cell ? (glyphs.shades[shadeOf(cell)] ?? ' ') : ' ';
    if (!isMiddle) return [span(shade.repeat(width), 'accent')];
    const marked = isSelected ? glyphs.selected : numbers || !cell ? ' ' : shade;
    const ended = cell && cell === best ? glyphs.best : numbers || !cell ? ' ' : shade;
    const text = !cell ? glyphs.missing : numbers ? format(cell.mean) : shade;
    const inner = `${marked}${text}${ended}`;
    const before = (width - columnsOf(inner)) >> 1;
    const after = width - columnsOf(inner) - before;
    const tone = isSelected ? 'selected' : !numbers || !cell ? 'accent' : cell === best ? 'strong' : 'plain';
    return [span(shade.repeat(before), 'accent'), span(inner, tone), span(shade.repeat(after), 'accent')];
  };
}

function centre(text: string, width: number): string {
  return padEnd(padStart(text, (width + columnsOf(text)) >> 1), width);
}

function widest(texts: readonly string[]): number {
  return texts.reduce((most, text) => Math.max(most, columnsOf(text)), 0);
}
