/** Data specs, data files and scikit-learn's reference data for the tests of data. */

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { z } from 'zod';
import { SweepError } from '../../src/errors.ts';
import type { FileSource } from '../../src/definition/resolved.ts';
import { sha256 } from '../../src/sha256.ts';
import type { DataSpec } from '../../workers/data/dataset.ts';
import { emptyFolder } from '../empty-folder.ts';

export type PartsSplit = Extract<DataSpec['split'], { kind: 'parts' }>;
export type FoldsSplit = Extract<DataSpec['split'], { kind: 'folds' }>;

export const HALVES: PartsSplit = {
  kind: 'parts',
  train: 0.5,
  validation: 0,
  test: 'rest',
  shuffle: false,
  stratify: false,
  group: null,
  seed: 1,
};

export const FOLDS: FoldsSplit = {
  kind: 'folds',
  folds: 5,
  held_out: 0,
  shuffle: true,
  stratify: false,
  group: null,
  seed: 1,
};

/** Writes `text` to a file of its own and returns its path. */
export function writeCsv(text: string | Uint8Array): string {
  const file = join(emptyFolder(), 'data.csv');
  writeFileSync(file, text);
  return file;
}

export function fileSource(file: string, changes: Partial<FileSource> = {}): FileSource {
  return {
    file,
    sha256: sha256(readFileSync(file)),
    target: 'y',
    categorical: [],
    drop: [],
    missing: 'error',
    ...changes,
  };
}

/** A numeric target in the file's row order, without transforms, unless `changes` says otherwise. */
export function specOf(source: DataSpec['source'], changes: Partial<DataSpec> = {}): DataSpec {
  const transform = { features: null, target: null };
  return { source, target_kind: 'number', image: null, transform, split: HALVES, ...changes };
}

/** The message of the SweepError that `action` throws, the folder of the data file left out. */
export function complaint(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    if (error instanceof SweepError) return error.message.replaceAll(/\S*\/(?=data\.csv)/g, '');
    throw error;
  }
  throw new Error('expected a SweepError, found none');
}

export function readReference<T>(name: string, schema: z.ZodType<T>): T {
  const file = new URL(`../reference/sklearn/${name}.json`, import.meta.url);
  return schema.parse(JSON.parse(readFileSync(file, 'utf8')));
}

/** The largest distance between numbers at the same place; infinite where the lengths differ. */
export function distance(found: ArrayLike<number>, wanted: ArrayLike<number>): number {
  if (found.length !== wanted.length) return Infinity;
  return Array.from(found).reduce((worst, value, index) => Math.max(worst, Math.abs(value - wanted[index]!)), 0);
}
