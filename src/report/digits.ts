/** Numbers that only a chart shows need no more digits than it can show. Pure. */

const DIGITS = 6;

/** Null for what is absent. */
export function rounded(value: number | null | undefined): number | null {
  return value === null || value === undefined ? null : Number(value.toPrecision(DIGITS));
}
