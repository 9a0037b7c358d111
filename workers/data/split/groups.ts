/** Gives whole groups of rows to parts, as near to the wanted sizes as groups allow. Pure. */

import type { RandomState } from '../../random/mt19937.ts';
import { bucketCount, rowOrder } from './rows.ts';

/** Rows of a group. */
interface Group {
  readonly total: number;
  /** [classes]; one entry where classes are not to be kept in proportion. */
  readonly byClass: readonly number[];
}

/**
 * The part of each group. Without a generator and without classes, groups are cut off in their order: the first ones go
 * to the first part, and so on. Otherwise they are shared out one by one, in random order where there is a generator.
 * @param rowsOf rows of each group, of which there are at least as many as parts
 * @param classes [rows] to be kept in proportion as far as groups allow, or null
 * @param sizes rows that each part wants
 * @param spare rows that are to be left unused
 * @returns [groups]: index of the part, -1 for unused; no part goes without a group
 */
export function partOfGroups(
  rowsOf: readonly (readonly number[])[],
  classes: Int32Array | null,
  sizes: readonly number[],
  spare: number,
  random: RandomState | null,
): Int32Array {
  const classCount = classes === null ? 1 : bucketCount(classes);
  const groups = rowsOf.map((rows): Group => {
    const byClass = Array.from({ length: classCount }, () => 0);
    for (const row of rows) byClass[classes?.[row] ?? 0]! += 1;
    return { total: rows.length, byClass };
  });
  if (random === null && classes === null) return cutOff(groups, sizes);
  const order = rowOrder(groups.length, random);
  const inOrder = Array.from(order, (group) => groups[group]!);
  const shared = shareOut(inOrder, sizes, spare);
  const partOf = new Int32Array(groups.length);
  order.forEach((group, index) => (partOf[group] = shared[index]!));
  return partOf;
}

/**
 * A group goes where its middle row would go if groups could be cut, but never skips a part, nor leaves fewer groups
 * than there are parts to come. What lies beyond the last part is unused.
 */
function cutOff(groups: readonly Group[], sizes: readonly number[]): Int32Array {
  const last = sizes.length - 1;
  let row = 0;
  let part = 0;
  let start = 0;
  let held = 0;
  return Int32Array.from(groups, ({ total }, index) => {
    const beyond = row + total / 2 >= start + sizes[part]!;
    row += total;
    if (part === last && beyond && held > 0) return -1;
    const allNeeded = groups.length - index <= last - part;
    if (part < last && held > 0 && (beyond || allNeeded)) {
      start += sizes[part]!;
      part += 1;
      held = 0;
    }
    held += 1;
    return part;
  });
}

type Needs = { readonly size: number; lacks: number; readonly classes: { readonly size: number; lacks: number }[] };

/**
 * Each group goes to the part that lacks the largest share of what it wants: of the group's classes first, of all rows
 * where those tie, to the earlier part where these tie too. So every part gets a group before one gets its second, and
 * without classes none exceeds its size by a whole group. A group is left unused where it fits into the spare rows.
 */
function shareOut(groups: readonly Group[], sizes: readonly number[], spare: number): Int32Array {
  const rows = groups.reduce((sum, { total }) => sum + total, 0);
  const counts = groups[0]!.byClass.map((_, cls) => groups.reduce((sum, { byClass }) => sum + byClass[cls]!, 0));
  const parts = sizes.map((size): Needs => {
    const wanted = counts.map((count) => (size * count) / rows);
    return { size, lacks: size, classes: wanted.map((share) => ({ size: share, lacks: share })) };
  });
  let left = spare;
  return Int32Array.from(groups, (group) => {
    let best = 0;
    parts.forEach((part, index) => {
      const ahead = classShare(part, group) - classShare(parts[best]!, group);
      const tied = Math.abs(ahead) <= TIE;
      if (tied ? part.lacks / part.size > parts[best]!.lacks / parts[best]!.size + TIE : ahead > 0) best = index;
    });
    const chosen = parts[best]!;
    if (chosen.lacks < chosen.size && group.total <= left) {
      left -= group.total;
      return -1;
    }
    chosen.lacks -= group.total;
    chosen.classes.forEach((need, cls) => (need.lacks -= group.byClass[cls]!));
    return best;
  });
}

/** Shares nearer than this are the same: they differ by rounding only. */
const TIE = 1e-9;

/** Share of the wanted rows that a part lacks, averaged over the rows of a group by their class. */
function classShare(part: Needs, group: Group): number {
  return group.byClass.reduce((sum, count, cls) => {
    const { lacks, size } = part.classes[cls]!;
    return count === 0 ? sum : sum + (count / group.total) * (lacks / size);
  }, 0);
}
