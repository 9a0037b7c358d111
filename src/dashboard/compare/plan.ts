/** How many lines each part of a comparison gets. Pure. */

export interface CompareNeeds {
  /** Levels of the rows. */
  readonly levels: number;
  readonly isMap: boolean;
  /** Whether a chart would show more than the rows do. */
  readonly chart: boolean;
}

export interface ComparePlan {
  /** Above the levels: the objective, and the labels of the scale or of the columns. */
  readonly title: boolean;
  readonly header: boolean;
  /** The name of the columns' parameter above their labels. */
  readonly columnName: boolean;
  /** Levels shown, and lines of each. */
  readonly rows: number;
  readonly height: number;
  /** Lines of the chart, 0 for none. */
  readonly chart: number;
  /** Below the levels: the meaning of the shades, the selected one in words, and what the numbers are. */
  readonly legend: boolean;
  readonly detail: boolean;
  readonly remark: boolean;
  /** An empty line between parts. */
  readonly gaps: boolean;
}

/** Lines of a level at most: more would not tell more. */
const TALLEST_BAR = 2;
const TALLEST_CELL = 5;
const LEAST_CHART = 8;
const TALLEST_CHART = 18;

/** Plans for at most `lines` lines, of which the first says what is compared. The fewer there are, the more is left out. */
export function planCompare(lines: number, { levels, isMap, chart: wantsChart }: CompareNeeds): ComparePlan {
  let left = lines - 1;
  /** Takes `count` lines where at least `reserve` are left, or as many as there are levels. */
  const take = (count: number, reserve: number): boolean => {
    if (left - count < Math.max(1, Math.min(levels, reserve))) return false;
    left -= count;
    return true;
  };
  const header = take(1, 1);
  const detail = take(1, 2);
  const title = take(1, 3);
  const legend = isMap && take(1, 3);
  const remark = take(1, 5);
  const gaps = take(2, 8);
  const columnName = isMap && take(1, 8);
  const rows = Math.max(0, Math.min(left, levels));
  const chart = wantsChart && left - levels > LEAST_CHART ? Math.min(TALLEST_CHART, left - levels - 1) : 0;
  const spare = chart > 0 ? left - chart - 1 : left;
  const height = Math.min(isMap ? TALLEST_CELL : TALLEST_BAR, Math.floor(spare / Math.max(1, levels)));
  return { title, header, columnName, rows, height: Math.max(1, height), chart, legend, detail, remark, gaps };
}
