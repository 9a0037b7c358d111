/** What the best trial's network says all over the plane of two features, with the rows it learned from and was tested on. */

import { dot, raster, type PlotOptions } from '@observablehq/plot';
import { useMemo } from 'preact/hooks';
import type { DecisionRegions } from '../../../report-data.ts';
import { Chart } from '../chart.tsx';
import { CLASS_COLORS, CLASS_SYMBOLS } from '../palette.ts';
import { measure, range, shorten } from '../text.ts';
import { tipFor } from '../tips.ts';

type Point = DecisionRegions['points'][number];

/** Opacity of a region where the network is least and most sure. */
const FAINT = 0.06;
const STRONG = 0.5;
/** Points from which each is drawn smaller. */
const MANY = 300;

export function RegionsSection({ regions }: { readonly regions: DecisionRegions }) {
  const options = useMemo(() => (width: number) => regionOptions(regions, width), [regions]);
  const { classes, features, label, points, replicate } = regions;
  const others = (['validation', 'test'] as const)
    .filter((part) => points.some((point) => point.part === part))
    .join(' and ');
  return (
    <>
      <p>
        Config {regions.config} ({label}), replicate {replicate}.
        {classes.length > 0
          ? ' The stronger the colour of a region, the surer the network is of the class.'
          : ` Colours are numbers, from ${range(rangeOf(regions))}, dark to bright: a mark that stands out is predicted badly.`}{' '}
        Filled marks are rows of the training part{others && `, hollow ones ${others} rows`}.
      </p>
      {classes.length > 0 && (
        <ul className="legend">
          {classes.map((name, index) => (
            <li key={name}>
              <Chip index={index} /> {name}
            </li>
          ))}
        </ul>
      )}
      <div className="square">
        <Chart
          label={`Decision regions over ${features.join(' and ')}: ${describeRegions(regions)}`}
          options={options}
        />
      </div>
    </>
  );
}

function Chip({ index }: { readonly index: number }) {
  const options = useMemo(
    () => (): PlotOptions => ({
      height: 14,
      margin: 0,
      axis: null,
      marks: [dot([0], { frameAnchor: 'middle', r: 5, symbol: symbolOf(index), fill: colorOf(index) })],
    }),
    [index],
  );
  return (
    <span className="chip" aria-hidden="true">
      <Chart options={options} />
    </span>
  );
}

/** Of predicted and of true numbers. */
function rangeOf({ values, points }: DecisionRegions): [number, number] {
  const all = [...values, ...points.map(({ value }) => value)];
  return [Math.min(...all), Math.max(...all)];
}

function describeRegions(regions: DecisionRegions): string {
  const { classes, values } = regions;
  if (classes.length === 0) return range(rangeOf(regions));
  return classes
    .map(
      (name, index) =>
        `${name} on ${((100 * values.filter((value) => value === index).length) / values.length).toFixed(0)} %`,
    )
    .join(', ');
}

function colorOf(index: number): string {
  return CLASS_COLORS[index % CLASS_COLORS.length] ?? 'currentColor';
}

function symbolOf(index: number): (typeof CLASS_SYMBOLS)[number] {
  return CLASS_SYMBOLS[index % CLASS_SYMBOLS.length] ?? 'circle';
}

function regionOptions(regions: DecisionRegions, width: number): PlotOptions {
  const { classes, confidence, columns, rows, values, features, points } = regions;
  const isClass = classes.length > 0;
  const r = points.length > MANY ? 2.5 : 3.5;
  const color: PlotOptions['color'] = isClass
    ? {
        type: 'categorical',
        domain: classes.map((_, index) => index),
        range: classes.map((_, index) => colorOf(index)),
      }
    : { type: 'linear', scheme: 'viridis', domain: rangeOf(regions) };
  const sure = ({ value, part }: Point) => (part === 'train' ? value : undefined);
  return {
    height: Math.min(width * 0.8, 480),
    marginLeft: 46,
    marginBottom: 38,
    x: { label: shorten(features[0], 40), labelArrow: 'none', domain: [...regions.x], nice: false },
    y: { label: shorten(features[1], 40), labelArrow: 'none', domain: [...regions.y], nice: false },
    color,
    symbol: {
      type: 'categorical',
      domain: classes.map((_, index) => index),
      range: classes.map((_, index) => symbolOf(index)),
    },
    marks: [
      raster(values, {
        width: columns,
        height: rows,
        x1: regions.x[0],
        x2: regions.x[1],
        y1: regions.y[0],
        y2: regions.y[1],
        fill: (value: number) => value,
        ...(isClass && {
          fillOpacity: confidence.map((share) => FAINT + (STRONG - FAINT) * Math.max(0, 2 * share - 1)),
        }),
        imageRendering: 'auto',
      }),
      dot(points, {
        filter: ({ part }: Point) => part !== 'train',
        x: 'x',
        y: 'y',
        r,
        stroke: 'value',
        fill: 'var(--paper)',
        ...(isClass && { symbol: 'value' }),
        strokeWidth: 2,
      }),
      dot(points, {
        filter: ({ part }: Point) => part === 'train',
        x: 'x',
        y: 'y',
        r,
        fill: sure,
        ...(isClass && { symbol: 'value' }),
        stroke: 'var(--ink)',
        strokeWidth: 0.75,
      }),
      tipFor(points, 'xy', {
        x: 'x',
        y: 'y',
        title: (point: Point) =>
          [
            `${point.part}: ${isClass ? (classes[point.value] ?? point.value) : measure(point.value)}`,
            `${features[0]} ${measure(point.x)}`,
            `${features[1]} ${measure(point.y)}`,
          ].join('\n'),
      }),
    ],
  };
}
