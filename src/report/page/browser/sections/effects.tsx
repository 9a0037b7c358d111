/** What each value of a parameter does to the objective, averaged over the configs that have it. */

import { dot, lineY, ruleX, ruleY, type PlotOptions } from '@observablehq/plot';
import { useMemo } from 'preact/hooks';
import type { ReportData } from '../../../report-data.ts';
import type { MainEffectRow } from '../../../../statistics/analysis-rows.ts';
import { counted } from '../../../../counted.ts';
import { Chart } from '../chart.tsx';
import { Figure, ScrolledTable } from '../figure.tsx';
import { intervalDomain } from '../interval-domain.ts';
import { measure, range, shorten, signed, withInterval } from '../text.ts';
import { tipFor } from '../tips.ts';

/** Characters of all labels side by side, above which they are turned. */
const LEVEL_TEXT = 34;
/** Characters of a label. */
const LONGEST = 14;

/** Those of parameters with two values at least: one alone has no effect. */
export function shownEffects({ main_effects }: ReportData): readonly MainEffectRow[] {
  const varied = new Set(main_effects.flatMap(({ parameter, level }) => (level > 0 ? [parameter] : [])));
  return main_effects.filter(({ parameter }) => varied.has(parameter));
}

export function EffectsSection({ data }: { readonly data: ReportData }) {
  const { importance, sweep } = data;
  const rows = useMemo(() => shownEffects(data), [data]);
  const shares = new Map(importance.flatMap((row) => (row.with === null ? [[row.parameter, row.share]] : [])));
  const parameters = [...new Set(rows.map(({ parameter }) => parameter))].toSorted(
    (a, b) => (shares.get(b) ?? 0) - (shares.get(a) ?? 0),
  );
  const domain = intervalDomain(rows);
  const isTurned = parameters.some((parameter) => needsTurning(rows.filter((row) => row.parameter === parameter)));
  return (
    <>
      <p>
        Mean {sweep.objective} of all configs with a value, with its 95 % interval over replicates. The line is the mean
        of all configs. All charts share one scale.
      </p>
      <div className="multiples">
        {parameters.map((parameter) => (
          <Figure key={parameter} title={parameter}>
            <EffectChart
              parameter={parameter}
              rows={rows.filter((row) => row.parameter === parameter)}
              domain={domain}
              isTurned={isTurned}
              objective={sweep.objective}
            />
          </Figure>
        ))}
      </div>
      <details>
        <summary>The numbers</summary>
        <ScrolledTable label="Table of main effects">
          <thead>
            <tr>
              {['Parameter', 'Value', 'Mean', '95 % interval', 'Effect', 'Configs', 'Trials'].map((title) => (
                <th key={title} scope="col">
                  {title}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={`${row.parameter} ${row.level}`}>
                <td>{row.parameter}</td>
                <td>{row.label}</td>
                <td className="number">{measure(row.mean)}</td>
                <td className="interval">{range(row.interval)}</td>
                <td className="number">{signed(row.effect)}</td>
                <td className="number">{row.configs}</td>
                <td className="number">{row.trials}</td>
              </tr>
            ))}
          </tbody>
        </ScrolledTable>
      </details>
    </>
  );
}

function EffectChart(props: {
  readonly parameter: string;
  readonly rows: readonly MainEffectRow[];
  readonly domain: [number, number];
  /** Whether the labels of the levels are, in all charts: so their axes are at one height. */
  readonly isTurned: boolean;
  readonly objective: string;
}) {
  const { parameter, rows, domain, isTurned, objective } = props;
  const options = useMemo(() => () => effectOptions(rows, domain, isTurned), [rows, domain, isTurned]);
  const found = rows.map(({ label, mean }) => `${label} ${measure(mean)}`);
  return <Chart label={`Mean ${objective} by ${parameter}: ${found.join(', ')}`} options={options} />;
}

function needsTurning(rows: readonly MainEffectRow[]): boolean {
  return rows.map(({ label }) => shorten(label, LONGEST)).join('').length > LEVEL_TEXT;
}

function effectOptions(rows: readonly MainEffectRow[], domain: [number, number], isTurned: boolean): PlotOptions {
  const labels = new Map(rows.map(({ level, label }) => [level, label]));
  const overall = rows[0] ? [rows[0].mean - rows[0].effect] : [];
  const isNumeric = rows.every(({ value }) => typeof value === 'number');
  return {
    height: isTurned ? 220 : 180,
    marginLeft: 46,
    marginTop: 8,
    marginBottom: isTurned ? 64 : 22,
    x: {
      type: 'point',
      domain: [...labels.keys()],
      tickFormat: (level: number) => shorten(labels.get(level) ?? '', LONGEST),
      tickRotate: isTurned ? -35 : 0,
      label: null,
      padding: 0.6,
    },
    y: { domain, nice: true, ticks: 4, grid: true, label: null },
    marks: [
      ruleY(overall, { stroke: 'currentColor', strokeOpacity: 0.5 }),
      ...(isNumeric ? [lineY(rows, { x: 'level', y: 'mean', stroke: 'var(--accent)', strokeOpacity: 0.45 })] : []),
      ruleX(rows, {
        filter: (row: MainEffectRow) => row.interval !== null,
        x: 'level',
        y1: (row: MainEffectRow) => row.interval?.[0],
        y2: (row: MainEffectRow) => row.interval?.[1],
        stroke: 'var(--accent)',
        strokeWidth: 2,
        clip: true,
      }),
      dot(rows, { x: 'level', y: 'mean', r: 4, fill: 'var(--accent)' }),
      tipFor(rows, 'x', {
        x: 'level',
        y: 'mean',
        title: (row: MainEffectRow) =>
          [
            row.label,
            withInterval(row.mean, row.interval),
            `effect ${signed(row.effect)}`,
            `${counted(row.configs, 'config')}, ${counted(row.trials, 'trial')}`,
          ].join('\n'),
      }),
    ],
  };
}
