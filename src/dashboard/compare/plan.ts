/** How many lines each part of a comparison gets. Pure. */

export interface ComparePlan {
  /** Above the levels: the objective, and the labels of the scale or of the columns. */
  readonly title: boolean;
  readonly header: boolean;
  /** The name of the columns' parameter above their labels. */
  readonly columnName: boolean;
  /** Levels shown, and lines of each. */
  readonly rows: number;
  readonly height: number;
  /** Below the levels: the meaning of the shades, the selected one in words, and what the numbers are. */
  readonly legend: boolean;
  readonly detail: boolean;
  readonly remark: boolean;
  /** An empty line above the levels and one below them. */
  readonly gaps: boolean;
}

/** Lines of a level at most: more would not tell more. */
const TALLEST_BAR = 2;
const TALLEST_CELL = 3;

/** Plans for at most `lines` lines, of which the first says what is compared. The fewer there are, the more is left out. */
export function planCompare(lines: number, levels: number, isMap: boolean): ComparePlan {
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
  const height = Math.min(isMap ? TALLEST_CELL : TALLEST_BAR, Math.floor(left / Math.max(1, levels)));
  return {
    title,
    header,
    columnName,
    rows: Math.max(0, Math.min(left, levels)),
    height: Math.max(1, height),
    legend,
    detail,
    remark,
    gaps,
  };
}
