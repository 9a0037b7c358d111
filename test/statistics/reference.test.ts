/**
 * Equal to SciPy and statsmodels: what `reference/make_reference.py` made of a real sweep's exported rows, and of
 * random ones.
 */

import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Params } from '../../src/definition/resolved.ts';
import { analyse } from '../../src/statistics/analysis.ts';
import type { AnalysisInput } from '../../src/statistics/analysis-rows.ts';
import { shareInterval } from '../../src/statistics/share.ts';
import { StudentizedRange } from '../../src/statistics/studentized-range.ts';

type Interval = readonly [number, number] | null;

interface ExpectedSweep {
  readonly name: string;
  readonly goal: 'minimize' | 'maximize';
  readonly baseline: number;
  readonly folds: number | null;
  /** By config and replicate. */
  readonly objectives: readonly (readonly (number | null)[])[];
  readonly params: readonly Params[] | null;
  readonly configs: readonly ({ readonly n: number; readonly mean: number; readonly interval: Interval } | null)[];
  readonly against_baseline: readonly {
    readonly config: number;
    readonly n: number;
    readonly difference: number;
    readonly std: number | null;
    readonly p_value: number | null;
    readonly p_adjusted?: number;
    readonly claimed?: boolean;
    readonly interval?: Interval;
    readonly effect_size?: number;
  }[];
  readonly against_best: {
    readonly best: number;
    readonly rows: readonly {
      readonly config: number;
      readonly difference: number;
      readonly p_adjusted: number;
      readonly interval: Interval;
    }[];
  } | null;
  readonly anova:
    | readonly {
        readonly parameters: readonly string[];
        readonly share: number;
        readonly f: number;
        readonly df: number;
        readonly df_error: number;
        readonly p_value: number;
        readonly p_adjusted: number;
      }[]
    | null;
  readonly main_effects:
    | readonly {
        readonly parameter: string;
        readonly value: number;
        readonly mean: number;
        readonly interval: Interval;
        readonly effect: number;
      }[]
    | null;
}

const expected = JSON.parse(readFileSync(new URL('./reference/expected.json', import.meta.url), 'utf8')) as {
  readonly sweeps: readonly ExpectedSweep[];
  readonly studentized_range: readonly {
    readonly means: number;
    readonly degrees: number;
    readonly upper_point: number;
    readonly tails: readonly (readonly [number, number])[];
  }[];
  readonly shares: readonly { readonly rows: number; readonly right: number; readonly interval: [number, number] }[];
};

function inputOf({ objectives, params, goal, baseline, folds }: ExpectedSweep): AnalysisInput {
  const configs = objectives.length;
  return {
    goal,
    baseline,
    folds,
    replicates: objectives[0]!.length,
    parameters: Object.keys(params?.[0] ?? {}),
    written: {},
    params: params ?? Array<Params>(configs).fill({}),
    objectives: Float64Array.from(objectives.flat(), (value) => value ?? NaN),
    lost: new Int32Array(configs),
    measure: { objective: 'validation_accuracy', isShare: false, rows: Array<null>(configs).fill(null) },
  };
}

/** To 1e-9, of numbers above 1 of their size; numbers that must keep their digits however small they are, always. */
function expectClose(actual: unknown, wanted: unknown, least = 1): void {
  if (typeof wanted === 'number' && typeof actual === 'number') {
    const error = Math.abs(actual - wanted) / Math.max(least, Math.abs(wanted));
    if (!(error <= 1e-9)) expect(actual).toBe(wanted);
  } else if (Array.isArray(wanted) && Array.isArray(actual)) {
    expect(actual).toHaveLength(wanted.length);
    for (const [index, each] of wanted.entries()) expectClose(actual[index], each, least);
  } else expect(actual).toEqual(wanted);
}

