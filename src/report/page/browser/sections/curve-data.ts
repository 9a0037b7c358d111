/** Bands of a report as the learning curves draw them: by measure and part, point by point. Pure. */

import type { Band, ConfigCurves } from '../../../report-data.ts';
import { PARTS } from '../../../../metrics.ts';
import type { Series } from '../palette.ts';
import { measure } from '../text.ts';

export interface PartBand extends Band {
  readonly part: Series;
}

export interface Point {
  readonly epoch: number;
  readonly n: number;
  readonly mean: number | null;
  readonly low: number | null;
  readonly high: number | null;
}

/** An interval over fewer replicates is so wide that it covers all else: it stands in the tip alone. */
const LEAST_FOR_BAND = 3;

/** `validation_data_loss` is `data_loss` on the part `validation`; a metric of a user's own is on none. */
function splitName(metric: string): { readonly part: Series; readonly measure: string } {
  const found = PARTS.find((part) => metric.startsWith(`${part}_`));
  return found ? { part: found, measure: metric.slice(found.length + 1) } : { part: 'reported', measure: metric };
}

/** All measures, and all parts that any of them is taken on. */
export function namesIn(curves: readonly ConfigCurves[]): {
  readonly measures: readonly string[];
  readonly parts: readonly Series[];
} {
  const names = curves.flatMap(({ bands }) => bands.map(({ metric }) => splitName(metric)));
  return {
    measures: [...new Set(names.map((name) => name.measure))],
    parts: ([...PARTS, 'reported'] as const).filter((part) => names.some((name) => name.part === part)),
  };
}

export function bandsOf({ bands }: ConfigCurves, name: string): readonly PartBand[] {
  return bands.flatMap((band) => {
    const split = splitName(band.metric);
    return split.measure === name ? [{ ...band, part: split.part }] : [];
  });
}

/** Of the means alone, since an interval can be wider than all else. The first bound is above the second where there are none. */
export function domainOf(curves: readonly ConfigCurves[], name: string): readonly [number, number] {
  const means = curves.flatMap((config) => bandsOf(config, name).flatMap(({ mean }) => mean.filter((y) => y !== null)));
  return [Math.min(...means), Math.max(...means)];
}

export function pointsOf({ epochs, n, mean, low, high }: Band): readonly Point[] {
  return epochs.map((epoch, index) => ({
    epoch,
    n: n[index] ?? 0,
    mean: mean[index] ?? null,
    low: low[index] ?? null,
    high: high[index] ?? null,
  }));
}

export function isDrawnWithBand({ n }: Point): boolean {
  return n >= LEAST_FOR_BAND;
}

export function stopsEarly({ bands, replicates }: ConfigCurves): boolean {
  return bands.some(({ n }) => n.some((each) => each < replicates));
}

/** A text for each epoch. @param replicates of the config: where some have stopped, it says how many go on */
export function tipRows(
  bands: readonly PartBand[],
  replicates: number,
): readonly { readonly epoch: number; readonly text: string }[] {
  const lines = new Map<number, string[]>();
  for (const band of bands) {
    for (const { epoch, n, mean, low, high } of pointsOf(band)) {
      const bounds = low === null || high === null ? '' : ` (${measure(low)} to ${measure(high)})`;
      const line = `${band.part} ${measure(mean)}${bounds}`;
      const left = n < replicates ? `, ${n} of ${replicates} replicates` : '';
      lines.set(epoch, [...(lines.get(epoch) ?? [`epoch ${epoch}${left}`]), line]);
    }
  }
  return [...lines].map(([epoch, texts]) => ({ epoch, text: texts.join('\n') }));
}
