/**
 * Rows of configs and levels where results are missing, what the design cannot carry, and what it costs to know all
 * that.
 */

import { describe, expect, test } from 'vitest';
import type { Params } from '../../src/definition/resolved.ts';
import { analyse } from '../../src/statistics/analysis.ts';
import type { AnalysisInput } from '../../src/statistics/analysis-rows.ts';
import { shareInterval } from '../../src/statistics/share.ts';

const NOISE = [0.01, -0.012, 0.004, 0.008, -0.006, -0.002];

/** Six replicates of configs with these means, which differ in one parameter. */
function inputOf(means: readonly number[], more: Partial<AnalysisInput> = {}): AnalysisInput {
  const rows = means.map((mean, config) => NOISE.map((_, index) => mean + NOISE[(index * (config + 1)) % 6]!));
  return {
    goal: 'maximize',
    baseline: 0,
    replicates: 6,
    folds: null,
    parameters: ['l2'],
    written: {},
    params: means.map((_, l2): Params => ({ l2 })),
    objectives: Float64Array.from(rows.flat()),
    lost: new Int32Array(means.length),
    measure: { objective: 'validation_accuracy', isShare: true, rows: means.map(() => 400) },
    ...more,
  };
}

function without(input: AnalysisInput, ...places: readonly number[]): AnalysisInput {
  return { ...input, objectives: input.objectives.map((value, place) => (places.includes(place) ? NaN : value)) };
}

function codes(input: AnalysisInput): string[] {
  return analyse(input).warnings.map(({ code }) => code);
}

describe('nothing at all', () => {
  test('is an empty analysis', () => {
    const empty = { ...inputOf([0.8, 0.9]), objectives: new Float64Array(12).fill(NaN) };
    expect(analyse(empty)).toMatchObject({
      trials: 0,
      best: null,
      configs: [],
      comparisons: [],
      mainEffects: [],
      importance: [],
    });
  });

  test('is what is known of a config without a result', () => {
    const analysis = analyse(without(inputOf([0.8, 0.9]), 6, 7, 8, 9, 10, 11));
    expect(analysis.configs.map(({ config }) => config)).toEqual([0]);
    expect(analysis.configs[0]).toMatchObject({ n: 6, tied: null });
    expect(analysis.comparisons).toEqual([]);
    expect(analysis.mainEffects.map(({ label, effect }) => [label, effect])).toEqual([['0', 0]]);
  });
});

describe('configs', () => {
  test('have an interval of rows where the objective is a share of a known number of them', () => {
    const { configs } = analyse(
      inputOf([0.8, 0.9], { measure: { objective: 'test_accuracy', isShare: true, rows: [70, null] } }),
    );
    const [low, high] = shareInterval(0.8, 70);
    expect(configs[0]!.rows_interval![0]).toBeCloseTo(low, 2);
    expect(configs[0]!.rows_interval![1]).toBeCloseTo(high, 2);
    expect(configs[1]!.rows_interval).toBeNull();
    expect(
      analyse(inputOf([0.8], { measure: { objective: 'test_loss', isShare: false, rows: [70] } })).configs[0]!
        .rows_interval,
    ).toBeNull();
  });

  test('that lack a replicate of the others are not compared with the best', () => {
    const { configs, warnings } = analyse(without(inputOf([0.8, 0.9, 0.7], { lost: Int32Array.of(0, 0, 1) }), 13));
    expect(configs.map(({ tied }) => tied)).toEqual([false, true, null]);
    expect(warnings.map(({ code }) => code)).toContain('unbalanced');
  });
});

