/** Training against validation and test over the epochs, a small chart for each config and measure. */

import { areaY, dot, lineY, pointerX, ruleX, type PlotOptions } from '@observablehq/plot';
import { useMemo, useState } from 'preact/hooks';
import type { ConfigCurves } from '../../../report-data.ts';
import { formatCount } from '../../../../dashboard/format.ts';
import { Chart } from '../chart.tsx';
import { Figure } from '../figure.tsx';
import { logAxis } from '../log-axis.ts';
import { SERIES } from '../palette.ts';
import { Toggle } from '../switches.tsx';
import { marksOf, measure } from '../text.ts';
import { tipFor } from '../tips.ts';
import {
  bandsOf,
  domainOf,
  isDrawnWithBand,
  namesIn,
  pointsOf,
  stopsEarly,
  tipRows,
  type PartBand,
} from './curve-data.ts';

/** Largest by smallest mean from which a logarithmic axis shows more. */
const LOG_FROM = 100;

export function CurvesSection({ curves }: { readonly curves: readonly ConfigCurves[] }) {
  const hasBands = curves.some(({ bands }) => bands.flatMap(pointsOf).some(isDrawnWithBand));
  const { measures, parts } = namesIn(curves);
  return (
    <>
      <p>
        Over the epochs: means over replicates
        {hasBands ? ' with their 95 % interval, where there are at least three.' : '.'}
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
    const banded = points.filter(isDrawnWithBand);
    const held = banded.map((point) => (point.low === null ? point : { ...point, low: Math.max(floor, point.low) }));
    return [
      areaY(held, { x: 'epoch', y1: 'low', y2: 'high', fill: color, fillOpacity: 0.18, clip: true }),
      lineY(points, { x: 'epoch', y: 'mean', stroke: color, strokeDasharray: dash, strokeWidth: 1.75, clip: true }),
      // A line needs two points.
      ...(points.length === 1 ? [dot(points, { x: 'epoch', y: 'mean', fill: color, r: 3 })] : []),
    ];
  });
  const rows = tipRows(bands, config.replicates);
  return {
    height: 180,
    marginLeft: 46,
    marginTop: 8,
    marginRight: 12,
    marginBottom: 22,
    x: { label: null, ticks: 4, tickFormat: formatCount },
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
      tipFor(rows, 'x', { x: 'epoch', title: 'text', anchor: 'top', frameAnchor: 'top' }),
    ],
  };
}
