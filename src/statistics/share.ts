/** Intervals of shares, such as the accuracy on the rows of a part. Pure. */

import erfcinv from '@stdlib/math-base-special-erfcinv';
import { CONFIDENCE } from './student.ts';

/** What a standard normal number exceeds, to either side, with the probability that is left. */
const NORMAL_POINT = Math.SQRT2 * erfcinv(1 - CONFIDENCE);

/**
 * Wilson's score interval: where the share in all rows of the same source lies, of which these are a sample. For the
 * mean share over several replicates `rows` is still the number of rows of one part: other seeds on the same rows are
 * not other rows. It is a little too wide then, as a mean over replicates varies less from row to row than one result.
 * It says nothing about other seeds; the t interval over replicates says nothing about other rows.
 * Source: Wilson, "Probable Inference, the Law of Succession, and Statistical Inference", JASA 22, 1927.
 * @param share 0 to 1 @param rows at least 1
 */
export function shareInterval(share: number, rows: number): readonly [number, number] {
  const scale = 1 + NORMAL_POINT ** 2 / rows;
  const centre = (share + NORMAL_POINT ** 2 / (2 * rows)) / scale;
  const half = (NORMAL_POINT / scale) * Math.sqrt((share * (1 - share)) / rows + (NORMAL_POINT / (2 * rows)) ** 2);
  return [Math.max(0, centre - half), Math.min(1, centre + half)];
}
