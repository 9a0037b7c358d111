/** What a report says of real runs is what the SQL views say of them. */

import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { Reader } from '../../db/reader.ts';
import { Store } from '../../db/store.ts';
import { loadDefinition } from '../../src/definition/load.ts';
import { runSweep } from '../../src/index.ts';
import { collectReport } from '../../src/report/collect.ts';
import { renderPage } from '../../src/report/page/html.ts';
import { regionsOf } from '../../src/report/regions.ts';
import type { Band, ReportData } from '../../src/report/report-data.ts';
import { emptyFolder } from '../empty-folder.ts';
import { rowsOf } from '../db/rows.ts';
import { FACTS, createSample, diverged, epochs, placed, started, wholeTrial } from '../db/sample-sweep.ts';

const NOW = Date.UTC(2026, 0, 31, 12);
/** Of Student's t, 97.5 %, by degrees of freedom; from tables. */
const T: Readonly<Record<number, number>> = { 1: 12.706204736, 2: 4.30265273 };

/** Text that HTML, YAML, SQL, a shell and a terminal read in their own ways. */
const AWKWARD = '</script><!--\u202e "it\'s" & 🎉 שלום\u2028`$(id)` \\';

/** What the environment of the runs and of the report holds. */
const CANARY = 'canary-8f2c41';

/** Two half circles of points. */
const POINTS = Array.from({ length: 60 }, (_, row) => {
  const [angle, jitter] = [(Math.PI * row) / 60, Math.sin(7.3 * row) / 5];
  return row % 2 === 0
    ? `${Math.cos(angle) + jitter},${Math.sin(angle)},upper`
    : `${1 - Math.cos(angle) + jitter},${0.5 - Math.sin(angle)},lower`;
});
const CSV = ['width <m>,height,kind', ...POINTS, ''].join('\n');

const MOONS = {
  name: 'moons',
  data: { file: './points.csv', target: 'kind', split: { train: 30, test: 'rest' } },
  model: {
    hidden: { activation: 'relu', dropout: '$dropout' },
    layers: [{ units: 4 }, { units: 1, activation: 'sigmoid' }],
  },
  train: {
    loss: 'binary_crossentropy',
    optimizer: '$optimizer',
    batch_size: 10,
    epochs: 40,
    early_stopping: { monitor: 'test_loss', patience: 1 },
  },
  search: {
    dropout: { values: [0, 0.3] },
    optimizer: {
      values: { [AWKWARD]: { name: 'sgd', learning_rate: 0.5 }, adam: { name: 'adam', learning_rate: 0.1 } },
    },
  },
  baseline: { dropout: 0, optimizer: 'adam' },
  replicates: 3,
  objective: 'test_accuracy',
  record: { weight_norms: true },
};

const TRIAL = `
export default async ({ params, replicate, report }) => {
  for (let n = 1; n <= 4; n += 1) await report({ 'score no. 1: all-in': params.d * n + replicate, 'a cost': -n });
  if (params.d === 3) throw new Error(${JSON.stringify(AWKWARD)});
};`;
const OWN = {
  name: 'own',
  trial: { module: './trial.mjs', params: { d: '$d' } },
  search: { d: { values: [1, 2, 3] } },
  replicates: 2,
  objective: { metric: 'score no. 1: all-in', goal: 'maximize' },
};

let database: string;
let folder: string;
let moons: ReportData;
let own: ReportData;

beforeAll(async () => {
  vi.stubEnv('API_TOKEN', CANARY);
  folder = emptyFolder();
  database = join(folder, 'results.db');
  writeFileSync(join(folder, 'trial.mjs'), TRIAL);
  writeFileSync(join(folder, 'points.csv'), CSV);
  for (const definition of [MOONS, OWN]) {
    const file = join(folder, `${definition.name}.json`);
    writeFileSync(file, JSON.stringify(definition));
    await runSweep(file, { database, workers: 1, backend: 'cpu' });
  }
  moons = await reportOn('moons');
  own = await reportOn('own');
});

afterAll(() => vi.unstubAllEnvs());

async function reportOn(name: string, file = database): Promise<ReportData> {
  const reader = Reader.open(file);
  try {
    return await collectReport(reader, name, { database: file, now: NOW });
  } finally {
    reader.close();
  }
}

