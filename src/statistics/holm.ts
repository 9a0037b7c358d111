/** P-values of several tests as one family. Pure. */

/**
 * Holm's step-down adjustment: a test counts at the level that its adjusted p is below, and the chance of any false
 * claim in the whole family stays below that level, whatever the tests have to do with each other.
 * Source: Holm, "A Simple Sequentially Rejective Multiple Test Procedure", Scandinavian Journal of Statistics 6, 1979.
 * @param pValues NaN where there is no test; that counts for nothing, and stays NaN
 */
export function holm(pValues: Float64Array): Float64Array {
  const tested = [...pValues.keys()].filter((index) => !Number.isNaN(pValues[index]!));
  tested.sort((a, b) => pValues[a]! - pValues[b]!);
  const adjusted = new Float64Array(pValues.length).fill(NaN);
  let largest = 0;
  for (const [rank, index] of tested.entries()) {
    largest = Math.min(1, Math.max(largest, (tested.length - rank) * pValues[index]!));
    adjusted[index] = largest;
  }
  return adjusted;
}
