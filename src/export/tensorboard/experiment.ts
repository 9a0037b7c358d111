/** What the HParams plugin is told of a sweep: its parameters with their values, and the metrics of its table. Pure. */

import type { SweepFacts } from '../../../db/read-sweep.ts';
import { isMap } from '../../definition/mistake.ts';
import type { Params } from '../../definition/resolved.ts';
import { BASE_METRICS, parseMetricName, PARTS } from '../../metrics.ts';
import type { Experiment, HParamInfo, HParamValue, MetricInfo } from './events.ts';
import { GAP, resultTag } from './trial-runs.ts';

/** @param params of all configs @param definition as it was written */
export function experimentOf(
  sweep: Pick<SweepFacts, 'name' | 'objective' | 'goal' | 'metrics' | 'parameters' | 'createdAt' | 'replicates'>,
  params: readonly Params[],
  definition: Readonly<Record<string, unknown>>,
): Experiment {
  return {
    description: `Sweep ${sweep.name}: ${sweep.objective}, ${sweep.goal}d; means over up to ${sweep.replicates} replicates.`,
    created: sweep.createdAt / 1000,
    hparams: sweep.parameters.flatMap((name) => hparamOf(name, params, definition['search'])),
    metrics: metricsOf(sweep),
  };
}

/** Listed values to choose from, or an interval, as the definition has them; none where no config reaches the parameter. */
function hparamOf(name: string, params: readonly Params[], search: unknown): HParamInfo[] {
  const values = [...new Set(params.map((config) => config[name] ?? null))].filter((value) => value !== null);
  if (values.length === 0) return [];
  const parameter = isMap(search) ? search[name] : undefined;
  const numbers = values.filter((value) => typeof value === 'number');
  const isRange = isMap(parameter) && !Object.hasOwn(parameter, 'values') && numbers.length === values.length;
  return [{ name, domain: isRange ? intervalOf(numbers) : inOrder(values) }];
}

function intervalOf(numbers: readonly number[]): { min: number; max: number } {
  const sorted = numbers.toSorted((a, b) => a - b);
  return { min: sorted[0]!, max: sorted.at(-1)! };
}

/** Numbers by size; all else as they come. */
function inOrder(values: readonly HParamValue[]): HParamValue[] {
  return values.toSorted((a, b) => (typeof a === 'number' && typeof b === 'number' ? a - b : 0));
}

/**
 * At the kept epoch. TensorBoard ticks the first five: the objective, its metric on the other parts, the gap between, and
 * the losses, each metric on the objective's part first.
 */
function metricsOf({ objective, goal, metrics }: Pick<SweepFacts, 'objective' | 'goal' | 'metrics'>): MetricInfo[] {
  const { part, metric } = parseMetricName(objective) ?? {};
  const placeOf = (name: string): number => {
    const parsed = parseMetricName(name);
    if (!parsed) return Infinity;
    const base = parsed.metric === metric ? -1 : BASE_METRICS.indexOf(parsed.metric);
    return base * (PARTS.length + 1) + (parsed.part === part ? 0 : 1 + PARTS.indexOf(parsed.part));
  };
  const others = metrics.filter((name) => name !== objective).toSorted((a, b) => placeOf(a) - placeOf(b) || 0);
  const isAlike = (name: string): boolean => metric !== undefined && parseMetricName(name)?.metric === metric;
  const info = (name: string, description = ''): MetricInfo => ({
    tag: resultTag(name),
    displayName: name,
    description,
  });
  return [
    info(objective, `the objective, ${goal}d`),
    ...others.filter(isAlike).map((name) => info(name)),
    ...(part === undefined || part === 'train' ? [] : [info(GAP, 'how much worse it is than on the training part')]),
    ...others.filter((name) => !isAlike(name)).map((name) => info(name)),
  ];
}
