/** Sweeps that grow: by values, by configs, by replicates; what is there stays, bit for bit, and only new trials run. */

import Database from 'better-sqlite3';
import fc from 'fast-check';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { acquireLock } from '../../db/lock.ts';
import { Store } from '../../db/store.ts';
import { orderTrials } from '../../src/coordinator/core/order.ts';
import { type Extension, extend } from '../../src/coordinator/extend.ts';
import { planDefinition, prepareSweep } from '../../src/coordinator/prepare.ts';
import { loadDefinition } from '../../src/definition/load.ts';
import type { AnySweep, ResolvedSweep } from '../../src/definition/resolved.ts';
import { paramsKey } from '../../src/definition/sweep-differences.ts';
import { openResults, runSweep } from '../../src/index.ts';
import { rowsOf } from '../db/rows.ts';
import { emptyFolder } from '../empty-folder.ts';
import { smallSweep } from './small-sweep.ts';

/** Which trials a list of places means, whatever the ordinals are. */
function trialsOf(sweep: AnySweep, places: readonly { config: number; replicate: number }[]): string[] {
  return places.map(({ config, replicate }) => `${paramsKey(sweep.configs[config]!.params)} ${replicate}`).toSorted();
}

function allTrials(sweep: AnySweep): string[] {
  return trialsOf(sweep, orderTrials(sweep.configs.length, sweep.replicates.count, sweep.seed));
}

function extended(found: Extension): Extract<Extension, { type: 'extended' }> {
  if (found.type !== 'extended') throw new Error(`must extend, but is ${JSON.stringify(found)}`);
  return found;
}

describe('extend', () => {
  const values = (all: readonly number[]) => fc.uniqueArray(fc.constantFrom(...all), { minLength: 1 });
  /** A grid in any order of its configs, some of them included by hand, and a part of it that was there before. */
  const grown = fc
    .record({
      dropouts: values([0, 0.1, 0.2, 0.3]),
      sizes: values([5, 10, 20]),
      replicates: fc.integer({ min: 1, max: 4 }),
    })
    .chain(({ dropouts, sizes, replicates }) => {
      const grid = dropouts.flatMap((dropout) => sizes.map((batch_size) => ({ dropout, batch_size })));
      const shuffled = fc.shuffledSubarray(grid, { minLength: grid.length });
      return fc.record({
        after: shuffled,
        before: fc.shuffledSubarray(grid, { minLength: 1 }),
        included: fc.integer({ min: 0, max: grid.length }),
        baseline: fc.option(fc.integer({ min: 0, max: grid.length - 1 })),
        replicates: fc.constant(replicates),
        earlier: fc.integer({ min: 1, max: replicates }),
      });
    });

  test('gives the trials of the larger sweep, each once, and leaves the old ones where they are', () => {
    fc.assert(
      fc.property(grown, ({ before, after, earlier, replicates, included, baseline }) => {
        const stored = smallSweep({ configs: before, replicates: earlier });
        const wanted: ResolvedSweep = { ...smallSweep({ configs: after, replicates }), included, baseline };
        const found = extend(stored, wanted);
        if (found.type === 'same') {
          expect(allTrials(stored)).toEqual(allTrials(wanted));
          return;
        }
        const { sweep, order } = extended(found);
        const old = orderTrials(stored.configs.length, stored.replicates.count, stored.seed);
        expect(trialsOf(sweep, [...old, ...order])).toEqual(allTrials(wanted));
        expect(sweep.configs.slice(0, stored.configs.length)).toEqual(stored.configs);
        expect(sweep.configs.map(({ ordinal }) => ordinal)).toEqual(sweep.configs.map((_, index) => index));
        const baselineOf = ({ baseline, configs }: AnySweep) => (baseline === null ? null : configs[baseline]!.params);
        expect(baselineOf(sweep)).toEqual(baselineOf(wanted));
        expect(extend(sweep, wanted)).toEqual({ type: 'same' });
      }),
    );
  });

  test('orders the new trials replicate by replicate, those that were included by hand first', () => {
    const [a, b, c, d] = [{ dropout: 0 }, { dropout: 0.1 }, { dropout: 0.2 }, { dropout: 0.3 }];
    const stored = smallSweep({ configs: [a!, b!], replicates: 1 });
    const wanted = { ...smallSweep({ configs: [d!, b!, a!, c!], replicates: 2 }), included: 2 };
    const { sweep, order } = extended(extend(stored, wanted));
    expect(sweep.configs.map(({ params }) => params)).toEqual([a, b, d, c]);
    expect(order.map(({ replicate }) => replicate)).toEqual([0, 0, 1, 1, 1, 1]);
    expect(order.filter(({ replicate }) => replicate === 0).map(({ config }) => config)).toEqual([2, 3]);
    expect(order.filter(({ replicate }) => replicate === 1).slice(0, 2)).toEqual([
      { config: 2, replicate: 1 },
      { config: 1, replicate: 1 },
    ]);
  });

  test('takes limits and baseline over without a new trial', () => {
    const stored = smallSweep({ configs: [{ dropout: 0 }, { dropout: 0.1 }] });
    const limits = { seconds: 60, stall_seconds: null, epochs: null };
    const { sweep, order } = extended(extend(stored, { ...stored, limits, baseline: 1 }));
    expect(order).toEqual([]);
    expect(sweep).toEqual({ ...stored, limits, baseline: 1 });
  });

  test('refuses what would change results', () => {
    const stored = smallSweep({ configs: [{ dropout: 0 }, { dropout: 0.1 }] });
    const wanted = smallSweep({ configs: [{ dropout: 0 }, { dropout: 0.1 }, { dropout: 0.2 }], epochs: 9 });
    expect(extend(stored, wanted)).toEqual({ type: 'other', differences: ['every config: train.epochs 8 -> 9'] });
  });
});

