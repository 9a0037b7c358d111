/** How large the weights and the gradients of each layer are over the epochs. */

import { lineY, text, selectLast, type PlotOptions } from '@observablehq/plot';
import { useMemo, useState } from 'preact/hooks';
import type { LayerHistory } from '../../../report-data.ts';
import { formatCount } from '../../../../dashboard/format.ts';
import { Chart } from '../chart.tsx';
import { Figure } from '../figure.tsx';
import { logAxis } from '../log-axis.ts';
import { ramp } from '../palette.ts';
import { Toggle } from '../switches.tsx';
import { measure } from '../text.ts';
import { tipFor } from '../tips.ts';

const MEASURES = {
  kernel_norm: { title: 'Norm of the weights', isLog: false },
  gradient_norm: { title: 'Norm of the gradients', isLog: true },
  clipped_share: { title: 'Share of clipped gradients', isLog: false },
} as const;

/** Lines whose ends have room for their layer's number; of more, the first and the last have it. */
const MOST_NAMED = 5;

interface Point {
  readonly layer: number;
  readonly epoch: number;
  readonly mean: number | null;
}

export function LayersSection({ histories }: { readonly histories: readonly LayerHistory[] }) {
  return (
    <>
      <p>
        Over the epochs: means over replicates, a line for each layer from the first (lightest) to the last (strongest
        colour).
      </p>
      {(Object.keys(MEASURES) as (keyof typeof MEASURES)[]).map((name) => (
        <MeasureLayers
          key={name}
          name={name}
          histories={histories.filter((history) => history.measure === name && hasValues(history))}
        />
      ))}
    </>
  );
}

/** Without clipping its share is 0 throughout. */
function hasValues({ layers }: LayerHistory): boolean {
  return layers.some(({ mean }) => mean.some((value) => value !== null && value !== 0));
}

function MeasureLayers(props: { readonly name: keyof typeof MEASURES; readonly histories: readonly LayerHistory[] }) {
  const { name, histories } = props;
  const [isLog, setIsLog] = useState<boolean>(MEASURES[name].isLog);
  if (histories.length === 0) return null;
  return (
    <>
      <div className="bar">
        <h3>{MEASURES[name].title}</h3>
        <Toggle label="logarithmic" isOn={isLog} onChange={setIsLog} />
      </div>
      <div className="multiples">
        {histories.map((history) => (
          <Figure key={history.config} title={history.label}>
            <LayerChart history={history} isLog={isLog} />
          </Figure>
        ))}
      </div>
    </>
  );
}

function LayerChart({ history, isLog }: { readonly history: LayerHistory; readonly isLog: boolean }) {
  const options = useMemo(() => () => layerOptions(history, isLog), [history, isLog]);
  const ends = history.layers.map(
    ({ layer, mean }) => `layer ${layer} ends at ${measure(mean.findLast((value) => value !== null))}`,
  );
  return (
    <Chart label={`${MEASURES[history.measure].title} of ${history.label}: ${ends.join(', ')}`} options={options} />
  );
}

function layerOptions({ layers }: LayerHistory, isLog: boolean): PlotOptions {
  const last = Math.max(1, layers.length - 1);
  const shares = new Map(layers.map(({ layer }, index) => [layer, 0.3 + (0.7 * index) / last]));
  const points = layers.flatMap(({ layer, epochs, mean }) =>
    epochs.map((epoch, index): Point => {
      const value = mean[index] ?? null;
      // A logarithmic axis has no place for a layer that does not move at all.
      return { layer, epoch, mean: isLog && value !== null && value <= 0 ? null : value };
    }),
  );
  const [first, end] = [layers[0]?.layer, layers.at(-1)?.layer];
  const named = layers.length > MOST_NAMED ? points.filter(({ layer }) => layer === first || layer === end) : points;
  const means = points.flatMap(({ mean }) => mean ?? []);
  return {
    height: 180,
    marginLeft: 52,
    marginTop: 8,
    marginRight: 24,
    marginBottom: 22,
    x: { label: null, ticks: 4, tickFormat: formatCount },
    y: {
      label: null,
      grid: true,
      ...(isLog ? logAxis(Math.min(...means), Math.max(...means)) : { ticks: 4, zero: true }),
    },
    marks: [
      lineY(points, {
        x: 'epoch',
        y: 'mean',
        z: 'layer',
        stroke: ({ layer }: Point) => ramp(shares.get(layer) ?? 1),
        strokeWidth: 1.75,
      }),
      text(named, selectLast({ x: 'epoch', y: 'mean', z: 'layer', text: 'layer', textAnchor: 'start', dx: 5 })),
      tipFor(points, 'xy', {
        x: 'epoch',
        y: 'mean',
        title: ({ layer, epoch, mean }: Point) => `layer ${layer}\nepoch ${epoch}\n${measure(mean)}`,
      }),
    ],
  };
}
