/** How much memory a coordinator may take before it is started anew. */

import { totalmem } from 'node:os';

/** Of what the machine, or the container, has. */
const SHARE = 0.8;

/** Bytes, where nothing else was asked for. */
export function defaultMemoryLimit(total = totalmem(), constrained = process.constrainedMemory()): number {
  // 0, or a number beyond all memory, where no control group sets a limit.
  const available = constrained > 0 ? Math.min(total, constrained) : total;
  return Math.floor(SHARE * available);
}