describe.each(expected.sweeps.map((sweep) => [sweep.name, sweep] as const))('%s', (_, sweep) => {
  const analysis = analyse(inputOf(sweep));

  test('t intervals over replicates', () => {
    const known = sweep.configs.flatMap((row, config) => (row ? [{ config, ...row }] : []));
    expect(analysis.configs.map(({ config, n }) => [config, n])).toEqual(known.map(({ config, n }) => [config, n]));
    for (const [index, { interval }] of known.entries()) expectClose(analysis.configs[index]!.interval, interval);
  });

  test("paired t tests against the baseline, Holm's correction, simultaneous intervals", () => {
    const rows = analysis.comparisons.filter(({ reference }) => reference === 'baseline');
    expect(rows.map(({ config }) => config)).toEqual(sweep.against_baseline.map(({ config }) => config));
    for (const [index, wanted] of sweep.against_baseline.entries()) {
      const row = rows[index]!;
      expect(row.n).toBe(wanted.n);
      expectClose(row.difference, wanted.difference);
      expectClose(row.std, wanted.std);
      expectClose(row.p_value, wanted.p_value, 0);
      expectClose(row.p_adjusted, wanted.p_adjusted ?? null, 0);
      expectClose(row.interval, wanted.interval ?? null);
      expectClose(row.effect_size, wanted.effect_size ?? null);
      const claimed = row.conclusion === null ? undefined : row.conclusion !== 'unclear';
      expect(claimed).toBe(wanted.claimed);
    }
  });

  if (sweep.against_best) {
    const wantedRows = sweep.against_best;
    test("Tukey's comparison with the best", () => {
      const rows = analysis.comparisons.filter(({ reference }) => reference === 'best');
      expect(analysis.best).toBe(wantedRows.best);
      expect(rows).toHaveLength(wantedRows.rows.length);
      for (const [index, wanted] of wantedRows.rows.entries()) {
        expect(rows[index]!.config).toBe(wanted.config);
        expectClose(rows[index]!.difference, wanted.difference);
        expectClose(rows[index]!.p_adjusted, wanted.p_adjusted);
        expectClose(rows[index]!.interval, wanted.interval);
      }
    });
  }

  if (sweep.anova) {
    const wantedRows = sweep.anova;
    test('analysis of variance', () => {
      expect(analysis.importance).toHaveLength(wantedRows.length);
      for (const { parameters, ...wanted } of wantedRows) {
        const row = analysis.importance.find(
          (each) =>
            parameters.includes(each.parameter) &&
            each.with === (parameters.find((name) => name !== each.parameter) ?? null),
        );
        expect(row?.method).toBe('anova');
        expect([row!.df, row!.df_error]).toEqual([wanted.df, wanted.df_error]);
        expectClose(row!.share, wanted.share);
        expectClose(row!.f, wanted.f);
        expectClose(row!.p_value, wanted.p_value);
        expectClose(row!.p_adjusted, wanted.p_adjusted);
      }
    });
  }

  if (sweep.main_effects) {
    const wantedRows = sweep.main_effects;
    test('main effects', () => {
      expect(analysis.mainEffects).toHaveLength(wantedRows.length);
      for (const wanted of wantedRows) {
        const row = analysis.mainEffects.find(
          ({ parameter, value }) => parameter === wanted.parameter && value === wanted.value,
        )!;
        expectClose(row.mean, wanted.mean);
        expectClose(row.interval, wanted.interval);
        expectClose(row.effect, wanted.effect);
      }
    });
  }
});

test.each(expected.studentized_range)('the studentized range of $means means, $degrees degrees', (row) => {
  const range = new StudentizedRange(row.means, row.degrees);
  expectClose(range.upperPoint(0.05), row.upper_point);
  for (const [q, tail] of row.tails) expectClose(range.upperTail(q), tail);
});

test.each(expected.shares)("Wilson's interval of $right in $rows rows", ({ rows, right, interval }) => {
  expectClose(shareInterval(right / rows, rows), interval);
});
