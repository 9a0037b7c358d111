/**
 * What the comparisons say of a pair, the marks of who may be the best say as well: nowhere do two answers contradict
 * each other.
 */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compareConfigs, leadOverBaseline } from '../../src/statistics/comparisons.ts';
import { summarizeConfigs } from '../../src/statistics/objectives.ts';
import { dice } from '../kill/dice.ts';

type Goal = 'minimize' | 'maximize';

function compared(rows: readonly (readonly number[])[], goal: Goal = 'maximize', baseline: number | null = 0) {
  const results = { replicates: rows[0]?.length ?? 0, objectives: Float64Array.from(rows.flat()) };
  return compareConfigs(results, summarizeConfigs(results), { goal, baseline, folds: null });
}

const sweeps = fc
  .record({ configs: fc.integer({ min: 2, max: 6 }), replicates: fc.integer({ min: 2, max: 8 }) })
  .chain(({ configs, replicates }) =>
    fc.record({
      rows: fc.array(
        fc
          .tuple(
            fc.integer({ min: -3, max: 3 }),
            fc.array(
              fc.oneof(
                { weight: 9, arbitrary: fc.double({ min: -1, max: 1, noNaN: true }) },
                { weight: 1, arbitrary: fc.constant(NaN) },
              ),
              {
                minLength: replicates,
                maxLength: replicates,
              },
            ),
          )
          .map(([mean, noise]) => noise.map((each) => mean + each)),
        { minLength: configs, maxLength: configs },
      ),
      goal: fc.constantFrom<Goal>('minimize', 'maximize'),
      baseline: fc.integer({ min: 0, max: configs - 1 }),
    }),
  );

test('whatever the results are, no two answers contradict each other', () => {
  fc.assert(
    fc.property(sweeps, ({ rows, goal, baseline }) => {
      const { best, rows: made, tied } = compared(rows, goal, baseline);
      for (const { config, reference, other, conclusion, p_adjusted, interval, difference } of made) {
        // A claim is what its p-value says, and points where the difference does.
        if (p_adjusted !== null) expect(conclusion === 'unclear').toBe(p_adjusted >= 0.05);
        const isBetter = difference > 0 === (goal === 'maximize');
        if (conclusion === 'better' || conclusion === 'worse') expect(conclusion === 'better').toBe(isBetter);
        if (reference !== 'best') continue;
        // Tukey's intervals belong to its claims; the mark does, too.
        if (interval) expect(interval[0] <= 0 && interval[1] >= 0).toBe(conclusion === 'unclear');
        if (conclusion !== 'unclear') expect(tied.get(config)).toBe(false);
        if (tied.get(config) === false && conclusion === 'unclear') expect(config).toBe(baseline);
        expect(tied.get(other)).toBe(true);
      }
      if (best === null || best === baseline || !tied.get(best)) return;
      const lead = leadOverBaseline(made, best, baseline, goal);
      if (tied.has(baseline)) expect(tied.get(baseline)).toBe(!lead?.claim);
    }),
    { numRuns: 150 },
  );
});

describe('the lead of the best over the baseline', () => {
  const NOISE = [0.1, -0.1, 0.05, -0.05, 0.02];

  test('is positive whichever way is better', () => {
    for (const [goal, sign] of [
      ['maximize', 1],
      ['minimize', -1],
    ] as const) {
      const { rows } = compared([NOISE, NOISE.map((noise, index) => sign + noise + index / 100)], goal);
      const lead = leadOverBaseline(rows, 1, 0, goal)!;
      expect(lead.claim).toBe(true);
      expect(lead.by).toBeGreaterThan(0.9);
      expect(lead.interval![0]).toBeLessThan(lead.by);
      expect(lead.interval![1]).toBeGreaterThan(lead.by);
    }
  });

  test('is claimed by either comparison, with the interval of the one that claims it', () => {
    // With three replicates alone a paired test knows too little; the noise of all configs together does.
    const luck = dice(1);
    const short = Array.from({ length: 10 }, (_, config) =>
      Array.from({ length: 3 }, () => (config === 0 ? 0 : 1) + luck.number(-0.3, 0.3)),
    );
    const { rows, tied, best } = compared(short);
    const planned = rows.find(({ reference, config }) => reference === 'baseline' && config === best)!;
    const found = rows.find(({ reference, config }) => reference === 'best' && config === 0)!;
    expect([planned.conclusion, found.conclusion]).toEqual(['unclear', 'worse']);
    const lead = leadOverBaseline(rows, best!, 0, 'maximize')!;
    expect(lead.claim).toBe(true);
    expect(lead.interval).toEqual([-found.interval![1], -found.interval![0]]);
    expect(tied.get(0)).toBe(false);
  });

  test('is not known before there is anything to compare', () => {
    expect(leadOverBaseline(compared([[1], [2]]).rows, 1, 0, 'maximize')).toMatchObject({ by: 1, claim: null });
    expect(leadOverBaseline(compared([[NaN], [2]]).rows, 1, 0, 'maximize')).toBeUndefined();
  });
});

test('the best is that of all results, and is compared in the replicates that all have', () => {
  const { best, replicates, rows } = compared([
    [1, 2, 3, 9],
    [1.5, 2.4, 3.5, NaN],
    [0, 1.1, 2, NaN],
  ]);
  expect([best, replicates]).toEqual([0, 3]);
  expect(
    rows.filter(({ reference }) => reference === 'best').map(({ config, other, n }) => [config, other, n]),
  ).toEqual([
    [1, 0, 3],
    [2, 0, 3],
  ]);
});
