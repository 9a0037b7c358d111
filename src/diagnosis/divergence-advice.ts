/** What may help against the divergence of one config, before anything is known of the others. Pure. */

import { formatParamCell } from '../dashboard/format.ts';
import { listed } from '../definition/mistake.ts';
import type { ResolvedConfig } from '../definition/resolved.ts';

/** Losses that grow with the square of the error. */
export const STEEP_LOSSES: ReadonlySet<string> = new Set(['mse', 'squared_hinge']);
/** Numeric ones that do not. */
export const GENTLE_LOSSES: readonly string[] = ['huber', 'mae'];

/** By the three usual causes, those that this config gives reason for: such as `try a learning rate below 10; scale features`. */
export function divergenceAdvice({ data, train }: Pick<ResolvedConfig, 'data' | 'train'>): string {
  const { learning_rate: rate } = train.optimizer;
  const isClipped = Object.values(train.clip).some((limit) => limit !== null);
  const lower =
    typeof rate === 'number'
      ? `a learning rate below ${formatParamCell(rate)}`
      : `a schedule of smaller learning rates than ${rate.name} has`;
  const raw = [
    ...(data.transform.features === null ? ['features'] : []),
    ...(data.target_kind === 'number' && data.transform.target === null ? ['target'] : []),
  ];
  return [
    `try ${lower}${isClipped ? '' : ', or clip gradients'}`,
    ...(raw.length > 0 ? [`scale ${listed(raw, 'and')} (data.transform)`] : []),
    ...(STEEP_LOSSES.has(train.loss.name) && data.target_kind === 'number'
      ? [`take ${listed(GENTLE_LOSSES)} instead of ${train.loss.name}`]
      : []),
  ].join('; ');
}