const SMALL = `
name: grows
data: { generator: moons, samples: 60, noise: 0.2, split: { folds: 3 } }
model: { layers: [{ units: 6, activation: relu, dropout: $dropout }, { units: 1, activation: sigmoid }] }
train: { loss: binary_crossentropy, optimizer: adam, batch_size: $size, epochs: 5 }
search: { dropout: { values: [0, 0.4] }, size: { values: [8, 16] } }
include: [{ dropout: 0.4, size: 16 }]
baseline: { dropout: 0, size: 8 }
replicates: 2
objective: validation_loss
record: { epochs: all }
`;
/** Values before and between those that were there, another order of parameters, and a replicate more. */
const LARGE = SMALL.replace(
  /search: .*/,
  'search: { size: { values: [8, 12, 16] }, dropout: { values: [0, 0.2, 0.4] } }',
)
  .replace(/include: .*/, 'include: [{ size: 12, dropout: 0.7 }, { size: 16, dropout: 0.4 }]')
  .replace(/baseline: .*/, 'baseline: { dropout: 0.2, size: 8 }')
  .replace('replicates: 2', 'replicates: 3\nlimits: { timeout: 1h }');

const folder = emptyFolder();

function write(name: string, text: string): string {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
}

interface Row {
  readonly [column: string]: unknown;
}

function ask(database: string, sql: string): Row[] {
  const reader = openResults(database);
  const { columns, rows } = reader.query(sql);
  const found = [...rows].map((row) => Object.fromEntries(columns.map((column, index) => [column, row[index]])));
  reader.close();
  return found;
}

describe('a sweep that has run, extended', () => {
  const [grownDatabase, freshDatabase] = ['grown.db', 'fresh.db'];
  let before: { readonly trials: Row[]; readonly attempts: Row[] };

  const run = (file: string, database: string) =>
    runSweep(file, { database: join(folder, database), workers: 1, backend: 'native' });
  const trials = () =>
    ask(join(folder, grownDatabase), 'SELECT id, config, replicate, position FROM trial ORDER BY id');
  const attempts = () =>
    ask(join(folder, grownDatabase), 'SELECT config, replicate, attempt, outcome, started_at, ended_at FROM attempts');

  beforeAll(async () => {
    expect((await run(write('small.yaml', SMALL), grownDatabase)).outcome).toBe('finished');
    before = { trials: trials(), attempts: attempts() };
    expect((await run(write('large.yaml', LARGE), grownDatabase)).outcome).toBe('finished');
    expect((await run(join(folder, 'large.yaml'), freshDatabase)).outcome).toBe('finished');
  }, 60_000);

  test('has the results of one that was as large from the start, bit for bit', () => {
    const results = `SELECT * FROM grows ORDER BY dropout, size, replicate`;
    const withoutOrdinals = (database: string) =>
      ask(join(folder, database), results).map(({ config: _, ...row }) => row);
    const found = withoutOrdinals(grownDatabase);
    expect(found).toHaveLength(10 * 3);
    expect(found).toEqual(withoutOrdinals(freshDatabase));
    const curves =
      'SELECT dropout, size, replicate, epoch, train_loss, validation_loss FROM "grows.curves" ORDER BY 1, 2, 3, 4';
    expect(ask(join(folder, grownDatabase), curves)).toEqual(ask(join(folder, freshDatabase), curves));
  });

  test('has not touched what was there', () => {
    expect(trials().slice(0, before.trials.length)).toEqual(before.trials);
    expect(new Set(attempts().map(({ attempt }) => Number(attempt)))).toEqual(new Set([1]));
    const old = new Set(before.attempts.map(({ config, replicate }) => `${String(config)}/${String(replicate)}`));
    const still = attempts().filter(({ config, replicate }) => old.has(`${String(config)}/${String(replicate)}`));
    expect(still).toEqual(before.attempts);
  });

  test('has nothing left to run, and is the same definition from now on', async () => {
    const store = Store.open(join(folder, grownDatabase));
    const loaded = await loadDefinition(join(folder, 'large.yaml'));
    const prepared = prepareSweep(store, loaded, planDefinition(loaded), { commandFor: (name) => name });
    store.close();
    expect(prepared.ended).toBe(true);
    expect(prepared.extended).toBeUndefined();
    expect(prepared.sweep.limits.seconds).toBe(3600);
    expect(prepared.sweep.configs[prepared.sweep.baseline!]!.params).toEqual({ size: 8, dropout: 0.2 });
  });

  test('analyses an ended sweep whose coordinator could not do so any more', async () => {
    const file = join(folder, grownDatabase);
    const store = Store.open(file);
    const loaded = await loadDefinition(join(folder, 'large.yaml'));
    const db = new Database(file);
    db.exec('DELETE FROM sweep_analysis');
    db.close();
    prepareSweep(store, loaded, planDefinition(loaded), { commandFor: (name) => name });
    store.close();
    expect(rowsOf(file, 'SELECT stale FROM sweep_analyses')).toEqual([{ stale: 0 }]);
  });
});

