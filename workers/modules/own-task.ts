/** Trials that a user's module runs, as a worker needs them. Plain data. */

import type { ModuleFile } from './load.ts';

/** What trials of one module share: they take the place of a program. */
export interface OwnProgram {
  readonly version: 1;
  readonly trial: ModuleFile;
  /** The metric that the last report must hold, and whether lower values of it are better (1) or higher ones (-1). */
  readonly objective: string;
  readonly sign: 1 | -1;
  readonly record: 'auto' | 'all';
  /** Names that no metric may have: those of the sweep's parameters. */
  readonly parameters: readonly string[];
}

export interface OwnTask {
  /** Database id. */
  readonly trial: number;
  /** In [0, 2^32): for whatever the module draws. */
  readonly seed: number;
  readonly replicate: number;
  readonly params: Readonly<Record<string, unknown>>;
}
