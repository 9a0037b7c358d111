/** Finds the name that was probably meant by a misspelt one. Pure. */

/**
 * The nearest of `known`, case aside, if no more than a third of the letters would have to change (one letter of short
 * names), and not all of them; the first of several; undefined when none is near.
 */
export function nearest(name: string, known: Iterable<string>): string | undefined {
  const wanted = name.toLowerCase();
  let best: string | undefined;
  let least = Math.max(1, Math.floor(wanted.length / 3)) + 1;
  for (const candidate of known) {
    const away = distance(wanted, candidate.toLowerCase());
    if (away >= least || away >= Math.max(wanted.length, candidate.length)) continue;
    best = candidate;
    least = away;
  }
  return best;
}

/** `did you mean x?` where a known name is near; `written` is how x is shown. */
export function didYouMean(
  name: string,
  known: Iterable<string>,
  written: (near: string) => string = String,
): string | undefined {
  const near = nearest(name, known);
  return near === undefined ? undefined : `did you mean ${written(near)}?`;
}

/** Insertions, deletions, replacements and swaps of neighbours that turn `a` into `b` (optimal string alignment). */
function distance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = last[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      let least = Math.min(last[j]! + 1, row[j - 1]! + 1, replaced);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        least = Math.min(least, beforeLast[j - 2]! + 1);
      }
      row.push(least);
    }
    [beforeLast, last] = [last, row];
  }
  return last[b.length]!;
}
