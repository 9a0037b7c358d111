/** The verdict says no more than the results do, in good English, in every case. */

import { describe, expect, test } from 'vitest';
import type { LeaderboardRow } from '../../src/dashboard/snapshot.ts';
import type { Params } from '../../src/definition/resolved.ts';
import type { AnalysisInput } from '../../src/statistics/analysis-rows.ts';
import { analyse } from '../../src/statistics/analysis.ts';
import { type VerdictFacts, verdictOn } from '../../src/answers/verdict.ts';

interface Sweep {
  /** A row of objectives for each config; NaN where there is none. */
  readonly rows: readonly (readonly number[])[];
  readonly params?: readonly Params[];
  readonly baseline?: number | null;
  readonly goal?: 'minimize' | 'maximize';
}

function factsOf(
  { rows, params = rows.map((_, config) => ({ dropout: config / 10 })), baseline = null, goal = 'maximize' }: Sweep,
  options: Partial<VerdictFacts> = {},
): VerdictFacts {
  const replicates = rows[0]?.length ?? 1;
  const input: AnalysisInput = {
    goal,
    baseline,
    replicates,
    folds: null,
    parameters: Object.keys(params[0] ?? {}),
    written: {},
    params,
    objectives: Float64Array.from(rows.flat()),
    lost: new Int32Array(rows.length),
    measure: { objective: 'validation_accuracy', isShare: false, rows: rows.map(() => null) },
  };
  return {
    sweep: {
      name: 'night',
      state: 'finished',
      objective: 'validation_accuracy',
      goal,
      configs: rows.length,
      replicates,
      trials: rows.length * replicates,
      ended: rows.length * replicates,
    },
    analysis: analyse(input),
    leaders: leadersOf(rows, params, goal, baseline),
    params,
    failures: [],
    causes: [],
    diagnosis: null,
    next: [],
    ...options,
  };
}

function leadersOf(
  rows: Sweep['rows'],
  params: readonly Params[],
  goal: VerdictFacts['sweep']['goal'],
  baseline: number | null,
): LeaderboardRow[] {
  const sign = goal === 'maximize' ? -1 : 1;
  return rows
    .flatMap((row, config) => {
      const values = row.filter((value) => !Number.isNaN(value));
      const n = values.length;
      const mean = values.reduce((sum, value) => sum + value, 0) / n;
      const std = n < 2 ? null : Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (n - 1));
      return n === 0
        ? []
        : [{ rank: 0, config, params: params[config] ?? {}, n, mean, std, is_baseline: config === baseline }];
    })
    .sort((a, b) => sign * (a.mean - b.mean))
    .map((row, index) => ({ ...row, rank: index + 1 }));
}

function headline(sweep: Sweep, options: Partial<VerdictFacts> = {}): string {
  return verdictOn(factsOf(sweep, options)).headline;
}

const GOOD = [0.9, 0.91, 0.92, 0.9];
const ALMOST = [0.9, 0.92, 0.91, 0.9];
const BAD = [0.5, 0.52, 0.51, 0.5];
const NONE = [NaN, NaN, NaN, NaN];

