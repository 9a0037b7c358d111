/** A report with every section in it, made of formulas: the same again each time. */

import type { Band, LeaderRow, ReportData } from '../../../src/report/report-data.ts';
import type { Params } from '../../../src/definition/resolved.ts';
import type { ComparisonRow, MainEffectRow } from '../../../src/statistics/analysis-rows.ts';

const DROPOUTS = [0, 0.2, 0.4];
const L2S = [0, 1e-4, 0.001, 0.01];
/** Its mean is the third lowest of 24. */
const BASELINE = 3;
const REPLICATES = 5;
const EPOCHS = 40;

export interface Wish {
  /** Stands wherever a user or a file may write something: names of choices and classes, messages, texts. */
  readonly word?: string;
  /** 24 by default. */
  readonly configs?: number;
  readonly goal?: 'minimize' | 'maximize';
}

export function madeReport({ word = 'relu', configs = 24, goal = 'maximize' }: Wish = {}): ReportData {
  const sign = goal === 'maximize' ? 1 : -1;
  const objective = goal === 'maximize' ? 'validation_accuracy' : 'validation_rmse';
  const all = Array.from({ length: configs }, (_, config) => ({ config, params: paramsOf(config, word) }));
  const meanOf = (config: number) => 0.8 + 0.13 * Math.sin(config * 1.7);
  const best = all.toSorted((a, b) => sign * (meanOf(b.config) - meanOf(a.config)));
  const labelOf = ({ params }: { readonly params: Params }) =>
    Object.entries(params)
      .map(([name, value]) => `${name} ${value}`)
      .join(', ');
  const leaderboard = best.map(({ config, params }, index): LeaderRow => {
    const mean = meanOf(config);
    const half = 0.006 + 0.004 * (config % 3);
    return {
      rank: index + 1,
      config,
      params,
      mean,
      std: half / 1.24,
      n: REPLICATES,
      interval: [mean - half, mean + half],
      rows_interval: null,
      tied: index < 4,
      is_baseline: config === BASELINE,
      against_baseline: config === BASELINE ? null : comparison(config, mean - meanOf(BASELINE), sign),
      generalisation_gap: 0.02 + 0.001 * config,
    };
  });
  const shown = [leaderboard[0], leaderboard[1], leaderboard.find(({ is_baseline }) => is_baseline)].filter(
    (row, index, rows) => row !== undefined && rows.indexOf(row) === index,
  ) as LeaderRow[];

  return {
    sweep: {
      name: 'made',
      state: 'finished',
      objective,
      goal,
      parameters: ['dropout', 'l2', 'activation'],
      configs,
      replicates: REPLICATES,
      baseline: BASELINE,
      states: { completed: configs * REPLICATES - 3, failed: 3 },
      trials: configs * REPLICATES,
      epochs: configs * REPLICATES * EPOCHS,
      created_at: '2026-01-31T21:04:00.000Z',
      seconds: 5400,
    },
    written_at: '2026-02-01T06:30:00.000Z',
    verdict: {
      headline: `dropout 0.4 with ${word} is better than the baseline by 0.043 (95 % interval 0.021 to 0.065)`,
      sentences: [
        '3 other configs cannot be told from it.',
        `What failed has ${word}.`,
        'To try next: search `l2` further.',
      ],
    },
    leaderboard,
    warnings: [{ code: 'test_selected', message: `choosing by ${objective} flatters the winner (${word})` }],
    curves: shown.map((row, index) => ({
      config: row.config,
      label: labelOf(row),
      is_baseline: row.is_baseline,
      replicates: REPLICATES,
      bands: ['train_data_loss', 'validation_data_loss', 'train_accuracy', 'validation_accuracy'].map((metric) =>
        bandOf(metric, index),
      ),
      kept_epochs: [EPOCHS - 4, EPOCHS],
    })),
    main_effects: [
      ...effectsOf('dropout', DROPOUTS.map(String), DROPOUTS),
      ...effectsOf('l2', L2S.map(String), L2S),
      ...effectsOf('activation', [word, 'tanh'], [word, 'tanh']),
    ],
    importance: [
      term('dropout', null, 0.58),
      term('l2', null, 0.21),
      term('activation', null, 0.02),
      term('dropout', 'l2', 0.12),
    ],
    parallel: leaderboard.map(({ config, params, mean }) => ({ config, params, mean })),
    heat_maps: [
      {
        x: 'l2',
        y: 'dropout',
        x_labels: L2S.map(String),
        y_labels: DROPOUTS.map(String),
        cells: L2S.flatMap((_, x) =>
          DROPOUTS.map((__, y) => ({ x, y, mean: 0.8 + 0.03 * Math.sin(x + 2 * y), n: 2 * REPLICATES })),
        ),
      },
    ],
    layers: (['kernel_norm', 'gradient_norm'] as const).map((measure) => ({
      config: shown[0]?.config ?? 0,
      label: shown[0] ? labelOf(shown[0]) : '',
      measure,
      layers: [0, 1, 2].map((layer) => ({
        layer,
        epochs: epochs(),
        mean: epochs().map((epoch) => (measure === 'kernel_norm' ? 1 + layer + epoch / 40 : 10 ** -layer / epoch)),
      })),
    })),
    regions: regionsOf(word),
    diagnoses: shown.map(({ config }, index) => ({
      config,
      metric: 'accuracy',
      part: 'validation',
      train_error: 0.02 + 0.03 * index,
      dev_error: 0.11 + 0.02 * index,
      optimal_error: 0.01,
      bias: 0.01 + 0.03 * index,
      variance: 0.09 - 0.01 * index,
      scenario: 'high_variance',
      summary: `high variance: error 2 % on train and 11 % on validation (${word})`,
      advice: ['more data: the split leaves 30 rows', `regularisation that was not tried: search \`l1\`, ${word}`],
      overfitting_epoch: index === 0 ? 23 : null,
    })),
    split: [{ code: 'small', message: '70 rows of validation make an error of 11 % uncertain by 7 %' }],
    notes: [`a note on ${word}`],
    failures: {
      total: 3,
      kinds: [
        { kind: 'diverged', trials: 2 },
        { kind: 'error', trials: 1 },
      ],
      rows: [0, 1, 2].map((replicate) => ({
        config: 5,
        replicate,
        params: paramsOf(5, word),
        kind: replicate < 2 ? 'diverged' : 'error',
        epoch: 7,
        message: `the loss is not finite: ${word}`,
        advice: 'lower the learning rate',
      })),
      causes: [{ cause: 'learning_rate', evidence: ['2 of 2 that diverged have 0.5'], advice: 'search below `0.5`' }],
    },
    reproduce: {
      definition: `name: made\n# ${word}\nsearch:\n  dropout: { values: [0, 0.2, 0.4] }\n`,
      file: `${word}.yaml`,
      hash: '0'.repeat(64),
      seed: 7,
      versions: { nightsweep: '0.1.0', node: '20.20.2' },
      fingerprints: [{ fingerprint: 'numerics 2; native 2.15.1', trials: configs * REPLICATES }],
      commands: [{ command: 'nightsweep best made', does: 'prints the best config' }],
    },
  };
}

