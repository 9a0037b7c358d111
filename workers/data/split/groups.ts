/** Gives whole groups of rows to parts, as near to the wanted sizes as groups allow. Pure. */

import type { RandomState } from '../../random/mt19937.ts';
import { bucketCount, rowOrder } from './rows.ts';

/** Rows of a group, by class. */
export interface GroupRows {
  readonly total: number;
  /** [classes]; one entry where classes do not matter. */
  readonly byClass: readonly number[];
}

/**
 * The part of each group. Groups are taken in the order given; each goes to the part that lacks the largest share of
 * the rows it wants: of the group's classes first, of all rows where those tie, to the earlier part where these tie
 * too. So every part gets a group before one gets its second, and without classes none exceeds its size by a whole group.
 * @param sizes rows that each part wants
 * @param spare rows that are to be left unused: a group is left out only where it fits into them
 * @returns [groups]: index of the part, -1 for unused
 */
export function assignGroups(groups: readonly GroupRows[], sizes: readonly number[], spare: number): Int32Array {
  const rows = groups.reduce((sum, group) => sum + group.total, 0);
  const classes = groups[0]?.byClass.length ?? 0;
  const counts = Array.from({ length: classes }, (_, cls) =>
    groups.reduce((sum, { byClass }) => sum + byClass[cls]!, 0),
  );
  const parts = sizes.map((size) => ({
    size,
    lacks: size,
    lacksOfClass: counts.map((count) => (size * count) / rows),
    wantsOfClass: counts.map((count) => (size * count) / rows),
  }));
  let left = spare;
  return Int32Array.from(groups, (group) => {
    const shares = parts.map((part) => ({
      ofClasses: part.lacksOfClass.reduce(
        (sum, lacks, cls) => sum + (group.byClass[cls]! / group.total) * (lacks / (part.wantsOfClass[cls]! || 1)),
        0,
      ),
      ofAll: part.lacks / part.size,
    }));
    let best = 0;
    shares.forEach((share, index) => {
      const leader = shares[best]!;
      const ahead = share.ofClasses - leader.ofClasses;
      if (ahead > TIE || (ahead > -TIE && share.ofAll - leader.ofAll > TIE)) best = index;
    });
    if (shares[best]!.ofAll < 1 && group.total <= left) {
      left -= group.total;
      return -1;
    }
    const chosen = parts[best]!;
    chosen.lacks -= group.total;
    group.byClass.forEach((count, cls) => (chosen.lacksOfClass[cls] = chosen.lacksOfClass[cls]! - count));
    return best;
  });
}

/** Shares nearer than this are the same: they differ by rounding only. */
const TIE = 1e-9;

/**
 * The same from the rows of each group, the groups taken in random order where there is a generator, else in theirs.
 * @param classes [rows] to be kept in proportion as far as groups allow, or null
 */
export function partOfGroups(
  rowsOf: readonly (readonly number[])[],
  classes: Int32Array | null,
  sizes: readonly number[],
  spare: number,
  random: RandomState | null,
): Int32Array {
  const classCount = classes === null ? 1 : bucketCount(classes);
  const groups = rowsOf.map((rows): GroupRows => {
    const byClass = Array.from({ length: classCount }, () => 0);
    for (const row of rows) byClass[classes?.[row] ?? 0]! += 1;
    return { total: rows.length, byClass };
  });
  const taken = rowOrder(groups.length, random);
  const assigned = assignGroups(
    Array.from(taken, (group) => groups[group]!),
    sizes,
    spare,
  );
  const partOf = new Int32Array(groups.length);
  taken.forEach((group, index) => (partOf[group] = assigned[index]!));
  return partOf;
}
