/** A config by what people know it by. Pure. */

import { formatParamCell } from '../dashboard/format.ts';
import type { Params } from '../definition/resolved.ts';

/** `dropout 0.4, l2 1e-4`; its number where nothing is searched. */
export function labelOf({ config, params }: { readonly config: number; readonly params: Params }): string {
  const parts = Object.entries(params).map(([name, value]) => `${name} ${formatParamCell(value)}`);
  return parts.length === 0 ? `config ${config}` : parts.join(', ');
}
