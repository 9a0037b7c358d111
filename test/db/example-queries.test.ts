/** The queries that nightsweep brings answer what they say, on a sweep whose answers are known, and do so without scans of all epochs. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { QueryParameters } from '../../db/query.ts';
import { Reader } from '../../db/reader.ts';
import { builtInQueries } from '../../db/saved-queries.ts';
import { Store } from '../../db/store.ts';
import { writeExample } from './example-sweep.ts';
import { emptyFolder } from '../empty-folder.ts';

type Row = Readonly<Record<string, unknown>>;

const page = readFileSync(new URL('../../docs/sql.md', import.meta.url), 'utf8');

let reader: Reader;

beforeAll(() => {
  const file = join(emptyFolder(), 'a.db');
  const store = Store.open(file, () => Date.UTC(2026, 0, 31));
  writeExample(store);
  store.close();
  reader = Reader.open(file);
});
afterAll(() => reader.close());

/** The rows of one of the queries; whole numbers as numbers, others to 9 digits. */
function answer(name: string, parameters: QueryParameters = {}): Row[] {
  const sql = builtInQueries().find((each) => each.name === name)?.query ?? '';
  const needed = reader.queryParameters(sql);
  const given = needed.includes('sweep') ? { sweep: 'moons', ...parameters } : parameters;
  const { columns, rows } = reader.query(sql, given);
  return [...rows].map((row) => Object.fromEntries(columns.map((column, index) => [column, plain(row[index])])));
}

function plain(value: unknown): unknown {
  if (typeof value === 'bigint') return Number(value);
  return typeof value === 'number' ? Number(value.toPrecision(9)) : value;
}

function column(rows: readonly Row[], name: string): unknown[] {
  return rows.map((row) => row[name]);
}

