/** The levels of one parameter, a row each: completed trials, mean, and its interval on a scale common to all rows. */

import { Box } from 'ink';
import { LineView } from '../components/line-view.tsx';
import { fit, span } from '../line.ts';
import type { Cursor } from '../scrolling.ts';
import { COLUMN_GAP, layTable, type TableColumn } from '../table.ts';
import type { Span, Theme } from '../theme.ts';
import { bestCell, cellAt, formatInterval, isNumeric, labelsOf, measureFormat, type Comparison } from './comparison.ts';
import { intervalBar, intervalScale, scaleLine } from './interval-bar.ts';
import type { ComparePlan } from './plan.ts';

export interface IntervalRowsProps {
  readonly comparison: Comparison;
  readonly cursor: Cursor;
  readonly plan: ComparePlan;
  readonly theme: Theme;
  readonly width: number;
}

/** The share of the width that the bars get at least, and columns from which on the best is marked by a word as well. */
const LEAST_SHARE = 0.38;
const ROOM_FOR_WORD = 60;

export function IntervalRows({ comparison, cursor, plan, theme, width }: IntervalRowsProps) {
  const { glyphs } = theme;
  const best = bestCell(comparison);
  const shown = (comparison.levels[0] ?? []).map((_, index) => index).slice(cursor.top, cursor.top + plan.rows);
  const table = layTable(
    columnsFor(comparison, width),
    cellsFor(comparison, theme, width),
    Math.floor(width * (1 - LEAST_SHARE)),
    glyphs.ellipsis,
  );
  const gap = ' '.repeat(COLUMN_GAP);
  const header = `  ${table.header.join(gap)}${gap}`;
  const scale = intervalScale(comparison.cells);
  const room = Math.max(0, width - header.length);
  const barOf = (index: number | undefined): readonly Span[] =>
    intervalBar(index === undefined ? undefined : cellAt(comparison, index, 0), {
      scale,
      width: room,
      guide: best?.mean ?? null,
      tone: 'accent',
      glyphs,
    });
  const lineOf = (index: number): readonly Span[] => {
    const text = (table.rows[index] ?? []).join(gap);
    return index === cursor.selected
      ? [span(`${glyphs.selected} ${text}`, 'selected'), span(gap)]
      : [span(`  ${text}${gap}`, index === best?.first ? 'strong' : 'plain')];
  };
  const spacers = Array.from({ length: plan.height - 1 }, (_, index) => index);
  return (
    <Box flexDirection="column">
      {plan.header && (
        <LineView
          theme={theme}
          spans={fit(
            [span(header, 'quiet'), span(scaleLine(scale, room, measureFormat(comparison.cells)), 'quiet')],
            width,
            glyphs.ellipsis,
          )}
        />
      )}
      {shown.map((index) => (
        <Box key={index} flexDirection="column">
          <LineView theme={theme} spans={[...lineOf(index), ...barOf(index)]} />
          {index !== shown.at(-1) &&
            spacers.map((spacer) => (
              <LineView key={spacer} theme={theme} spans={[span(' '.repeat(width - room)), ...barOf(undefined)]} />
            ))}
        </Box>
      ))}
    </Box>
  );
}

function columnsFor({ parameters, levels }: Comparison, width: number): readonly TableColumn[] {
  return [
    { title: parameters[0], align: isNumeric(levels[0] ?? []) ? 'right' : 'left', fixed: true },
    { title: 'mean', align: 'right', fixed: true },
    { title: width < ROOM_FOR_WORD ? ' ' : '', align: 'left', fixed: true },
    { title: '95 % interval', align: 'left', fixed: true },
    { title: 'n', align: 'right', fixed: true },
    { title: 'std', align: 'right', fixed: true },
  ];
}

function cellsFor(comparison: Comparison, { glyphs }: Theme, width: number): readonly (readonly string[])[] {
  const format = measureFormat(comparison.cells);
  const best = bestCell(comparison);
  const levels = comparison.levels[0] ?? [];
  const mark = width < ROOM_FOR_WORD ? glyphs.best : `${glyphs.best} best`;
  return labelsOf(levels, Math.max(8, width >> 2), glyphs).map((label, index) => {
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
