/** What the sections write alike: params, intervals, differences. Pure. */

import type { ConfigCurves, LeaderRow, ReportData } from '../../report-data.ts';
import type { Params } from '../../../definition/resolved.ts';
import { formatMean, formatMeasure, formatParamCell } from '../../../dashboard/format.ts';

export const NONE = '\u2013';
const MINUS = '\u2212';

/** Text that has to fit beside a mark; what is cut off stands where there is room for it. */
export function shorten(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1)}\u2026`;
}

/** `dropout 0.4, l2 0.001`; parameters that the config does not reach are left out. */
export function describeParams(params: Params): string {
  const parts = Object.entries(params).flatMap(([name, value]) =>
    value === null ? [] : [`${name} ${formatParamCell(value)}`],
  );
  return parts.length === 0 ? 'no searched parameter' : parts.join(', ');
}

/** What each config of the report is, in words, by its ordinal. */
export function describeConfigs(data: ReportData): (config: number) => string {
  const labels = new Map(data.curves.map(({ config, label }) => [config, label]));
  for (const { config, params } of data.leaderboard) labels.set(config, describeParams(params));
  return (config) => labels.get(config) ?? `config ${config}`;
}

export function formatCell(value: Params[string] | undefined): string {
  return formatParamCell(value, NONE);
}

/** A measured number with a true minus sign. */
export function measure(value: number | null | undefined): string {
  return formatMeasure(value ?? null, NONE).replace('-', MINUS);
}

/** `+0.043`: a difference, whose sign is the news; at as many decimals as the means that it is between, if given. */
export function signed(value: number, decimals?: number): string {
  const text = decimals === undefined ? formatMeasure(value, NONE) : rounded(value, decimals);
  return `${value > 0 && Number(text) !== 0 ? '+' : ''}${text.replace('-', MINUS)}`;
}

/** At so many decimals; a spread or a difference that is nothing at these is 0: rounding in the last bit is left of it. */
export function rounded(value: number, decimals: number): string {
  return Math.abs(value) < 0.5 * 10 ** -decimals ? (0).toFixed(decimals) : formatMean(value, decimals);
}

/** `0.021 to 0.065`. */
export function range(interval: readonly [number, number] | null, format: (value: number) => string = measure): string {
  // Where there is no room it is broken once.
  return interval ? `${format(interval[0])} to\u00a0${format(interval[1])}` : 'no interval';
}

/** `0.943, 95 % interval 0.921 to 0.965`. */
export function withInterval(mean: number, interval: readonly [number, number] | null): string {
  return interval ? `${measure(mean)}, 95 % interval ${range(interval)}` : `${measure(mean)}, no interval`;
}

export function percent(share: number): string {
  return `${(100 * share).toFixed(share > 0 && share < 0.0995 ? 1 : 0)} %`;
}

/** `p 0.013`, `p < 0.001`. */
export function pValue(p: number | null): string {
  if (p === null) return NONE;
  return p < 0.001 ? '< 0.001' : p.toFixed(3);
}

/** A sentence of its own out of a phrase. */
export function sentence(phrase: string): string {
  const text = phrase.charAt(0).toUpperCase() + phrase.slice(1);
  return /[.!?:]$/.test(text) ? text : `${text}.`;
}

/** What marks a config among others, besides its params. */
export function marksOf({ config, is_baseline }: LeaderRow | ConfigCurves, best: number | undefined): string[] {
  return [...(config === best ? ['best'] : []), ...(is_baseline ? ['baseline'] : [])];
}
