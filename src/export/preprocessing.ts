/** How rows of a file become inputs of a trained network, and its outputs predictions: plain data, kept beside an exported model. Pure. */

import { parseNumber } from '../../workers/data/cells.ts';
import type { DataSpec, Dataset } from '../../workers/data/dataset.ts';
import { fillOf, fitColumns, type FittedColumn } from '../../workers/data/encode.ts';
import type { Scale } from '../../workers/data/scale.ts';
import type { Table } from '../../workers/data/table.ts';
import { encodingOf, type ClassEncoding } from '../../workers/train/encoding.ts';
import type { FileSource, LossName, ResolvedData } from '../definition/resolved.ts';

/** A column of numbers is one input: `(value - offset) / scale`. */
export interface NumberColumn extends Scale {
  readonly name: string;
  readonly kind: 'number';
  /** In place of a missing value; null where there must be none. */
  readonly fill: number | null;
}

/** A column of categories is an input for each of `categories`: 1 where the row is of it, else 0. */
export interface CategoryColumn {
  readonly name: string;
  readonly kind: 'category';
  /** `number`: `1` and `1.0` are the same category. */
  readonly match: 'text' | 'number';
  readonly categories: readonly string[];
  /** Known, but not from the training rows: 0 in all inputs. */
  readonly ignored: readonly string[];
  readonly fill: string | null;
}

export type InputColumn = NumberColumn | CategoryColumn;

export type Target =
  /** The number is `output * scale + offset`. */
  | ({ readonly name: string; readonly kind: 'number' } & Scale)
  /**
   * `one_hot`: an output for each class, in order. Else one output: of `binary` the probability of the second class,
   * which is predicted above 0.5; of `signed` a score, above 0 for the second class.
   */
  | {
      readonly name: string;
      readonly kind: 'class';
      readonly classes: readonly string[];
      readonly encoding: ClassEncoding;
    };

export interface Preprocessing {
  readonly version: 1;
  /** In the order of the inputs; a file may have them in any. */
  readonly columns: readonly InputColumn[];
  /** What the network's inputs are called, in order. */
  readonly inputs: readonly string[];
  /** The shape of the inputs where they are the pixels of an image, row by row, channels last. */
  readonly image: ResolvedData['image'];
  /** What becomes of a row where a value is missing: filled, left out, or a mistake. */
  readonly missing: FileSource['missing'];
  readonly target: Target;
}

/** What `dataset`, made of `table` as `spec` says, has learnt from its training rows. */
export function preprocessingOf(spec: DataSpec, table: Table, dataset: Dataset, loss: LossName): Preprocessing {
  const { train } = dataset.parts;
  const missing = 'file' in spec.source ? spec.source.missing : 'error';
  const columns = fitColumns(table, train, spec.transform.features).map((fitted, index): InputColumn => {
    // A column without gaps in the sweep's data may have some in others.
    const fill = missing === 'impute' ? (fitted.fill ?? fillOf(table.columns[index]!, train) ?? null) : null;
    return inputColumn(fitted, fill);
  });
  const { name } = table.target;
  const encoding = encodingOf(loss);
  const target: Target =
    encoding === 'number'
      ? { name, kind: 'number', ...dataset.targetScale }
      : { name, kind: 'class', classes: dataset.classes, encoding };
  return { version: 1, columns, inputs: dataset.featureNames, image: spec.image, missing, target };
}

function inputColumn(fitted: FittedColumn, fill: number | null): InputColumn {
  const { name } = fitted;
  if (fitted.kind === 'number') return { name, kind: 'number', ...fitted.scale, fill };
  const { labels } = fitted;
  const encoded = new Set(fitted.encoded);
  return {
    name,
    kind: 'category',
    match: labels.every((label) => Number.isFinite(parseNumber(label))) ? 'number' : 'text',
    categories: labels.filter((_, code) => encoded.has(code)),
    ignored: labels.filter((_, code) => !encoded.has(code)),
    fill: fill === null ? null : labels[fill]!,
  };
}
