/** Every config as a line through its values: parallel coordinates, the best lines on top. */

import { line, ruleX, text, type PlotOptions } from '@observablehq/plot';
import { useMemo } from 'preact/hooks';
import type { ParallelRow, ReportData } from '../../../report-data.ts';
import { Chart, type Drawn } from '../chart.tsx';
import { ramp } from '../palette.ts';
import { describeParams, measure, shorten } from '../text.ts';
import { tipFor } from '../tips.ts';
import { axisFor, type Axis } from './axis.ts';

/** Pixels between two axes below which names and values no longer fit. */
const AXIS_WIDTH = 84;

interface Vertex {
  /** Place of the config's line among all lines. */
  readonly line: number;
  readonly axis: number;
  /** 0 to 1, from the bottom. */
  readonly at: number;
  /** 0 to 1: how good the config is among these. */
  readonly share: number;
  readonly row: ParallelRow;
}

export function ParallelSection({ data: { parallel, sweep } }: { readonly data: ReportData }) {
  const axes = useMemo(
    () => [
      ...sweep.parameters.map((name) =>
        axisFor(
          name,
          parallel.map(({ params }) => params[name] ?? null),
        ),
      ),
      axisFor(
        sweep.objective,
        parallel.map(({ mean }) => mean),
        0,
      ),
    ],
    [parallel, sweep],
  );
  const options = useMemo(
    () => () => parallelOptions(axes, verticesOf(parallel, axes, sweep.goal === 'maximize')),
    [axes, parallel, sweep],
  );
  return (
    <>
      <p>
        A line for each of {parallel.length} configs, from its values to its {sweep.objective}; the stronger the colour,
        the better.
      </p>
      <Chart
        label={`Parallel coordinates of ${parallel.length} configs over ${sweep.parameters.join(', ')} and ${sweep.objective}`}
        options={options}
        least={axes.length * AXIS_WIDTH}
        onDrawn={lightNearest}
      />
    </>
  );
}

/** Shows the line below the pointer strongly, and all others faintly. */
function lightNearest(chart: Drawn): void {
  const lines = [...chart.querySelectorAll('g[aria-label="line"] path')];
  let lit: Element | undefined;
  chart.addEventListener('input', () => {
    const nearest = chart.value as Vertex | null;
    lit?.classList.remove('lit');
    lit = nearest ? lines[nearest.line] : undefined;
    lit?.classList.add('lit');
    chart.classList.toggle('has-lit', lit !== undefined);
  });
}

/** Strength of the worst: its line is to be seen, too. */
const FAINTEST = 0.18;

/** Worst config first, so that better ones are drawn over it. */
function verticesOf(rows: readonly ParallelRow[], axes: readonly Axis[], isHighBest: boolean): readonly Vertex[] {
  const sign = isHighBest ? 1 : -1;
  const ordered = rows.toSorted((a, b) => sign * (a.mean - b.mean));
  return ordered.flatMap((row, index) =>
    axes.map((axis, position) => ({
      line: index,
      axis: position,
      at: axis.at(position === axes.length - 1 ? row.mean : (row.params[axis.name] ?? null)),
      share: FAINTEST + (1 - FAINTEST) * (ordered.length === 1 ? 1 : index / (ordered.length - 1)),
      row,
    })),
  );
}

function parallelOptions(axes: readonly Axis[], vertices: readonly Vertex[]): PlotOptions {
  const ticks = axes.flatMap((axis, position) => axis.ticks.map((tick) => ({ ...tick, axis: position })));
  const title = ({ row }: Vertex) =>
    [`config ${row.config}`, ...describeParams(row.params).split(', '), `mean ${measure(row.mean)}`].join('\n');
  return {
    height: 340,
    marginTop: 28,
    marginBottom: 16,
    marginLeft: 60,
    marginRight: 64,
    x: { axis: null, domain: [0, axes.length - 1], type: 'linear' },
    y: { axis: null, domain: [0, 1] },
    marks: [
      line(vertices, {
        x: 'axis',
        y: 'at',
        z: 'line',
        stroke: ({ share }: Vertex) => ramp(share),
        strokeWidth: 1.25,
        strokeOpacity: vertices.length > 3000 ? 0.5 : 0.8,
      }),
      ruleX(axes, { x: (_: Axis, index: number) => index, stroke: 'currentColor', strokeOpacity: 0.6 }),
      axisNames(axes.slice(0, -1), 0),
      axisNames(axes.slice(-1), axes.length - 1),
      tickLabels(
        ticks.filter(({ axis }) => axis === 0),
        'end',
      ),
      tickLabels(
        ticks.filter(({ axis }) => axis > 0),
        'start',
      ),
      tipFor(vertices, 'xy', { x: 'axis', y: 'at', title }),
    ],
  };
}

interface Tick {
  readonly axis: number;
  readonly at: number;
  readonly label: string;
}

/** Over the axes from place `first` on; that of the objective, the last one, has room on its left only. */
function axisNames(axes: readonly Axis[], first: number) {
  return text(axes, {
    x: (_: Axis, index: number) => first + index,
    text: ({ name }: Axis) => shorten(name, first > 0 ? 24 : 16),
    textAnchor: first > 0 ? 'end' : 'middle',
    dx: first > 0 ? 50 : 0,
    dy: -18,
    frameAnchor: 'top',
    fontWeight: 600,
  });
}

/** Beside their axis: those of the first one where no lines are. */
function tickLabels(ticks: readonly Tick[], textAnchor: 'start' | 'end') {
  const beside = { textAnchor, dx: textAnchor === 'start' ? 6 : -6 };
  return text(ticks, {
    x: 'axis',
    y: 'at',
    text: ({ label }: Tick) => shorten(label, 9),
    stroke: 'var(--paper)',
    strokeWidth: 4,
    fill: 'currentColor',
    ...beside,
  });
}
