/** What can be claimed where results differ by the same amount in every replicate, so that no noise is seen. Pure. */

/** Spread below this share of the numbers' size is rounding. */
const ROUNDING = 1e-12;

/** @param size the largest of the numbers, without its sign */
export function isOnlyRounding(spread: number, size: number): boolean {
  return spread <= ROUNDING * size;
}

/**
 * The p-value of `n` equal differences that are not 0, of which Student's t would say 0. But measures such as an
 * accuracy on few rows move in steps, so that equal differences come by chance as well: the exact sign test says how
 * often at most, since without any true difference each is as often positive as negative.
 */
export function equalDifferencesP(n: number): number {
  return 2 ** (1 - n);
}
