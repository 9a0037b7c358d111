/** How many lines each part of the dashboard gets, so that a frame is always shorter than the screen. Pure. */

export interface ScreenSize {
  readonly columns: number;
  readonly rows: number;
}

/** Rows that are not the view's: title, tabs, the line of keys, and the last row, where the cursor rests. */
export const OVERHEAD = 4;

export interface LayoutNeeds {
  /** Rows that the parts would like to have. */
  readonly running: number;
  readonly best: number;
  readonly failures: number;
  readonly notice: boolean;
  readonly keys: boolean;
}

export interface Layout {
  readonly width: number;
  /** Second line of the header. */
  readonly subtitle: boolean;
  /** The line of counts by state. */
  readonly counts: boolean;
  /** Empty lines between the parts. */
  readonly gaps: boolean;
  /** Running trials and best configs stand next to each other. */
  readonly sideBySide: boolean;
  /** Rows below the title, and whether there is a line of column names above them; 0 rows: the part is left out. */
  readonly running: TablePlan;
  readonly best: TablePlan;
  /** Failures listed below their summary line. */
  readonly failures: number;
  readonly failureSummary: boolean;
  readonly notice: boolean;
  readonly keys: boolean;
}

export interface TablePlan {
  readonly rows: number;
  readonly header: boolean;
}

const WIDE = 150;
const MOST_FAILURES = 5;

/** Plans `rows - 1` lines at most: the cursor rests on the one that is left. */
export function planLayout(size: ScreenSize, needs: LayoutNeeds): Layout {
  const width = Math.max(1, size.columns);
  let left = Math.max(1, size.rows - 1);
  const take = (lines: number, reserve = 0): boolean => {
    if (left - lines < reserve) return false;
    left -= lines;
    return true;
  };
  take(1); // title
  take(1); // bar
  take(1); // speed and time
  const notice = needs.notice && take(1);
  const failureSummary = needs.failures > 0 && take(1);
  const keys = needs.keys && take(1);
  const gaps = take(4, 13);
  const counts = take(1, 8);
  const subtitle = take(1, 9);
  const sideBySide = width >= WIDE;
  const several = Math.min(needs.failures, MOST_FAILURES);
  const failures = [several, 1].find((rows) => failureSummary && take(rows, rows > 1 ? 16 : 10)) ?? 0;
  const tables = sideBySide
    ? { running: tableIn(left, needs.running), best: tableIn(left, needs.best) }
    : shareTables(left, needs);
  return { width, subtitle, counts, gaps, sideBySide, ...tables, failures, failureSummary, notice, keys };
}

/** A title, column names, and rows in `lines`; the names go before the only row does. */
function tableIn(lines: number, wanted: number): TablePlan {
  const rows = Math.max(1, wanted);
  if (lines < 2) return { rows: 0, header: false };
  if (lines < 4) return { rows: Math.min(rows, lines - 1), header: false };
  return { rows: Math.min(rows, lines - 2), header: true };
}

/** Half of the lines for each; what one table leaves over goes to the other. */
function shareTables(lines: number, needs: LayoutNeeds): { readonly running: TablePlan; readonly best: TablePlan } {
  if (needs.running === 0) return { running: { rows: 0, header: false }, best: tableIn(lines, needs.best) };
  const best = linesOf(needs.best);
  const half = Math.max(Math.floor(lines / 2), lines - best);
  const running = tableIn(Math.min(half, linesOf(needs.running)), needs.running);
  return {
    running,
    best: tableIn(lines - (running.rows > 0 ? running.rows + (running.header ? 2 : 1) : 0), needs.best),
  };
}

function linesOf(rows: number): number {
  return Math.max(1, rows) + 2;
}