function paramsOf(config: number, word: string): Params {
  return {
    dropout: DROPOUTS[config % 3] ?? null,
    l2: L2S[(config >> 1) % 4] ?? null,
    activation: config % 2 === 0 ? word : 'tanh',
  };
}

function comparison(config: number, difference: number, sign: number): ComparisonRow {
  const interval = [difference - 0.03, difference + 0.03] as const;
  const isClear = interval[0] * interval[1] > 0;
  return {
    config,
    reference: 'baseline',
    other: BASELINE,
    n: REPLICATES,
    difference,
    std: 0.01,
    interval,
    p_value: isClear ? 0.0004 : 0.3,
    p_adjusted: isClear ? 0.004 : 0.9,
    effect_size: difference / 0.01,
    conclusion: !isClear ? 'unclear' : sign * difference > 0 ? 'better' : 'worse',
  };
}

function epochs(): readonly number[] {
  return Array.from({ length: EPOCHS }, (_, index) => index + 1);
}

/** The validation loss of the second config is not finite in its last epochs. */
function bandOf(metric: string, index: number): Band {
  const isLoss = metric.endsWith('loss');
  const lag = metric.startsWith('train') ? 0 : 0.1 + 0.05 * index;
  const mean = epochs().map((epoch) => {
    if (isLoss && lag > 0 && index === 1 && epoch > EPOCHS - 5) return null;
    return isLoss ? 0.05 + lag + Math.exp(-epoch / 8) : 0.97 - lag - 0.4 * Math.exp(-epoch / 8);
  });
  return {
    metric,
    epochs: epochs(),
    n: epochs().map(() => REPLICATES),
    mean,
    low: mean.map((value) => (value === null ? null : value - 0.02)),
    high: mean.map((value) => (value === null ? null : value + 0.02)),
  };
}

function effectsOf(parameter: string, labels: readonly string[], values: MainEffectRow['value'][]): MainEffectRow[] {
  return labels.map((label, level) => {
    const effect = 0.02 * Math.cos(2 * level + labels.length);
    return {
      parameter,
      level,
      label,
      value: values[level] ?? null,
      configs: 8,
      trials: 8 * REPLICATES,
      mean: 0.8 + effect,
      interval: [0.79 + effect, 0.81 + effect],
      effect,
    };
  });
}

function term(parameter: string, other: string | null, share: number): ReportData['importance'][number] {
  const p_value = share > 0.1 ? 1e-5 : 0.4;
  return { parameter, with: other, share, method: 'anova', f: 31.4, df: 2, df_error: 96, p_value, p_adjusted: p_value };
}

function regionsOf(word: string): NonNullable<ReportData['regions']> {
  const [columns, rows] = [60, 50];
  const sides = Array.from({ length: columns * rows }, (_, index) => {
    const x = -1.5 + (4 * (index % columns)) / (columns - 1);
    const y = -1 + (2.5 * Math.floor(index / columns)) / (rows - 1);
    return y - 0.25 - 0.6 * Math.sin(2.2 * x);
  });
  return {
    config: 2,
    replicate: 0,
    label: `dropout 0.4, activation ${word}`,
    features: ['x1', `x2 ${word}`],
    x: [-1.5, 2.5],
    y: [-1, 1.5],
    columns,
    rows,
    classes: ['upper', word],
    values: sides.map((side) => (side > 0 ? 0 : 1)),
    confidence: sides.map((side) => 0.5 + 0.5 * Math.tanh(2 * Math.abs(side))),
    points: Array.from({ length: 60 }, (_, index) => {
      const x = -1.4 + (3.8 * index) / 59;
      const offset = index % 2 === 0 ? 0.3 : -0.3;
      return {
        x,
        y: 0.25 + 0.6 * Math.sin(2.2 * x) + offset + 0.2 * Math.sin(9 * index),
        value: index % 2,
        part: index % 3 === 0 ? 'validation' : 'train',
      };
    }),
  };
}
