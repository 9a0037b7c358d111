/**
 * How often a sweep claims what is not so, and how often it finds what is: whole sweeps with known noise, through the
 * coordinator (simulated executor, virtual time), the database, its analysis and the view `comparisons`.
 */

import Database from 'better-sqlite3';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Store } from '../../db/store.ts';
import { Coordinator } from '../../src/coordinator/coordinator.ts';
import { widestStack } from '../../src/coordinator/core/cohort-width.ts';
import { orderTrials } from '../../src/coordinator/core/order.ts';
import { createCore } from '../../src/coordinator/core/state.ts';
import { planSweep, type SweepPlan } from '../../src/coordinator/plan.ts';
import type { ResolvedSweep } from '../../src/definition/resolved.ts';
import { SimulatedExecutor } from '../../src/executor/simulated.ts';
import { smallSweep } from '../coordinator/small-sweep.ts';
import { dice, type Dice } from '../kill/dice.ts';
import { emptyFolder } from '../empty-folder.ts';

let store: Store;
let db: Database.Database;

beforeAll(() => {
  store = Store.open(join(emptyFolder(), 'results.db'));
  db = new Database(store.file, { readonly: true });
});

afterAll(() => {
  db.close();
  store.close();
});

const REPLICATES = 10;
const NOISE = 0.01;

function sweepOf(configs: number): ResolvedSweep {
  const params = Array.from({ length: configs }, (_, config) => ({ dropout: config / 20 }));
  return { ...smallSweep({ configs: params, replicates: REPLICATES, epochs: 1 }), baseline: 0 };
}

/** Box and Muller. */
function normal(luck: Dice): number {
  return Math.sqrt(-2 * Math.log(1 - luck.number(0, 1))) * Math.cos(2 * Math.PI * luck.number(0, 1));
}

/** Runs a sweep to its end. @param measureOf the accuracy of a config in one of its replicates */
async function run(sweep: ResolvedSweep, plan: SweepPlan, name: string, measureOf: (config: number) => number) {
  const origin = { definition: {}, hash: name, file: 'made.yaml', versions: {} };
  const order = orderTrials(sweep.configs.length, REPLICATES, sweep.seed);
  const id = store.createSweep({ ...sweep, name }, origin, order);
  const trials = store.trials(id);
  const accuracies = new Map(trials.map(({ id: trial, config }) => [trial, measureOf(config)]));
  const core = createCore({
    trials,
    programOf: ({ config, replicate }) => plan.programOf(config, replicate),
    widest: plan.programs.map(widestStack),
    workers: 1,
    run: store.startRun(id, { pid: 1, workers: 1, backend: 'cpu', versions: {}, host: 'here' }),
  });
  const executor = new SimulatedExecutor({
    workers: 1,
    simulate: ({ trial }) => ({
      epochs: 1,
      secondsPerEpoch: 1,
      outcome: 'completes',
      measure: (metric) => (metric === 'test_accuracy' ? accuracies.get(trial)! : 1),
    }),
  });
  await new Coordinator({ core, plan, executor, commit: (writes) => store.write(writes) }).run();
  store.analyse(id);
}

/** Sweeps with a claim of a difference from this reference. */
function sweepsWithClaims(reference: 'baseline' | 'best', names: string): number {
  return db
    .prepare<[string, string], number>(
      `SELECT count(DISTINCT sweep) FROM comparisons
       WHERE reference = ? AND sweep GLOB ? AND conclusion IN ('better', 'worse')`,
    )
    .pluck()
    .get(reference, names)!;
}

test('200 sweeps of ten configs that differ by noise only make a claim in at most 8 % of them', async () => {
  const sweep = sweepOf(10);
  const plan = planSweep(sweep);
  const luck = dice(1);
  for (let index = 0; index < 200; index += 1) {
    await run(sweep, plan, `equal-${index}`, () => 0.8 + NOISE * normal(luck));
  }
  expect(db.prepare("SELECT count(*) FROM comparisons WHERE sweep GLOB 'equal-*'").pluck().get()).toBe(200 * 18);
  expect(sweepsWithClaims('baseline', 'equal-*')).toBeLessThanOrEqual(16);
  expect(sweepsWithClaims('best', 'equal-*')).toBeLessThanOrEqual(16);
});

test('a difference of 1.5 standard deviations of paired differences is found in at least 90 % of sweeps', async () => {
  const sweep = sweepOf(2);
  const plan = planSweep(sweep);
  const luck = dice(2);
  // Of a difference of two independent results the standard deviation is that of one times the root of two.
  const gain = 1.5 * Math.SQRT2 * NOISE;
  for (let index = 0; index < 100; index += 1) {
    await run(sweep, plan, `differ-${index}`, (config) => 0.8 + config * gain + NOISE * normal(luck));
  }
  expect(sweepsWithClaims('baseline', 'differ-*')).toBeGreaterThanOrEqual(90);
  expect(sweepsWithClaims('best', 'differ-*')).toBeGreaterThanOrEqual(90);
});
