/** A small table of trials, for tests of what sorts and filters it. */

import type { ColumnValues } from '../../db/read-trials.ts';
import type { Params } from '../../src/definition/resolved.ts';
import type { MetricColumn, TrialTable } from '../../src/dashboard/answers/trial-table.ts';

export interface MadeTrial extends Partial<Record<MetricColumn, string | number | null>> {
  readonly config: number;
  readonly replicate: number;
}

/** Ids count from 1. */
export function tableOf(params: readonly Params[], trials: readonly MadeTrial[]): TrialTable {
  return {
    ids: Int32Array.from(trials.keys(), (row) => row + 1),
    configs: Int32Array.from(trials, ({ config }) => config),
    replicates: Int32Array.from(trials, ({ replicate }) => replicate),
    parameters: [...new Set(params.flatMap(Object.keys))],
    params,
    column: (name): ColumnValues => trials.map((trial) => trial[name] ?? null),
  };
}
