/** The `limits` section: what a trial may take before it fails as `timed_out` or `stalled`. Times become seconds. */

import { z } from 'zod';
import { DURATION, secondsOf } from '../../duration.ts';
import { positiveInteger } from './kind.ts';

/** Seconds as a number, or text with units. */
const duration = z.union([
  z.number().gt(0),
  z
    .string()
    .regex(DURATION, 'seconds, or a duration such as 90s, 45m or 1h30m')
    // What the pattern takes, the parser takes.
    .transform((text) => secondsOf(text)!),
]);

export const limits = z
  .strictObject({
    timeout: duration.optional().describe('Time in training after which a trial ends as timed_out: 90s, 45m, 2h.'),
    stall_timeout: duration.optional().describe('Time without a sign of life after which a trial ends as stalled.'),
    epochs: positiveInteger
      .optional()
      .describe('Reports after which a trial of a module ends as timed_out; else it is train.epochs.'),
  })
  .prefault({});
