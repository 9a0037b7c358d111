/** The leaderboard's comparison with the baseline does not contradict the verdict. */

import { expect, test } from 'vitest';
import { againstBaseline } from '../../src/report/against-baseline.ts';
import type { Analysis, ComparisonRow } from '../../src/statistics/analysis-rows.ts';
import { leadOverBaseline } from '../../src/statistics/comparisons.ts';

const BASELINE = 2;
const BEST = 5;

function comparison(changes: Partial<ComparisonRow>): ComparisonRow {
  return {
    config: BEST,
    reference: 'baseline',
    other: BASELINE,
    n: 4,
    difference: 0.5,
    std: 0.25,
    interval: [-0.125, 1.125],
    p_value: 0.03,
    p_adjusted: 0.09,
    effect_size: 2,
    conclusion: 'unclear',
    ...changes,
  };
}

const planned = comparison({});
const found = comparison({
  config: BASELINE,
  reference: 'best',
  other: BEST,
  difference: -0.5,
  interval: [-0.75, -0.25],
  p_value: null,
  p_adjusted: 0.01,
  effect_size: -2,
  conclusion: 'worse',
});
const third = comparison({ config: 3, conclusion: 'unclear' });

function analysisOf(...comparisons: readonly ComparisonRow[]): Analysis {
  return { trials: 24, best: BEST, configs: [], comparisons, mainEffects: [], importance: [], warnings: [] };
}

test('what only the comparison with the best claims is shown of the best, as in the verdict', () => {
  const shown = againstBaseline(analysisOf(planned, third, found));
  const { by, interval, claim } = leadOverBaseline([planned, third, found], BEST, BASELINE, 'maximize')!;
  expect(claim).toBe(true);
  expect(shown.get(BEST)).toMatchObject({
    difference: by,
    interval,
    conclusion: 'better',
    effect_size: 2,
    config: BEST,
  });
  expect(shown.get(3)).toBe(third);
});

test('elsewhere that with the baseline is shown', () => {
  const clear = comparison({ conclusion: 'better', p_adjusted: 0.001 });
  expect(againstBaseline(analysisOf(clear, found)).get(BEST)).toBe(clear);
  expect(againstBaseline(analysisOf(planned, { ...found, conclusion: 'unclear' })).get(BEST)).toBe(planned);
  expect([...againstBaseline({ ...analysisOf(), best: null })]).toEqual([]);
});
