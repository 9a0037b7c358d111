/** Which metric columns a sweep's own views have: all that its configs report. Pure. */

import { askedMetrics } from '../src/definition/asked-metrics.ts';
import { isOwnSweep, type AnySweep, type ResolvedConfig } from '../src/definition/resolved.ts';
import { METRIC_NAMES } from '../src/metrics.ts';
import type { MetricName, Part } from '../src/metrics.ts';
import { reportedMetrics } from '../workers/train/reports.ts';

/** In the order of METRIC_NAMES; none where a module reports them, which shows what it has only when it does. */
export function sweepMetrics(sweep: AnySweep): MetricName[] {
  if (isOwnSweep(sweep)) return [];
  const reported = new Set(
    sweep.configs.flatMap(({ train, data }) =>
      reportedMetrics(train.loss.name, partsOf(data.split), askedMetrics(sweep, train)),
    ),
  );
  return METRIC_NAMES.filter((name) => reported.has(name));
}

/** Each metric once: built-in ones in the order of METRIC_NAMES, then those of a module by name. */
export function inOrder(metrics: Iterable<string>): string[] {
  const names = new Set(metrics);
  const builtIn = new Set<string>(METRIC_NAMES);
  const others = [...names].filter((name) => !builtIn.has(name)).toSorted();
  return [...METRIC_NAMES.filter((name) => names.has(name)), ...others];
}

/** 1 for a part that is asked for: how many rows it gets shows only when the data are loaded. */
function partsOf(split: ResolvedConfig['data']['split']): Record<Part, number> {
  // A held-out fold is for validation; all others are for training.
  if (split.kind === 'folds') return { train: 1, validation: 1, test: 0 };
  const asked = (part: Part): number => (split[part] === 0 ? 0 : 1);
  return { train: asked('train'), validation: asked('validation'), test: asked('test') };
}
