/** Training against validation and test over the epochs, a small chart for each config and measure. */

import { areaY, dot, lineY, pointerX, ruleX, tip, type PlotOptions } from '@observablehq/plot';
import { useMemo, useState } from 'preact/hooks';
import type { Band, ConfigCurves } from '../../../report-data.ts';
import { PARTS } from '../../../../metrics.ts';
import { Chart } from '../chart.tsx';
import { Figure } from '../figure.tsx';
import { logAxis } from '../log-axis.ts';
import { SERIES, type Series } from '../palette.ts';
import { Toggle } from '../switches.tsx';
import { marksOf, measure } from '../text.ts';

/** Largest by smallest mean from which a logarithmic axis shows more. */
const LOG_FROM = 100;

interface PartBand extends Band {
  readonly part: Series;
}

/** `validation_data_loss` is `data_loss` on the part `validation`; a metric of a user's own is on none. */
function splitName(metric: string): { readonly part: Series; readonly measure: string } {
  const found = PARTS.find((part) => metric.startsWith(`${part}_`));
  return found ? { part: found, measure: metric.slice(found.length + 1) } : { part: 'reported', measure: metric };
}

export function CurvesSection({ curves }: { readonly curves: readonly ConfigCurves[] }) {
  const metrics = new Set(curves.flatMap(({ bands }) => bands.map(({ metric }) => metric)));
  const measures = [...new Set([...metrics].map((metric) => splitName(metric).measure))];
  const parts = ([...PARTS, 'reported'] as const).filter((part) =>
    [...metrics].some((metric) => splitName(metric).part === part),
  );
  return (
    <>
      <p>
        Over the epochs: means over replicates with their 95 % interval.
        {curves.some(({ kept_epochs }) => kept_epochs.length > 0) && ' Triangles mark the epochs that were kept.'}
        {curves.some(stopsEarly) && ' Where some replicates have stopped early, over those that went on.'}
      </p>
      <ul className="legend">
        {parts.map((part) => (
          <li key={part}>
            <svg width="28" height="10" aria-hidden="true">
              <line x1="0" x2="28" y1="5" y2="5" stroke={SERIES[part].color} stroke-dasharray={SERIES[part].dash} />
            </svg>
            {part}
          </li>
        ))}
      </ul>
      {measures.map((name) => (
        <MeasureCurves key={name} name={name} curves={curves} />
      ))}
    </>
  );
}

function stopsEarly({ bands, replicates }: ConfigCurves): boolean {
  return bands.some(({ n }) => n.some((each) => each < replicates));
}

function MeasureCurves({ name, curves }: { readonly name: string; readonly curves: readonly ConfigCurves[] }) {
  const domain = useMemo(() => domainOf(curves, name), [curves, name]);
  const [low, high] = domain;
  const canBeLog = low > 0;
  const [isLog, setIsLog] = useState(canBeLog && high / low > LOG_FROM);
  const best = curves[0]?.config;
  if (low > high) return null;
  return (
    <>
      <div className="bar">
        <h3>{name}</h3>
        {canBeLog && <Toggle label="logarithmic" isOn={isLog} onChange={setIsLog} />}
      </div>
      <div className="multiples">
        {curves
          .filter((config) => bandsOf(config, name).length > 0)
          .map((config) => (
            <Figure key={config.config} title={config.label} marks={marksOf(config, best)}>
              <ConfigChart config={config} name={name} isLog={isLog} domain={domain} />
            </Figure>
          ))}
      </div>
    </>
  );
}

/** Of the means alone: an interval over two replicates can be wider than all else. */
function domainOf(curves: readonly ConfigCurves[], name: string): readonly [number, number] {
  const means = curves.flatMap((config) => bandsOf(config, name).flatMap(({ mean }) => mean.filter((y) => y !== null)));
  return [Math.min(...means), Math.max(...means)];
}

function bandsOf({ bands }: ConfigCurves, name: string): readonly PartBand[] {
  return bands.flatMap((band) => {
    const split = splitName(band.metric);
    return split.measure === name ? [{ ...band, part: split.part }] : [];
  });
}

interface Point {
  readonly epoch: number;
  readonly n: number;
  readonly mean: number | null;
  readonly low: number | null;
  readonly high: number | null;
}

function pointsOf({ epochs, n, mean, low, high }: Band): readonly Point[] {
  return epochs.map((epoch, index) => ({
    epoch,
    n: n[index] ?? 0,
    mean: mean[index] ?? null,
    low: low[index] ?? null,
    high: high[index] ?? null,
  }));
}

function ConfigChart(props: {
  readonly config: ConfigCurves;
  readonly name: string;
  readonly isLog: boolean;
  readonly domain: readonly [number, number];
}) {
  const { config, name, isLog, domain } = props;
  const bands = useMemo(() => bandsOf(config, name), [config, name]);
  const options = useMemo(() => () => curvesOptions(config, bands, isLog, domain), [config, bands, isLog, domain]);
  const ends = bands.map(({ part, mean }) => `${part} ends at ${measure(mean.findLast((y) => y !== null))}`);
  return <Chart label={`${name} over epochs of ${config.label}: ${ends.join(', ')}`} options={options} />;
}

function curvesOptions(
  config: ConfigCurves,
  bands: readonly PartBand[],
  isLog: boolean,
  domain: readonly [number, number],
): PlotOptions {
  const floor = isLog ? domain[0] : -Infinity;
  const marks = bands.flatMap((band) => {
    const points = pointsOf(band);
    const { color, dash } = SERIES[band.part];
    const held = points.map((point) => (point.low === null ? point : { ...point, low: Math.max(floor, point.low) }));
    return [
      areaY(held, { x: 'epoch', y1: 'low', y2: 'high', fill: color, fillOpacity: 0.18, clip: true }),
      lineY(points, { x: 'epoch', y: 'mean', stroke: color, strokeDasharray: dash, strokeWidth: 1.75, clip: true }),
    ];
  });
  const rows = tipRows(bands, config.replicates);
  return {
    height: 180,
    marginLeft: 46,
    marginTop: 8,
    marginRight: 12,
    marginBottom: 22,
    x: { label: null, ticks: 4 },
    y: { label: null, domain: [...domain], grid: true, ...(isLog ? logAxis(...domain) : { nice: true, ticks: 4 }) },
    marks: [
      ...marks,
      dot(config.kept_epochs, {
        x: (epoch: number) => epoch,
        frameAnchor: 'bottom',
        symbol: 'triangle',
        r: 3.5,
        dy: -5,
        fill: 'currentColor',
        fillOpacity: 0.55,
      }),
      ruleX(rows, pointerX({ x: 'epoch', stroke: 'currentColor', strokeOpacity: 0.4 })),
      tip(rows, pointerX({ x: 'epoch', title: 'text', anchor: 'top', frameAnchor: 'top' })),
    ],
  };
}

/** @param replicates of the config: where some have stopped, a tip says how many go on */
function tipRows(
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