describe('a sweep that has ended', () => {
  test('has its facts', () => {
    expect(moons.sweep).toMatchObject({
      name: 'moons',
      state: 'finished',
      objective: 'test_accuracy',
      goal: 'maximize',
      parameters: ['dropout', 'optimizer'],
      configs: 4,
      replicates: 3,
      states: { completed: 12 },
      trials: 12,
    });
    expect(moons.written_at).toBe('2026-01-31T12:00:00.000Z');
    const [{ epochs: trained }] = rowsOf(database, 'SELECT sum(epochs) AS epochs FROM moons') as [{ epochs: number }];
    expect(moons.sweep.epochs).toBe(trained);
  });

  test('has the leaderboard of SQL, with intervals and against the baseline', () => {
    const shown = moons.leaderboard.map(({ rank, config, params, n, mean, std, interval, is_baseline }) => {
      return { rank, config, params, n, mean, std, low: interval?.[0], high: interval?.[1], is_baseline };
    });
    const rows = rowsOf(database, "SELECT * FROM leaderboard WHERE sweep = 'moons' ORDER BY rank, config");
    expect(shown).toEqual(
      rows.map(({ rank, config, params, n, mean, std, is_baseline }) => ({
        rank,
        config,
        params: JSON.parse(String(params)),
        n,
        mean,
        std,
        low: expect.closeTo(Number(mean) - (T[2]! * Number(std)) / Math.sqrt(3), 8),
        high: expect.closeTo(Number(mean) + (T[2]! * Number(std)) / Math.sqrt(3), 8),
        is_baseline: is_baseline === 1,
      })),
    );
    const baseline = moons.leaderboard.find(({ is_baseline }) => is_baseline)!;
    expect(baseline.params).toEqual(MOONS.baseline);
    for (const { mean, is_baseline, against_baseline } of moons.leaderboard) {
      if (is_baseline) expect(against_baseline).toBeNull();
      else expect(against_baseline?.difference).toBeCloseTo(mean - baseline.mean, 12);
    }
  });

  test('has the mean gaps of SQL', () => {
    const gaps = rowsOf(database, 'SELECT config, avg(generalisation_gap) AS gap FROM moons GROUP BY config');
    expect(moons.leaderboard.map(({ config, generalisation_gap: gap }) => ({ config, gap })).sort(byConfig)).toEqual(
      gaps.map(({ config, gap }) => ({ config, gap: expect.closeTo(Number(gap), 12) })),
    );
  });

  test('has curves whose band is the t interval over the replicates that have come so far', () => {
    expect(moons.curves.map(({ config }) => config)).toEqual(moons.leaderboard.map(({ config }) => config));
    for (const { config, bands, kept_epochs, replicates } of moons.curves) {
      expect(replicates).toBe(3);
      expect(kept_epochs).toEqual(
        rowsOf(database, `SELECT kept_epoch FROM moons WHERE config = ${config} ORDER BY replicate`).map(
          ({ kept_epoch }) => kept_epoch,
        ),
      );
      expect(bands.map(({ metric }) => metric)).toEqual(['train_loss', 'test_loss', 'train_accuracy', 'test_accuracy']);
      for (const band of bands) expect(pointsOf(band)).toEqual(expectedPoints(config, band.metric));
    }
    // Early stopping has left fewer and fewer of them.
    const counts = new Set(moons.curves.flatMap(({ bands }) => bands[0]!.n));
    expect(counts).toEqual(new Set([1, 2, 3]));
  });

  test('has the mean norms of each layer', () => {
    const best = moons.leaderboard[0]!.config;
    const history = moons.layers.find(({ config, measure }) => config === best && measure === 'kernel_norm');
    expect(history?.layers.map(({ layer }) => layer)).toEqual([0, 1]);
    expect(moons.layers.some(({ measure }) => measure === 'gradient_norm')).toBe(false);
    const { epochs: at, mean } = history!.layers[1]!;
    expect(at.map((epoch, index) => ({ epoch, norm: mean[index] }))).toEqual(
      rowsOf(
        database,
        `SELECT epoch, avg(kernel_norm) AS norm FROM layer_history
         WHERE sweep = 'moons' AND config = ${best} AND layer = 1 GROUP BY epoch ORDER BY epoch`,
      ).map(({ epoch, norm }) => ({ epoch, norm: expect.closeTo(Number(norm), 4) })),
    );
  });

  test('has every config in the parallel coordinates, and the pair of parameters as a map', () => {
    expect(moons.parallel).toEqual(moons.leaderboard.map(({ config, params, mean }) => ({ config, params, mean })));
    const [map, ...others] = moons.heat_maps;
    expect(others).toEqual([]);
    expect(map).toMatchObject({ x: 'dropout', y: 'optimizer', x_labels: ['0', '0.3'], y_labels: [AWKWARD, 'adam'] });
    for (const { x, y, mean, n } of map!.cells) {
      const row = moons.leaderboard.find(
        ({ params }) => params['dropout'] === [0, 0.3][x] && params['optimizer'] === [AWKWARD, 'adam'][y],
      );
      expect({ mean, n }).toEqual({ mean: expect.closeTo(row!.mean, 5), n: 3 });
    }
  });

  test('has the decision regions of its best trial, of two features', () => {
    const [best] = rowsOf(
      database,
      'SELECT config, replicate FROM moons ORDER BY objective DESC, config, replicate LIMIT 1',
    );
    const { regions } = moons;
    expect(regions).toMatchObject({ ...best, features: ['width <m>', 'height'], classes: ['lower', 'upper'] });
    expect(regions!.values).toHaveLength(regions!.columns * regions!.rows);
    expect(regions!.points).toHaveLength(60);
    const widths = POINTS.map((row) => Number(row.split(',')[0]));
    expect(Math.max(...regions!.points.map(({ x }) => x))).toBeCloseTo(Math.max(...widths), 3);
    expect(regions!.label).toBe(moons.curves.find(({ config }) => config === best!['config'])!.label);
  });

  test('has a definition that is the same sweep when it is loaded again', async () => {
    const file = join(folder, 'again.yaml');
    writeFileSync(file, moons.reproduce.definition);
    const { hash, sweep } = await loadDefinition(file, { name: 'moons-again' });
    expect(hash).toBe(moons.reproduce.hash);
    expect(sweep.seed).toBe(moons.reproduce.seed);
  });

  test('tells what trained it', () => {
    const [{ fingerprint, trials }] = rowsOf(
      database,
      "SELECT fingerprint, count(*) AS trials FROM attempts WHERE sweep = 'moons' GROUP BY 1",
    ) as [{ fingerprint: string; trials: number }];
    expect(moons.reproduce.fingerprints).toEqual([{ fingerprint, trials }]);
    expect(Object.keys(moons.reproduce.versions)).toContain('node');
  });

  test('holds nothing of the environment', () => {
    expect(JSON.stringify([moons, own])).not.toContain(CANARY);
  });
});