describe('prepareSweep', () => {
  async function prepare(text: string, database = 'prepared.db') {
    const loaded = await loadDefinition(write('prepared.yaml', text));
    const store = Store.open(join(folder, database));
    try {
      return prepareSweep(store, loaded, planDefinition(loaded), { commandFor: (name) => `run --name ${name}` });
    } finally {
      store.close();
    }
  }

  test('says in a line what is new', async () => {
    expect((await prepare(SMALL)).extended).toBeUndefined();
    expect((await prepare(SMALL.replace('[8, 16]', '[8, 12, 16]'))).extended).toBe(
      'extended by 2 configs: 4 new trials',
    );
    expect((await prepare(LARGE)).extended).toBe('extended by 4 configs and 1 replicate: 18 new trials');
    expect((await prepare(LARGE.replace('1h', '2h'))).extended).toBeUndefined();
    expect((await prepare(LARGE.replace('1h', '2h'))).sweep.limits.seconds).toBe(7200);
  });

  test('refuses another definition with a handful of differences, and leaves the sweep as it is', async () => {
    const first = await prepare(SMALL, 'refused.db');
    await expect(prepare(SMALL.replace('epochs: 5', 'epochs: 6').replace('[0, 0.4]', '[0.4]'), 'refused.db')).rejects
      .toThrow(`sweep grows in ${join(folder, 'refused.db')} can be extended, but not changed where it has results:
  every config: train.epochs 5 -> 6
  config 2 (dropout 0, size 16) is no longer there
To run this one beside it: run --name grows-2`);
    const longer = SMALL.replace('[0, 0.4]', '[0.1, 0.2, 0.3, 0.4]').replace('[8, 16]', '[8, 16, 24, 32]');
    await prepare(longer, 'many.db');
    await expect(prepare(longer.replace('[0.1, 0.2, 0.3, 0.4]', '[0.4]'), 'many.db')).rejects.toThrow(
      / {2}config \d+ \(dropout 0\.\d, size \d+\) is no longer there\n {2}and \d+ more\n/,
    );
    expect(await prepare(SMALL, 'refused.db')).toEqual(first);
  });

  test('goes on with a sweep that was stored before there were limits', async () => {
    const first = await prepare(SMALL, 'old.db');
    const database = new Database(join(folder, 'old.db'));
    const { changes } = database.prepare("UPDATE sweep SET resolved = json_remove(resolved, '$.limits')").run();
    database.close();
    expect(changes).toBe(1);
    expect(await prepare(SMALL, 'old.db')).toEqual(first);
  });

  test('changes no sweep that a coordinator runs', async () => {
    const { id } = await prepare(SMALL, 'held.db');
    const lock = acquireLock(join(folder, 'held.db'), id);
    await expect(prepare(LARGE, 'held.db')).rejects.toThrow('sweep grows must not be running, but it is');
    lock?.release();
    expect((await prepare(LARGE, 'held.db')).extended).toBeDefined();
  });
});
