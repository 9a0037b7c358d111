/** A searched value as people read it. Pure. */

import type { ParamValue } from './definition/resolved.ts';

/** Short but the same number: `1e-6` instead of `0.000001`. */
export function formatParam(value: ParamValue | undefined, missing = '-'): string {
  if (value === null || value === undefined) return missing;
  if (typeof value !== 'number') return String(value);
  const plain = String(value);
  const exponent = value.toExponential().replace('e+', 'e');
  return exponent.length + 1 < plain.length ? exponent : plain;
}
