/** Planning: which trials share a program, and what a task holds. */

import { describe, expect, test } from 'vitest';
import { estimateSweep } from '../../src/coordinator/estimate.ts';
import { planSweep } from '../../src/coordinator/plan.ts';
import type { Split } from '../../src/definition/resolved.ts';
import { denseLayer, moonsData } from '../resolved.ts';
import { smallSweep } from './small-sweep.ts';

type PartsSplit = Extract<Split, { kind: 'parts' }>;

const sweep = smallSweep({
  configs: [
    { dropout: 0.1, batch_size: 10 },
    { dropout: 0.3, batch_size: 20 },
    { dropout: 0.5, learning_rate: 0.1, batch_size: 10 },
  ],
  replicates: 2,
  epochs: 7,
});

describe('planSweep', () => {
  test('groups by structure: numbers are inputs, a batch size is not', () => {
    const plan = planSweep(sweep);
    expect(plan.programs).toMatchObject([{ batch: 10 }, { batch: 20 }]);
    expect([0, 1, 2].map((config) => [plan.programOf(config, 0), plan.programOf(config, 1)])).toEqual([
      [0, 0],
      [1, 1],
      [0, 0],
    ]);
  });

  test('gives every trial its own numbers, and the replicate its seeds come from', () => {
    const plan = planSweep(sweep);
    const hyper = { 'optimizer.learning_rate': 0.1, 'layers.0.dropout': 0.5, epochs: 7 };
    expect(plan.task(17, 2, 1)).toMatchObject({ trial: 17, replicate: 1, seed: 3, hyper });
  });

  test('makes other data for each replicate where the definition varies them, and no other programs', () => {
    const varied = { ...sweep, replicates: { count: 3, vary: ['data' as const] } };
    const plan = planSweep(varied);
    for (const replicate of [0, 1, 2]) {
      expect(plan.task(1, 0, replicate)).toMatchObject({ data: { source: { seed: 1 + replicate } } });
    }
    expect(plan.programs).toHaveLength(2);
  });

  test('knows how many rows each part has in the replicate with the fewest', () => {
    const folded = sweep.configs.map((config) => {
      const { kind: _, train: __, validation: ___, test: ____, ...split } = moonsData(60, 40).split as PartsSplit;
      return { ...config, data: { ...config.data, split: { kind: 'folds' as const, folds: 7, ...split } } };
    });
    const rowsIn = (each: typeof sweep): unknown => planSweep(each).extentOf(0).rows;
    expect(rowsIn(sweep)).toEqual({ train: 40, validation: 0, test: 20 });
    // Folds of 60 rows by 7: four of 9 rows and three of 8.
    const replicates = { count: 7, vary: ['training' as const] };
    expect(rowsIn({ ...sweep, configs: folded, replicates })).toEqual({ train: 51, validation: 8, test: 0 });
  });

  test('finds a network that does not fit its data before anything is written', () => {
    const [config] = sweep.configs;
    const wide = { input: { noise: null, dropout: null }, layers: [denseLayer({ units: 3 })] };
    const broken = { ...sweep, configs: [{ ...config!, model: wide }] };
    expect(() => planSweep(broken)).toThrow(/one output unit.*3/);
  });
});

describe('estimateSweep', () => {
  test('counts trials per program, epochs and rows exactly', () => {
    const { trialsPerProgram, epochs, epochRows } = estimateSweep(sweep, planSweep(sweep), 2);
    expect({ trialsPerProgram, epochs, epochRows }).toEqual({ trialsPerProgram: [4, 2], epochs: 42, epochRows: 42 });
  });

  test('counts the epochs that a budget in steps leads to', () => {
    const [first, second] = sweep.configs;
    const inSteps = { ...first!, train: { ...first!.train, epochs: null, steps: 9 } };
    const stepped = { ...sweep, configs: [inSteps, second!] };
    const plan = planSweep(stepped);
    // 40 rows in batches of 10.
    expect([0, 1].map((config) => plan.extentOf(config).lastEpoch)).toEqual([3, 7]);
    expect(estimateSweep(stepped, plan, 2).epochs).toBe(2 * (3 + 7));
  });
});