describe('the headline', () => {
  test.each<[string, Sweep, RegExp]>([
    [
      'a clear lead',
      { rows: [BAD, GOOD], baseline: 0 },
      /^Config 1 \(dropout 0\.1\) is better than the baseline by 0\.400? \(95 % interval 0\.3\d+ to 0\.4\d+\)\.$/,
    ],
    [
      'a lead that others share',
      { rows: [BAD, GOOD, ALMOST], baseline: 0 },
      /^Config 1 \(dropout 0\.1\) is better than the baseline by 0\.40.* interval .*\); 1 other cannot be told from it\.$/,
    ],
    [
      'no clear lead',
      { rows: [ALMOST.map((value) => value - 0.001), GOOD], baseline: 0 },
      /^Config 1 \(dropout 0\.1\) leads, but may be no better than the baseline: by 0\.001.*$/,
    ],
    [
      'a baseline that is as good to the last digit',
      { rows: [GOOD, GOOD, BAD], baseline: 1 },
      /^Config 0 \(dropout 0\) and the baseline are level: no config is better than it\.$/,
    ],
    ['the baseline itself', { rows: [GOOD, BAD], baseline: 0 }, /^No config is better than the baseline\.$/],
    ['no baseline', { rows: [BAD, GOOD] }, /^Config 1 \(dropout 0\.1\) is better than every other\.$/],
    [
      'company',
      { rows: [BAD, GOOD, ALMOST] },
      /^Config 1 \(dropout 0\.1\) leads, but 1 other cannot be told from it\.$/,
    ],
    ['a baseline without a result', { rows: [BAD, GOOD, NONE], baseline: 2 }, /is better than every other\.$/],
    [
      'one replicate',
      { rows: [[0.5], [0.9]], baseline: 0 },
      /^Config 1 \(dropout 0\.1\) leads the baseline by 0\.40, which may be chance\.$/,
    ],
    ['one replicate without a baseline', { rows: [[0.5], [0.9]] }, /^Config 1 \(dropout 0\.1\) leads\.$/],
    [
      'one config',
      { rows: [GOOD] },
      /^The only config of night reaches validation_accuracy 0\.9075 on average over 4 replicates \(95 % interval .*\)\.$/,
    ],
    [
      'one trial',
      { rows: [[0.9]] },
      /^The only config of night reaches validation_accuracy 0\.9\d* in one replicate\.$/,
    ],
    [
      'one config with a result',
      { rows: [NONE, GOOD] },
      /^Only config 1 \(dropout 0\.1\) has a result: validation_accuracy 0\.9075 /,
    ],
    [
      'less is better',
      { rows: [GOOD, BAD], baseline: 0, goal: 'minimize' },
      /^Config 1 \(dropout 0\.1\) is better than the baseline by 0\.40/,
    ],
    ['nothing is searched', { rows: [BAD, GOOD], params: [{}, {}] }, /^Config 1 is better than every other\.$/],
    [
      'what differs from the baseline names it',
      {
        rows: [BAD, GOOD],
        baseline: 0,
        params: [
          { a: 1, b: 2, c: 3 },
          { a: 1, b: 4, c: 5 },
        ],
      },
      /^Config 1 \(b 4, c 5\) is better/,
    ],
    [
      'many params are no name',
      { rows: [BAD, GOOD], params: [{}, { a: 1, b: 2, c: 3, d: 4, e: 5 }] },
      /^Config 1 is better than every other\.$/,
    ],
  ])('%s', (_, sweep, expected) => {
    expect(headline(sweep)).toMatch(expected);
  });

  const sweepOf = (facts: VerdictFacts, changes: Partial<VerdictFacts['sweep']>) => ({
    sweep: { ...facts.sweep, ...changes },
  });

  test('while it runs, it says by how many trials', () => {
    const facts = factsOf({ rows: [GOOD, [...BAD.slice(0, 3), NaN]] });
    expect(verdictOn({ ...facts, ...sweepOf(facts, { state: 'running', ended: 7 }) }).headline).toMatch(
      /^So far, by 7 of 8 trials: config 0 \(dropout 0\) is better than every other\.$/,
    );
  });

  test.each([
    [{ state: 'running', ended: 0 }, [], 'No trial of night has a result yet.'],
    [
      { state: 'running', ended: 2 },
      [{ kind: 'error', trials: 2 }],
      'No trial of night has a result yet: 2 of 4 trials have ended.',
    ],
    [{ state: 'finished', ended: 4 }, [{ kind: 'diverged', trials: 4 }], 'All 4 trials of night failed.'],
    [{ state: 'finished', ended: 1, trials: 1 }, [{ kind: 'diverged', trials: 1 }], 'The only trial of night failed.'],
    [
      { state: 'finished', ended: 4 },
      [{ kind: 'diverged', trials: 3 }],
      'No trial of night has a result: 4 of 4 trials have ended.',
    ],
  ] as const)('without a result: %j', (changes, failures, expected) => {
    const facts = factsOf({ rows: [NONE] });
    expect(verdictOn({ ...facts, ...sweepOf(facts, changes), failures }).headline).toBe(expected);
  });
});

describe('the sentences', () => {
  test('what may be as good has in common what matters', () => {
    const params = [
      { l2: 0, dropout: 0 },
      { l2: 0.1, dropout: 0 },
      { l2: 0.1, dropout: 0.5 },
    ];
    expect(verdictOn(factsOf({ rows: [BAD, GOOD, ALMOST], params })).sentences).toContain(
      'What may be as good: config 2; they all have l2 0.1.',
    );
  });

  test('with one replicate nobody knows what is chance', () => {
    expect(verdictOn(factsOf({ rows: [[0.5], [0.9]] })).sentences).toContain(
      'With one replicate of each config nobody knows how much of a difference is chance.',
    );
  });

  test('failures are counted by kind, with what speaks for a cause', () => {
    const failures = [
      { kind: 'diverged', trials: 2 },
      { kind: 'out_of_memory', trials: 1 },
    ];
    const causes = [
      { cause: 'learning_rate', evidence: ['2 of 2 at a learning rate of 10 diverged'], advice: '' },
    ] as const;
    expect(verdictOn(factsOf({ rows: [BAD, GOOD] }, { failures, causes })).sentences).toContain(
      '3 of 8 trials failed: 2 diverged and 1 out of memory; 2 of 2 at a learning rate of 10 diverged.',
    );
  });

  test('the most promising advice comes last', () => {
    expect(verdictOn(factsOf({ rows: [BAD, GOOD] }, { next: ['one', 'two', 'three'] })).sentences.at(-1)).toBe(
      'To try next: one; two.',
    );
  });

  test('each begins with a capital and ends with a full stop', () => {
    const { headline: first, sentences } = verdictOn(factsOf({ rows: [BAD, GOOD, ALMOST], baseline: 0 }));
    for (const text of [first, ...sentences]) expect(text).toMatch(/^[A-Z0-9].*[^.]\.$/);
  });
});

test('ten thousand configs make no longer a verdict than ten', () => {
  const rows = Array.from({ length: 10_000 }, (_, config) =>
    [0.9, 0.91, 0.92].map((value) => value - (config % 7) / 10_000),
  );
  const params = rows.map((_, config) => ({ a: config % 100, b: Math.floor(config / 100) }));
  const { headline: first, sentences } = verdictOn(factsOf({ rows, params }));
  expect([first, ...sentences].join(' ').length).toBeLessThan(800);
});
