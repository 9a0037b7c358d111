/** How much of the variance between configs each parameter, and each pair beyond it, explains. */

import { barX, ruleX, text, type PlotOptions } from '@observablehq/plot';
import { useMemo } from 'preact/hooks';
import type { ImportanceRow } from '../../../../statistics/analysis-rows.ts';
import { Chart } from '../chart.tsx';
import { percent, pValue, shorten } from '../text.ts';
import { tipFor } from '../tips.ts';

/** Terms in the chart. */
const MOST = 15;
const LEAST_OF_PAIRS = 0.005;
/** Characters of a name. */
const LONGEST = 32;

const METHODS = {
  anova: 'an analysis of variance of the full grid',
  fanova: 'fANOVA, a forest of regression trees',
} as const;

/** The largest first; of pairs those that explain anything. */
function termsOf(rows: readonly ImportanceRow[]): readonly ImportanceRow[] {
  const shown = rows.filter((row) => row.with === null || row.share >= LEAST_OF_PAIRS);
  return shown.toSorted((a, b) => b.share - a.share).slice(0, MOST);
}

function nameOf(row: ImportanceRow): string {
  return row.with === null ? row.parameter : `${row.parameter} \u00d7 ${row.with}`;
}

export function ImportanceSection({ rows }: { readonly rows: readonly ImportanceRow[] }) {
  const shown = useMemo(() => termsOf(rows), [rows]);
  const options = useMemo(() => (width: number) => importanceOptions(shown, width), [shown]);
  const method = rows[0]?.method;
  const found = shown.slice(0, 3).map((row) => `${nameOf(row)} ${percent(row.share)}`);
  return (
    <>
      <p>
        Share of the variance between configs that a parameter explains by itself, and two together beyond that
        {method && `; by ${METHODS[method]}`}.
      </p>
      <Chart label={`Importance: ${found.join(', ')}`} options={options} />
    </>
  );
}

function importanceOptions(rows: readonly ImportanceRow[], width: number): PlotOptions {
  const longest = Math.min(LONGEST, Math.max(...rows.map((row) => nameOf(row).length)));
  return {
    height: 24 + rows.length * 26,
    marginLeft: Math.min(Math.max(60, 7 * longest), width * 0.45),
    marginRight: 120,
    marginTop: 4,
    marginBottom: 20,
    x: { label: null, ticks: [], domain: [0, Math.max(...rows.map(({ share }) => share), 0.01)] },
    y: { label: null, domain: rows.map(nameOf), tickSize: 0, tickFormat: (name: string) => shorten(name, LONGEST) },
    marks: [
      barX(rows, {
        x: 'share',
        y: nameOf,
        fill: (row: ImportanceRow) => (row.with === null ? 'var(--accent)' : 'var(--unclear)'),
        insetTop: 2,
        insetBottom: 2,
      }),
      ruleX([0], { strokeOpacity: 0.5 }),
      text(rows, {
        x: 'share',
        y: nameOf,
        text: (row: ImportanceRow) =>
          `${percent(row.share)}${row.p_adjusted === null ? '' : `, p ${pValue(row.p_adjusted)}`}`,
        textAnchor: 'start',
        dx: 6,
      }),
      tipFor(rows, 'y', {
        x: 'share',
        y: nameOf,
        title: (row: ImportanceRow) =>
          [
            nameOf(row),
            `${percent(row.share)} of the variance`,
            ...(row.f === null ? [] : [`F(${row.df}, ${row.df_error}) ${row.f.toPrecision(4)}`]),
            ...(row.p_value === null ? [] : [`p ${pValue(row.p_value)}, for all terms ${pValue(row.p_adjusted)}`]),
          ].join('\n'),
      }),
    ],
  };
}