describe('main effects', () => {
  test('of a level are those of its configs, in blocks of replicates', () => {
    const params = [
      { l2: 0, d: 'a' },
      { l2: 0, d: 'b' },
      { l2: 1, d: 'a' },
    ];
    const objectives = Float64Array.from([1, 2, 3, 5, 6, 8, 9, 9, 9]);
    const { mainEffects } = analyse({
      ...inputOf([0, 0, 0]),
      params,
      replicates: 3,
      objectives,
      parameters: ['l2', 'd'],
    });
    const [first, second] = mainEffects;
    expect(first).toMatchObject({ parameter: 'l2', level: 0, label: '0', value: 0, configs: 2, trials: 6 });
    expect(first!.mean).toBeCloseTo(25 / 6, 12);
    expect(first!.effect).toBeCloseTo(25 / 6 - 52 / 9, 12);
    // Means of replicates 3, 4 and 5.5: SciPy's t interval of these.
    expect(first!.interval![0]).toBeCloseTo(25 / 6 - 4.302652729749464 * (Math.sqrt(19 / 12) / Math.sqrt(3)), 9);
    expect(second!.interval![0]).toBeCloseTo(9, 9);
    expect(mainEffects.map(({ parameter, label }) => [parameter, label])).toEqual([
      ['l2', '0'],
      ['l2', '1'],
      ['d', 'a'],
      ['d', 'b'],
    ]);
  });

  test('do not rest on a replicate that has just begun', () => {
    // Only one of four configs has a result in the third replicate, a wild one.
    const rows = [1, 2, 50, 1.1, 2.2, NaN, 0.9, 2.1, NaN, 1, 2, NaN];
    const input = {
      ...inputOf([0, 0, 0, 0]),
      replicates: 3,
      objectives: Float64Array.from(rows),
      params: Array<Params>(4).fill({ l2: 0 }),
    };
    const { mainEffects } = analyse(input);
    expect(mainEffects[0]).toMatchObject({ configs: 4, trials: 9 });
    const [low, high] = mainEffects[0]!.interval!;
    // Two blocks; Student's t of one degree of freedom.
    expect(high - low).toBeGreaterThan(1);
  });
});

describe('warnings', () => {
  test('there are none of a sweep that can carry what it says', () => {
    expect(codes(inputOf([0.7, 0.95]))).toEqual([]);
  });

  test.each<[string, string, AnalysisInput]>([
    [
      'one replicate',
      'one_replicate',
      {
        ...inputOf([0.7]),
        params: [{}, {}],
        replicates: 1,
        objectives: Float64Array.of(0.7, 0.9),
        lost: new Int32Array(2),
      },
    ],
    [
      'few replicates',
      'few_replicates',
      { ...inputOf([0, 0, 0]), params: [{}, {}, {}], replicates: 4, objectives: inputOf([0.7, 0.9]).objectives },
    ],
    ['trials that have not ended', 'unfinished', without(inputOf([0.7, 0.95]), 11)],
    ['trials that were lost', 'lost_trials', { ...without(inputOf([0.7, 0.95]), 11), lost: Int32Array.of(0, 1) }],
    [
      'an objective on the test part',
      'test_selected',
      inputOf([0.7, 0.95], { measure: { objective: 'test_accuracy', isShare: true, rows: [400, 400] } }),
    ],
    [
      'an objective on the training part',
      'train_selected',
      inputOf([0.7, 0.95], { measure: { objective: 'train_loss', isShare: false, rows: [] } }),
    ],
    [
      'few rows',
      'few_rows',
      inputOf([0.85, 0.9], { measure: { objective: 'validation_accuracy', isShare: true, rows: [70, 70] } }),
    ],
  ])('of %s', (_, code, input) => {
    expect(codes(input)).toContain(code);
  });

  test('of few rows there are none where nothing is claimed', () => {
    const measure = { objective: 'validation_accuracy', isShare: true, rows: [70, 70] };
    expect(codes(inputOf([0.9, 0.9], { measure }))).toEqual([]);
  });

  test('say what holds and what it means', () => {
    const input = without(inputOf([0.7, 0.95, 0.9], { lost: Int32Array.of(0, 0, 2) }), 12, 13);
    expect(analyse(input).warnings.map(({ message }) => message)).toMatchInlineSnapshot(`
      [
        "2 trials (of 1 of 3 configs) ended without a result. Where bad luck makes trials fail, the mean of the others is too good.",
        "1 config of 3 lacks a result in one of the 6 replicates that are compared, and cannot be compared with the best.",
      ]
    `);
  });
});
