/** A trial as lines that fill an area: curves first, facts below them or beside them. Pure. */

import { fit, span, spread } from '../line.ts';
import type { ScreenSize } from '../layout.ts';
import { STATE_TONES } from '../theme.ts';
import { beside, type Line } from './blocks.ts';
import { drawCurves, type ChartRequest } from './curves.ts';
import { factLines, type FactsRequest } from './facts.ts';

export interface PageRequest extends FactsRequest {
  readonly area: ScreenSize;
  /** Absent where nothing is recorded. */
  readonly chart: Omit<ChartRequest, 'theme'> | undefined;
  /** Lines that are scrolled out at the top; more than there are counts as all that may be. */
  readonly top: number;
}

export interface Page {
  readonly lines: readonly Line[];
  /** How far it can be scrolled, and as far as it is. */
  readonly most: number;
  readonly top: number;
  /** Lines that scroll at once. */
  readonly window: number;
}

/** Columns from which on the facts stand beside the curves, and theirs. */
const WIDE = 110;
const FACTS_WIDTH = 0.36;
const MOST_FACTS_WIDTH = 60;
const GAP = 3;
/** Shares of the rows that the curves get where the facts are below: at least, so that all fits, or else; and their least rows. */
const LEAST_SHARE = 0.5;
const CHART_SHARE = 0.6;
const LEAST_CHART = 8;
/** Columns from which on a remark may be said with all its words. */
const ROOMY = 60;

/** At most `area.rows` lines, none wider than `area.columns`. */
export function layPage(request: PageRequest): Page {
  const { area } = request;
  const rows = Math.max(0, area.rows - 1);
  const isWide = area.columns >= WIDE && request.chart !== undefined;
  const { fixed, scrolled, width } = isWide ? sideBySide(request, rows) : stacked(request, rows);
  const most = Math.max(0, scrolled.length - rows);
  const top = Math.min(most, request.top);
  const shown = scrolled.slice(top, top + rows);
  const lines = fixed ? beside(fixed, shown, width, GAP) : shown;
  const place = `${area.columns >= ROOMY ? 'lines ' : ''}${top + 1}-${top + shown.length} of ${scrolled.length}`;
  return { lines: [headline(request, most > 0 ? place : ''), ...lines].slice(0, area.rows), most, top, window: rows };
}

interface Blocks {
  /** What stays while the rest is scrolled, and its width. */
  readonly fixed?: readonly Line[];
  readonly width: number;
  readonly scrolled: readonly Line[];
}

function sideBySide(request: PageRequest, rows: number): Blocks {
  const { columns } = request.area;
  const facts = Math.min(MOST_FACTS_WIDTH, Math.floor(columns * FACTS_WIDTH));
  const width = columns - facts - GAP;
  return { fixed: chartLines(request, width, rows), width, scrolled: factLines(request, facts, rows) };
}

function stacked(request: PageRequest, rows: number): Blocks {
  const { columns: width } = request.area;
  const facts = factLines(request, width, 0);
  const spare = rows - facts.length;
  const share = Math.min(rows, Math.max(LEAST_CHART, Math.round(rows * CHART_SHARE)));
  const height = spare >= Math.max(LEAST_CHART, rows * LEAST_SHARE) ? spare : share;
  return { width, scrolled: [...chartLines(request, width, height), ...facts] };
}

function chartLines({ chart, answer, theme }: PageRequest, width: number, height: number): readonly Line[] {
  if (chart) return drawCurves({ ...chart, theme }, width, height);
  const text = answer.facts.epochs === 0 ? 'no epoch has been recorded yet' : 'no finite number has been recorded';
  return height > 0 ? [fit([span(text, 'quiet')], width, theme.glyphs.ellipsis)] : [];
}

function headline({ answer: { facts }, theme, area }: PageRequest, remark: string): Line {
  const { ellipsis, mark } = theme.glyphs;
  const { config, replicate, state } = facts;
  return spread(
    [
      span(`config ${config} rep ${replicate}`, 'strong'),
      span('  '),
      span(`${mark[state]} ${state}`, STATE_TONES[state]),
    ],
    remark === '' ? [] : [span(remark, 'quiet')],
    area.columns,
    ellipsis,
  );
}