describe('trials of a module', () => {
  test('have curves of metrics of their own names', () => {
    const [best] = own.leaderboard;
    expect(best).toMatchObject({ params: { d: 2 }, mean: 8.5, n: 2 });
    const [band, ...others] = own.curves[0]!.bands;
    expect(others.map(({ metric }) => metric)).toEqual(['a cost']);
    expect(band).toMatchObject({
      metric: 'score no. 1: all-in',
      epochs: [1, 2, 3, 4],
      n: [2, 2, 2, 2],
      mean: [2.5, 4.5, 6.5, 8.5],
    });
    expect(band!.low[0]).toBeCloseTo(2.5 - T[1]! * 0.5, 4);
  });

  test('have failures with their words', () => {
    expect(own.failures).toMatchObject({ total: 2, kinds: [{ kind: 'error', trials: 2 }], causes: [] });
    // A config each.
    expect(own.failures.rows).toMatchObject([{ params: { d: 3 }, kind: 'error', message: AWKWARD }]);
  });

  test('have no decision regions, which needs no excuse', () => {
    expect(own.regions).toBeNull();
    expect(own.notes.filter((note) => note.includes('decision regions'))).toEqual([]);
  });
});

test.each(['moons', 'own'])('awkward text of %s survives in the page', (name) => {
  const data = name === 'moons' ? moons : own;
  const html = renderPage(data);
  expect(JSON.stringify(data)).toContain(JSON.stringify(AWKWARD).slice(1, -1));
  const embedded = /<script type="application\/json" id="data">(.*?)<\/script>/s.exec(html)![1]!;
  expect(JSON.parse(embedded)).toEqual(data);
});

