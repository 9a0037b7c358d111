/** Two parameters against the objective: a cell for each pair of values, with its mean and the trials it rests on. */

import { cell, text, type PlotOptions } from '@observablehq/plot';
import { useMemo } from 'preact/hooks';
import type { HeatMap, ReportData } from '../../../report-data.ts';
import { decimalsFor, formatMean } from '../../../../dashboard/format.ts';
import { Chart } from '../chart.tsx';
import { Figure } from '../figure.tsx';
import { onRamp, ramp } from '../palette.ts';
import { measure, shorten } from '../text.ts';
import { tipFor } from '../tips.ts';

/** Pixels of a cell that a value fits into. */
const CELL_WIDTH = 58;
const MOST_WIDTH = 110;
const CELL_HEIGHT = 40;
/** Characters of a label that fit below a cell, and at most. */
const LEVEL_TEXT = 8;
const LONGEST = 16;

type Cell = HeatMap['cells'][number];

export function HeatMapSection({ data: { heat_maps, sweep } }: { readonly data: ReportData }) {
  return (
    <>
      <p>
        Mean {sweep.objective} of all configs with a pair of values, with the number of trials; the stronger the colour,
        the better.
      </p>
      <div className="multiples wide">
        {heat_maps.map((map) => (
          <Figure key={`${map.x} ${map.y}`} title={`${map.y} by ${map.x}`}>
            <HeatMapChart map={map} isHighBest={sweep.goal === 'maximize'} />
          </Figure>
        ))}
      </div>
    </>
  );
}

function HeatMapChart({ map, isHighBest }: { readonly map: HeatMap; readonly isHighBest: boolean }) {
  const options = useMemo(() => (width: number) => heatMapOptions(map, isHighBest, width), [map, isHighBest]);
  const best = map.cells.toSorted((a, b) => (isHighBest ? b.mean - a.mean : a.mean - b.mean))[0];
  const found =
    best && `, best ${measure(best.mean)} at ${map.x} ${map.x_labels[best.x]}, ${map.y} ${map.y_labels[best.y]}`;
  return (
    <Chart
      label={`Heat map of ${map.y} by ${map.x}${found ?? ''}`}
      options={options}
      least={map.x_labels.length * CELL_WIDTH + 80}
    />
  );
}

function heatMapOptions(map: HeatMap, isHighBest: boolean, width: number): PlotOptions {
  const means = map.cells.map(({ mean }) => mean);
  const [low, high] = [Math.min(...means), Math.max(...means)];
  const share = ({ mean }: Cell) => {
    const size = high > low ? (mean - low) / (high - low) : 1;
    return isHighBest ? size : 1 - size;
  };
  const decimals = decimalsFor(map.cells.map(({ mean }) => ({ mean, std: high - low })));
  const isTurned = map.x_labels.some((label) => label.length > LEVEL_TEXT);
  const longest = Math.max(...map.y_labels.map((label) => label.length));
  const marginLeft = Math.min(130, 16 + 7 * longest);
  return {
    width: Math.min(width, marginLeft + map.x_labels.length * MOST_WIDTH),
    height: map.y_labels.length * CELL_HEIGHT + (isTurned ? 100 : 66),
    marginLeft,
    marginBottom: isTurned ? 74 : 40,
    marginTop: 20,
    x: {
      type: 'band',
      domain: [...map.x_labels.keys()],
      tickFormat: (x: number) => shorten(map.x_labels[x] ?? '', LONGEST),
      tickRotate: isTurned ? -35 : 0,
      // Turned labels take its place; the title has it, too.
      label: isTurned ? null : map.x,
      labelArrow: 'none',
      tickSize: 0,
    },
    y: {
      type: 'band',
      domain: [...map.y_labels.keys()].toReversed(),
      tickFormat: (y: number) => shorten(map.y_labels[y] ?? '', LONGEST),
      label: map.y,
      labelAnchor: 'top',
      labelArrow: 'none',
      tickSize: 0,
    },
    marks: [
      cell(map.cells, { x: 'x', y: 'y', fill: (one: Cell) => ramp(share(one)), inset: 1, rx: 2 }),
      text(map.cells, {
        x: 'x',
        y: 'y',
        dy: -6,
        text: ({ mean }: Cell) => formatMean(mean, decimals),
        fill: (one: Cell) => onRamp(share(one)),
        fontWeight: 600,
      }),
      text(map.cells, {
        x: 'x',
        y: 'y',
        dy: 8,
        text: ({ n }: Cell) => `n ${n}`,
        fill: (one: Cell) => onRamp(share(one)),
        fontSize: 10,
      }),
      tipFor(map.cells, 'xy', {
        x: 'x',
        y: 'y',
        title: ({ x, y, mean, n }: Cell) =>
          [`${map.x} ${map.x_labels[x]}`, `${map.y} ${map.y_labels[y]}`, `mean ${mean}`, `n ${n}`].join('\n'),
      }),
    ],
  };
}
