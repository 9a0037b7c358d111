/** Data as they are read or generated: whole columns in double precision, before splitting and encoding. */

/** Rows x features: 1 GB. Beyond it, something was encoded that should not be. */
export const MAX_VALUES = 2 ** 28;

/** A column of numbers; NaN where a value is missing and to be imputed. */
export interface NumberColumn {
  readonly kind: 'number';
  readonly name: string;
  readonly values: Float64Array;
}

/** A column of categories; -1 where a value is missing and to be imputed. */
export interface CategoryColumn {
  readonly kind: 'category';
  readonly name: string;
  readonly labels: readonly string[];
  /** [rows]: indices into `labels`. */
  readonly codes: Int32Array;
}

export type Column = NumberColumn | CategoryColumn;

export interface Table {
  readonly rows: number;
  /** Features, in the order of the source. */
  readonly columns: readonly Column[];
  readonly target: {
    readonly name: string;
    /** [rows]: the number, or the class as an index into `classes`. */
    readonly values: Float64Array;
    /** Labels in order; empty for a numeric target. */
    readonly classes: readonly string[];
  };
  /** [rows]: the number of each row's group, from 0 in order of first appearance; null without groups. */
  readonly groups: Int32Array | null;
}
