/** The tables of an export: which views of the database they are, restricted to a sweep, and in which order. Pure. */

import { quoted } from '../../../db/names.ts';

/** Ordinals from `first` to `last`, both included. */
export interface ConfigRange {
  readonly first: number;
  readonly last: number;
}

export interface Table {
  /** Of its file, without the ending. */
  readonly name: string;
  readonly holds: string;
  /** Of the rows of some configs where it is `split`, else of all. */
  readonly query: (configs: ConfigRange) => string;
  /** Whether it may be too long to be read at once. */
  readonly split: boolean;
}

interface View {
  readonly name: string;
  readonly holds: string;
  readonly order: string;
  readonly split: boolean;
}

/** Of all sweeps: docs/sql.md says what their columns mean. */
const SHARED: readonly View[] = [
  {
    name: 'leaderboard',
    holds: 'a row per config, best first: mean, standard deviation, interval',
    order: 'rank IS NULL, rank, config',
    split: false,
  },
  {
    name: 'comparisons',
    holds: 'each config against the baseline and against the best',
    order: 'reference, config',
    split: false,
  },
  { name: 'main_effects', holds: 'a row per value of each parameter', order: 'parameter, level', split: false },
  {
    name: 'parameter_importance',
    holds: 'how much of the variance between configs each parameter explains',
    order: 'share DESC',
    split: false,
  },
  {
    name: 'layer_history',
    holds: 'a row per layer and recorded epoch of each trial: norms, where the sweep records them',
    order: 'config, replicate, epoch, layer',
    split: true,
  },
  {
    name: 'attempts',
    holds: 'a row per try of a trial: when, where, how it ended',
    order: 'config, replicate, attempt',
    split: true,
  },
  { name: 'failures', holds: 'a row per failed trial: why, and what to try', order: 'config, replicate', split: true },
];

/** `sweep`: a name that exists. */
export function tablesOf(sweep: string): Table[] {
  return [
    {
      name: 'trials',
      holds: 'a row per trial: parameters, state, objective, metrics at the kept epoch',
      query: (configs) => `SELECT * FROM ${quoted(sweep)} WHERE ${within(configs)} ORDER BY config, replicate`,
      split: true,
    },
    {
      name: 'learning_curves',
      holds: 'a row per recorded epoch of each trial: parameters, metrics',
      query: (configs) =>
        `SELECT * FROM ${quoted(`${sweep}.curves`)} WHERE ${within(configs)} ORDER BY config, replicate, epoch`,
      split: true,
    },
    ...SHARED.map(({ name, holds, order, split }): Table => {
      // Names of sweeps hold no quotes.
      const where = `sweep = '${sweep}'`;
      const query = (configs: ConfigRange): string =>
        `SELECT * FROM ${name} WHERE ${split ? `${where} AND ${within(configs)}` : where} ORDER BY ${order}`;
      return { name, holds, query, split };
    }),
  ];
}

function within({ first, last }: ConfigRange): string {
  return `config BETWEEN ${first} AND ${last}`;
}

/** Epochs that one query may read: well below a second, so that no snapshot stands in the way of a run for longer. */
const EPOCHS_PER_QUERY = 100_000;

/** All configs in ranges that are read one after the other. @param epochs of all trials together */
export function configRanges(configs: number, epochs: number): ConfigRange[] {
  const size = Math.max(1, Math.floor((EPOCHS_PER_QUERY * configs) / Math.max(1, epochs)));
  const ranges: ConfigRange[] = [];
  for (let first = 0; first < configs; first += size) {
    ranges.push({ first, last: Math.min(first + size, configs) - 1 });
  }
  return ranges;
}