const ANSWERS: Readonly<Record<string, () => void>> = {
  best() {
    const rows = answer('best');
    expect(column(rows, 'config')).toEqual([4, 5, 3, 1, 0, 2]);
    expect(column(rows, 'rank')).toEqual([1, 2, 3, 4, 5, 6]);
    expect(column(rows, 'tied_with_best').slice(0, 5)).toEqual([1, 1, 0, 0, 0]);
    expect(rows[0]).toMatchObject({ params: '{"optimizer":"adam","dropout":0.2}', n: 4, mean: 0.95 });
    // SciPy: t.interval(0.95, 3, mean(x), sem(x)) for x = [.924, .944, .956, .976].
    expect(rows[0]?.['interval_low']).toBeCloseTo(0.9153322, 6);
  },
  'against-baseline'() {
    const rows = answer('against-baseline');
    expect(column(rows, 'config')).toEqual([4, 5, 3, 1, 2]);
    expect(column(rows, 'conclusion').slice(0, 4)).toEqual(['better', 'better', 'better', 'better']);
    expect(rows[0]).toMatchObject({ n: 4, difference: 0.15 });
    expect(rows[4]).toMatchObject({ n: 2 });
  },
  tied() {
    expect(answer('tied').map(({ config, seconds }) => [config, seconds])).toEqual([
      [5, 3],
      [4, 4],
    ]);
  },
  importance() {
    expect(column(answer('importance'), 'parameter')).toEqual(['optimizer', 'dropout']);
  },
  interactions() {
    expect(answer('interactions').map((row) => [row['parameter'], row['with_parameter']])).toEqual([
      ['optimizer', 'dropout'],
    ]);
  },
  'main-effects'() {
    const rows = answer('main-effects').map((row) => [row['parameter'], row['label'], row['mean'], row['trials']]);
    expect(rows).toEqual([
      ['dropout', '0', 0.85, 8],
      ['dropout', '0.2', 0.885, 8],
      ['dropout', '0.4', 0.8145, 6],
      ['optimizer', 'sgd', 0.766666667, 10],
      ['optimizer', 'adam', 0.933, 12],
    ]);
  },
  'two-parameters'() {
    const rows = answer('two-parameters', { first: 'optimizer', second: 'dropout' });
    expect(rows.map(({ first, second, mean }) => [first, second, mean])).toEqual([
      ['adam', 0, 0.9],
      ['adam', 0.2, 0.95],
      ['adam', 0.4, 0.949],
      ['sgd', 0, 0.8],
      ['sgd', 0.2, 0.82],
      ['sgd', 0.4, 0.68],
    ]);
  },
  'best-by-value'() {
    const rows = answer('best-by-value', { parameter: 'optimizer' });
    expect(rows.map(({ value, config, rank }) => [value, config, rank])).toEqual([
      ['adam', 4, 1],
      ['sgd', 1, 4],
    ]);
  },
  overfitting() {
    const rows = answer('overfitting');
    expect(rows.map(({ config, best_epoch, last_epoch, rise }) => [config, best_epoch, last_epoch, rise])).toEqual([
      [3, 4, 10, 36 / 64],
      [5, 6, 8, 4 / 64],
      [2, 9, 10, 1 / 64],
      [4, 5, 6, 1 / 64],
      [0, 10, 10, 0],
      [1, 10, 10, 0],
    ]);
  },
  gap() {
    expect(answer('gap').map(({ config, n, gap }) => [config, n, gap])).toEqual([
      [3, 4, 0.06],
      [4, 4, 0.04],
      [2, 2, 0.03],
      [5, 4, 0.03],
      [0, 4, 0.02],
      [1, 4, 0.01],
    ]);
  },
  'learning-curve'() {
    const rows = answer('learning-curve', { config: 4 });
    expect(column(rows, 'epoch')).toEqual([1, 2, 3, 4, 5, 6]);
    expect(rows[3]).toEqual({
      epoch: 4,
      replicates: 4,
      train_loss: 0.25,
      validation_loss: 0.25 + 1 / 64 + 1.5 / 8,
      validation_low: 0.25 + 1 / 64,
      validation_high: 0.25 + 1 / 64 + 3 / 8,
      test_loss: null,
      test_low: null,
      test_high: null,
    });
  },
  paired() {
    expect(column(answer('paired', { config: 4, other: 0 }), 'difference')).toEqual([0.152, 0.156, 0.148, 0.144]);
    expect(column(answer('paired', { config: 5, other: 4 }), 'difference')).toEqual([-0.001, -0.009, 0.007, -0.001]);
  },
  seeds() {
    const rows = answer('seeds');
    expect(column(rows, 'replicate')).toEqual([3, 2, 1, 0]);
    expect(column(rows, 'n')).toEqual([5, 5, 6, 6]);
  },
  failures() {
    expect(answer('failures')).toEqual([
      {
        failure_kind: 'diverged',
        message: 'the training loss is not finite',
        trials: 2,
        configs: 1,
        first_epoch: 1,
        advice: 'lower the learning rate',
      },
    ]);
  },
  'failures-by-value'() {
    expect(answer('failures-by-value')).toEqual([
      { parameter: 'dropout', value: 0.4, trials: 8, failed: 2, percent: 25, kinds: 'diverged' },
      { parameter: 'optimizer', value: 'sgd', trials: 12, failed: 2, percent: 16.7, kinds: 'diverged' },
    ]);
  },
  'early-stopping'() {
    const rows = answer('early-stopping');
    expect(rows.map(({ config, stopped, epochs, percent_saved }) => [config, stopped, epochs, percent_saved])).toEqual([
      [4, 4, 6, 40],
      [5, 4, 8, 20],
      [0, 0, 10, 0],
      [1, 0, 10, 0],
      [2, 0, 10, 0],
      [3, 0, 10, 0],
    ]);
  },
  time() {
    const rows = answer('time');
    expect(rows.map(({ config, seconds_per_trial }) => [config, seconds_per_trial])).toEqual([
      [4, 4],
      [5, 3],
      [2, 2],
      [3, 2],
      [1, 1.5],
      [0, 1],
    ]);
    expect(rows.find(({ config }) => config === 2)).toMatchObject({ attempts: 4, seconds: 5, without_result: 2 });
    expect(rows.find(({ config }) => config === 0)).toMatchObject({ attempts: 5, seconds: 4, without_result: 1 });
  },
  pareto() {
    expect(answer('pareto').map(({ config, seconds }) => [config, seconds])).toEqual([
      [0, 1],
      [1, 1.5],
      [3, 2],
      [5, 3],
      [4, 4],
    ]);
  },
  gradients() {
    const rows = answer('gradients').filter(({ layer }) => layer === 0);
    expect(rows.map((row) => [row['config'], row['against_last_layer']])).toEqual([
      [0, 0.125],
      [1, 0.25],
      [2, 0.5],
      [3, 1],
      [4, 1],
      [5, 2],
    ]);
    expect(answer('gradients').find(({ layer }) => layer === 1)).toMatchObject({ mean_norm: 1, clipped_share: 0.25 });
  },
  progress() {
    expect(answer('progress')).toEqual([
      { sweep: 'moons', completed: 22, failed: 2, left_over: 0, trials: 24, percent: 100 },
    ]);
  },
  warnings() {
    const rows = answer('warnings');
    expect(column(rows, 'code')).toContain('lost_trials');
    expect(new Set(column(rows, 'stale'))).toEqual(new Set([0]));
  },
};

test.each(Object.entries(ANSWERS))('%s', (_, check) => check());

test('all of them are tested', () => {
  const names = builtInQueries().map(({ name }) => name);
  expect(Object.keys(ANSWERS).toSorted()).toEqual(names);
  expect(page).toContain(`${names.length} queries that come with nightsweep`);
});

describe.each(builtInQueries())('$name', ({ name, query, about }) => {
  test('begins with a line that says what it answers', () => {
    expect(query).toMatch(/^-- .*\.\n/);
    expect(about.length).toBeLessThanOrEqual(120);
  });

  test('is in docs/sql.md as it is', () => {
    expect(page).toContain(
      `\n\`@${name}\`: ${lowered(about)}\n\n\`\`\`sql\n${query.slice(query.indexOf('\n') + 1)}\n\`\`\`\n`,
    );
  });

  test('finds epochs by their trials', () => {
    const parameters = Object.fromEntries(reader.queryParameters(query).map((parameter) => [parameter, 'moons']));
    const plan = [...reader.query(`EXPLAIN QUERY PLAN ${query}`, parameters).rows].map((row) => String(row.at(-1)));
    expect(plan.filter((step) => /^SCAN (epoch|layer_epoch)\b/.test(step))).toEqual([]);
  });
});

function lowered(sentence: string): string {
  return sentence.charAt(0).toLowerCase() + sentence.slice(1);
}
