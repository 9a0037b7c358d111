/** Shares the rows of every class out to parts, each in proportion to within one row. Pure. */

/**
 * Whole numbers for `sizes[part] * counts[cls] / rows`: every entry is that quotient rounded up or down, every part
 * keeps its size, and every class its count. The parts must take up all rows.
 *
 * Fractions are rounded away along closed paths through the table that turn by turn go along a part and along a class:
 * adding to one corner and taking from the next changes no sum (Cox 1987, controlled rounding). All in whole numbers,
 * as multiples of 1 / rows.
 * @returns [parts][classes]
 */
export function proportionalCounts(sizes: readonly number[], counts: readonly number[]): number[][] {
  const rows = counts.reduce((sum, count) => sum + count, 0);
  const whole = sizes.map((size) => counts.map((count) => Math.floor((size * count) / rows)));
  const fraction = sizes.map((size) => counts.map((count) => (size * count) % rows));
  const open = (part: number, cls: number): boolean => fraction[part]![cls]! > 0;

  for (let cls = 0; cls < counts.length; cls++) {
    for (;;) {
      const part = sizes.findIndex((_, candidate) => open(candidate, cls));
      if (part === -1) break;
      const corners = closedPath(part, sizes.length, counts.length, open);
      // Up at even corners, down at odd ones, until the first of them is whole.
      const step = Math.min(...corners.map(([p, c], i) => (i % 2 === 0 ? rows - fraction[p]![c]! : fraction[p]![c]!)));
      corners.forEach(([p, c], i) => {
        const moved = fraction[p]![c]! + (i % 2 === 0 ? step : -step);
        whole[p]![c]! += moved === rows ? 1 : 0;
        fraction[p]![c] = moved === rows ? 0 : moved;
      });
    }
  }
  return whole;
}

/**
 * The cells at the corners of a closed path that leaves `part`, in order. There is one: sums of parts and of classes
 * are whole, so that a line of the table with one open cell has another, and a walk that never turns back must meet
 * itself.
 */
function closedPath(
  start: number,
  parts: number,
  classes: number,
  open: (part: number, cls: number) => boolean,
): [number, number][] {
  const corners: [number, number][] = [];
  const leftPart = new Map<number, number>();
  const leftClass = new Map<number, number>();
  let part = start;
  let cls = -1;
  for (;;) {
    leftPart.set(part, corners.length);
    cls = firstOther(classes, cls, (candidate) => open(part, candidate));
    corners.push([part, cls]);
    const classMet = leftClass.get(cls);
    if (classMet !== undefined) return corners.slice(classMet);
    leftClass.set(cls, corners.length);
    part = firstOther(parts, part, (candidate) => open(candidate, cls));
    corners.push([part, cls]);
    const partMet = leftPart.get(part);
    if (partMet !== undefined) return corners.slice(partMet);
  }
}

function firstOther(count: number, not: number, accept: (candidate: number) => boolean): number {
  for (let candidate = 0; candidate < count; candidate++) if (candidate !== not && accept(candidate)) return candidate;
  throw new RangeError('the sums of a table to be rounded must be whole');
}
