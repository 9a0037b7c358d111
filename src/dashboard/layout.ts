/** How many lines each part of the overview gets, so that it never needs more than it has. Pure. */

export interface ScreenSize {
  readonly columns: number;
  readonly rows: number;
}

/** Rows that are not the view's: title, tabs, the line of keys, and the last row, where the cursor rests. */
export const OVERHEAD = 4;

export interface LayoutNeeds {
  /** Lines that the parts would like to have. */
  readonly workers: number;
  readonly verdict: number;
  readonly best: number;
  readonly running: number;
  readonly failures: number;
  /** Whether anything is known of the coordinator's process. */
  readonly vitals: boolean;
}

export interface Layout {
  readonly width: number;
  /** The line of time left and speed. */
  readonly pace: boolean;
  /** The line of counts by state. */
  readonly counts: boolean;
  /** The line on the process; its workers below it, a line each, or else in that line. */
  readonly vitals: boolean;
  readonly workers: number;
  readonly verdict: number;
  /** Empty lines between the parts. */
  readonly gaps: boolean;
  /** Running trials and best configs stand next to each other. */
  readonly sideBySide: boolean;
  readonly best: TablePlan;
  readonly running: TablePlan;
  /** Failures listed below their summary line. */
  readonly failures: number;
  readonly failureSummary: boolean;
}

/** Rows, below the names of the columns, below a title. No rows: the table is left out. */
export interface TablePlan {
  readonly rows: number;
  readonly title: boolean;
}

const NO_TABLE: TablePlan = { rows: 0, title: false };
const WIDE = 150;
const MOST_FAILURES = 3;
const MOST_WORKERS = 8;
/** Lines of the tables from which on running trials are shown whatever the best configs would like to have. */
const ROOM_FOR_BOTH = 16;
/** Lines left over by the best configs that are worth it. */
const ROOM_FOR_RUNNING = 4;

/** Plans `area.rows` lines at most. */
export function planLayout(area: ScreenSize, needs: LayoutNeeds): Layout {
  const width = Math.max(1, area.columns);
  let left = Math.max(1, area.rows);
  /** Whether the lines are there, with `reserve` lines left for what matters more. */
  const take = (lines: number, reserve = 0): boolean => {
    if (left - lines < reserve) return false;
    left -= lines;
    return true;
  };
  take(1); // bar
  const pace = take(1);
  const failureSummary = needs.failures > 0 && take(1);
  const counts = take(1, 3);
  const vitals = needs.vitals && take(1, 7);
  const verdict = Array.from({ length: needs.verdict }, () => take(1, 5)).filter(Boolean).length;
  const gaps = take(gapsOf({ failureSummary, verdict }), 7);
  const several = Math.min(needs.failures, MOST_FAILURES);
  const failures = [several, 1].find((rows) => failureSummary && take(rows, rows > 1 ? 10 : 7)) ?? 0;
  const workers =
    vitals && needs.workers > 0 && needs.workers <= MOST_WORKERS && take(needs.workers + 1, 16) ? needs.workers : 0;
  const sideBySide = width >= WIDE;
  const tables = shareTables(left, sideBySide, needs);
  return { width, pace, counts, vitals, workers, verdict, gaps, sideBySide, ...tables, failures, failureSummary };
}

/** After the progress, before the failures, and after the verdict. */
export function gapsOf(parts: { readonly failureSummary: boolean; readonly verdict: number }): number {
  return 1 + Number(parts.failureSummary) + Number(parts.verdict > 0);
}

/** The best configs come first: running trials get what is left over, at most half of it. */
function shareTables(
  lines: number,
  sideBySide: boolean,
  needs: LayoutNeeds,
): { readonly best: TablePlan; readonly running: TablePlan } {
  // A line between the two.
  const spare = lines - 1 - linesOf(needs.best);
  if (needs.running === 0 || (lines < ROOM_FOR_BOTH && spare < ROOM_FOR_RUNNING))
    return { best: tableIn(lines, needs.best), running: NO_TABLE };
  if (sideBySide) return { best: tableIn(lines, needs.best), running: tableIn(lines, needs.running) };
  const half = lines < ROOM_FOR_BOTH ? 0 : Math.floor((lines - 1) / 2);
  const running = tableIn(Math.max(half, spare), needs.running);
  return { best: tableIn(lines - 1 - linesOf(running.rows), needs.best), running };
}

/** Where it gets tight, the title goes before the rows do. */
function tableIn(lines: number, wanted: number): TablePlan {
  const title = lines >= 6;
  const room = lines - (title ? 2 : 1);
  return room < 1 ? NO_TABLE : { rows: Math.min(Math.max(1, wanted), room), title };
}

function linesOf(rows: number): number {
  return Math.max(1, rows) + 2;
}