test('regions that cannot be drawn are no error, and those that ought to be are missed', async () => {
  const [reader, file] = [Reader.open(database), join(folder, 'points.csv')];
  const sweep = reader.sweepNamed('moons');
  expect(await regionsOf(reader, sweep, null)).toEqual({ regions: null, problem: null });
  // Of other data, which are not even read to their end.
  writeFileSync(file, CSV.replace(/^(?=.)/gm, '1,'));
  expect(await regionsOf(reader, sweep, 0)).toEqual({ regions: null, problem: null });
  rmSync(file);
  expect(await regionsOf(reader, sweep, 0)).toEqual({
    regions: null,
    problem: expect.stringMatching(/^the decision regions could not be drawn: .*points\.csv/),
  });
  reader.close();
});

describe('a sweep with little to say', () => {
  function databaseOf(configs: number, write: (store: Store, run: number) => void): string {
    const file = join(emptyFolder(), 'little.db');
    const store = Store.open(file, () => NOW);
    write(store, store.startRun(createSample(store, { configs }), FACTS));
    store.close();
    return file;
  }

  test('that has not begun', async () => {
    const data = await reportOn(
      'moons',
      databaseOf(3, () => {}),
    );
    expect(data).toMatchObject({ leaderboard: [], curves: [], parallel: [], layers: [], diagnoses: [], regions: null });
    expect(data.failures).toEqual({ total: 0, kinds: [], rows: [], causes: [] });
    expect(data.sweep).toMatchObject({ state: 'unfinished', states: { queued: 6 } });
    expect(data.verdict.headline).not.toBe('');
  });

  test('that has one config', async () => {
    const file = databaseOf(1, (store, run) => store.write([1, 2].flatMap((trial) => wholeTrial(trial, run, 0.5))));
    const data = await reportOn('moons', file);
    expect(data.leaderboard).toMatchObject([{ config: 0, n: 2, mean: 0.5, std: 0, against_baseline: null }]);
    expect(data).toMatchObject({ heat_maps: [], parallel: [{ config: 0 }] });
  });

  test('of which every trial has diverged', async () => {
    const file = databaseOf(3, (store, run) => {
      for (const trial of [1, 2, 3, 4, 5, 6]) {
        store.write([started(trial, run), placed(trial), epochs(trial, 1, 3), diverged(trial)]);
      }
    });
    const data = await reportOn('moons', file);
    expect(data.leaderboard).toEqual([]);
    expect(data.failures).toMatchObject({ total: 6, kinds: [{ kind: 'diverged', trials: 6 }] });
    expect(data.failures.rows.map(({ config }) => config)).toEqual([0, 1, 2]);
    // How they diverge.
    expect(data.curves.map(({ config, is_baseline, kept_epochs }) => [config, is_baseline, kept_epochs])).toEqual([
      [0, true, []],
      [1, false, []],
      [2, false, []],
    ]);
    expect(data.curves[0]!.bands[0]).toMatchObject({ metric: 'train_loss', epochs: [1, 2, 3], n: [2, 2, 2] });
    expect(data.failures.causes).not.toEqual([]);
  });
});

function byConfig(a: { readonly config: number }, b: { readonly config: number }): number {
  return a.config - b.config;
}

interface Point {
  readonly epoch: number;
  readonly n: number;
  readonly mean: number | null;
  readonly low: number | null;
  readonly high: number | null;
}

function pointsOf({ epochs: at, n, mean, low, high }: Band): Point[] {
  return at.map((epoch, index) => ({
    epoch,
    n: n[index]!,
    mean: mean[index]!,
    low: low[index]!,
    high: high[index]!,
  }));
}

/** By sums of squares in SQL, another way than the report's. */
function expectedPoints(config: number, metric: string): unknown[] {
  const rows = rowsOf(
    database,
    `SELECT epoch, count(${metric}) AS n, avg(${metric}) AS mean, total(${metric} * ${metric}) AS squares
     FROM learning_curves WHERE sweep = 'moons' AND config = ${config} GROUP BY epoch ORDER BY epoch`,
  ) as { epoch: number; n: number; mean: number; squares: number }[];
  return rows.map(({ epoch, n, mean, squares }) => {
    const half = n < 2 ? undefined : T[n - 1]! * Math.sqrt(Math.max(0, squares - n * mean ** 2) / (n - 1) / n);
    const bound = (sign: number) => (half === undefined ? null : expect.closeTo(mean + sign * half, 4));
    return { epoch, n, mean: expect.closeTo(mean, 5), low: bound(-1), high: bound(1) };
  });
}
