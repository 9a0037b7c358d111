/** All trials of a sweep as columns, row by row in the order of their ids: what the view Trials sorts and filters. Pure. */

import type { ColumnValues, TrialColumn } from '../../../db/read-trials.ts';
import type { Params, ParamValue } from '../../definition/resolved.ts';

/** A column that is read only when it is asked for. */
export type MetricColumn = Exclude<TrialColumn, 'id' | 'place'>;

export interface TrialTable {
  readonly ids: Int32Array;
  /** Ordinal of the config, by row. */
  readonly configs: Int32Array;
  readonly replicates: Int32Array;
  /** In the definition's order. */
  readonly parameters: readonly string[];
  /** By ordinal. */
  readonly params: readonly Params[];
  column(name: MetricColumn): ColumnValues;
}

/** Of the configs by ordinal; undefined where one does not reach the parameter. */
export function paramValues({ params }: Pick<TrialTable, 'params'>, parameter: string): (ParamValue | undefined)[] {
  return params.map((each) => each[parameter]);
}
