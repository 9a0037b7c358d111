/** Rows of one step or of one piece of an evaluation, as tensors. */

import type { Tensor } from './tensors.ts';

/** The leading axis is 1 where all slots share the rows. */
export interface Rows {
  /** [1 or K, rows, inputs] */
  readonly x: Tensor;
  /** [1 or K, rows, outputs] */
  readonly y: Tensor;
  /** [1 or K, rows, 1]: the weight of each row in a mean; 0 for a row that only fills up. [1, 1, 1] if all are equal. */
  readonly share: Tensor;
  /** [1, 1, rows]: 1, and 0 for a row that only fills up. */
  readonly present: Tensor;
  /** [1, 1, 1]: rows that a mean is over, of the batch or of the whole part. */
  readonly count: Tensor;
}
