/** The data of one trial as the engine takes them: numbers in flat arrays, parts as row indices. */

import type { Part } from '../../src/metrics.ts';
import type { ResolvedData, Split } from '../../src/definition/resolved.ts';

/**
 * `ResolvedData` for one replicate, without what training alone does to its rows: the seeds that `vary` changes are final and the held-out fold is chosen.
 * Plain data; two equal specs give the same bytes.
 */
export interface DataSpec extends Omit<ResolvedData, 'augment' | 'split'> {
  readonly split:
    Extract<Split, { kind: 'parts' }> | (Extract<Split, { kind: 'folds' }> & { readonly held_out: number });
}

export interface Dataset {
  /** Hash of the spec: equal keys, equal bytes. */
  readonly key: string;
  readonly rows: number;
  /** Columns after one-hot encoding. */
  readonly width: number;
  readonly featureNames: readonly string[];
  /** [rows, width], transformed, row-major. */
  readonly features: Float32Array;
  /** [rows]: the transformed number, or the class as an index into `classes`. */
  readonly targets: Float32Array;
  /** Class labels as text, in order (numbers by value, text by code unit); empty for a numeric target. */
  readonly classes: readonly string[];
  /** own = scaled * scale + offset; 1 and 0 for classes and for a target without transform. */
  readonly targetScale: { readonly scale: number; readonly offset: number };
  /** Row indices of each part, in training order; an empty array where there is no such part. */
  readonly parts: Readonly<Record<Part, Int32Array>>;
}

/** What the structure of a program depends on. */
export interface DataShape {
  readonly width: number;
  readonly classes: number;
  readonly parts: Readonly<Record<Part, number>>;
}
