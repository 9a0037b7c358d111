/** Turns rows of a file into inputs of a trained network, as its preprocessing says. Pure. */

import { isMissing, parseNumber } from '../../workers/data/cells.ts';
import type { CsvBatch } from '../../workers/data/csv-batches.ts';
import { ProblemList } from '../../workers/data/problems.ts';
import { applyScale } from '../../workers/data/scale.ts';
import { didYouMean } from '../did-you-mean.ts';
import { SweepError, type Problem } from '../errors.ts';
import type { CategoryColumn, InputColumn, NumberColumn, Preprocessing } from './preprocessing.ts';

export interface EncodedRows {
  /** [indices, inputs], row-major. */
  readonly inputs: Float32Array;
  /** The rows that have inputs; one with a missing value has none where the sweep drops such. */
  readonly indices: readonly number[];
}

/** What a cell gives: numbers for its inputs, none for a row that is dropped, or what is wrong with it. */
type Encoded = readonly number[] | 'dropped' | Pick<Problem, 'message' | 'hint'>;

/**
 * @param file its name, for messages
 * @throws SweepError 'data' with the columns that the file lacks
 */
export function rowEncoder(
  { columns, inputs: names, missing }: Preprocessing,
  header: readonly string[],
  file: string,
): (batch: Pick<CsvBatch, 'rows' | 'lines'>) => EncodedRows {
  const places = columns.map(({ name }) => header.indexOf(name));
  checkColumns(columns, places, header, file);
  const encoders = columns.map((column) => cellEncoder(column, missing));

  /** Throws `SweepError` of code `data` with the first cells that cannot be used. */
  return ({ rows, lines }) => {
    const problems = new ProblemList();
    const inputs = new Float32Array(rows.length * names.length);
    const indices: number[] = [];
    rows.forEach((row, index) => {
      const at = indices.length * names.length;
      let width = 0;
      for (const [column, encode] of encoders.entries()) {
        const encoded = encode(row[places[column]!]!);
        if (encoded === 'dropped') return;
        if ('message' in encoded) {
          problems.add(() => ({ ...encoded, position: { file, line: lines[index]! } }));
          return;
        }
        inputs.set(encoded, at + width);
        width += encoded.length;
      }
      indices.push(index);
    });
    problems.throwIfAny();
    return { inputs: inputs.subarray(0, indices.length * names.length), indices };
  };
}

function checkColumns(
  columns: readonly InputColumn[],
  places: readonly number[],
  header: readonly string[],
  file: string,
): void {
  const problems = new ProblemList();
  columns.forEach(({ name }, index) => {
    const place = places[index]!;
    if (place !== -1 && header.indexOf(name, place + 1) === -1) return;
    const found = place === -1 ? 'found none' : 'found two';
    problems.add(() => ({
      position: { file, line: 1 },
      message: `must have one column "${name}", which the network takes, ${found}`,
      ...(place === -1 ? hinted(didYouMean(name, header, (near) => `"${near}"`)) : {}),
    }));
  });
  problems.throwIfAny();
}

function hinted(hint: string | undefined): Pick<Problem, 'hint'> {
  return hint === undefined ? {} : { hint };
}

function cellEncoder(column: InputColumn, missing: Preprocessing['missing']): (cell: string) => Encoded {
  const known = column.kind === 'number' ? numberEncoder(column) : categoryEncoder(column);
  const { fill } = column;
  const filled = fill === null ? undefined : known(String(fill));
  return (cell) => {
    if (!isMissing(cell)) return known(cell.trim());
    if (filled) return filled;
    if (missing === 'drop') return 'dropped';
    return { message: `column "${column.name}" must have a value in every row, found "${cell}"` };
  };
}

function numberEncoder({ name, ...scale }: NumberColumn): (cell: string) => Encoded {
  return (cell) => {
    const number = parseNumber(cell);
    const value = applyScale(number, scale);
    if (Number.isFinite(Math.fround(value))) return [value];
    const wanted = Number.isNaN(number) ? 'numbers' : 'numbers that a 32-bit float can hold';
    return { message: `column "${name}" must hold ${wanted}, found "${cell}"` };
  };
}

function categoryEncoder(column: CategoryColumn): (cell: string) => Encoded {
  const { name, categories, ignored } = column;
  const none = categories.map(() => 0);
  const codes = new Map<string, readonly number[]>([
    ...categories.map((label, index) => [label, none.with(index, 1)] as const),
    ...ignored.map((label) => [label, none] as const),
  ]);
  const label = labeller(column.match);
  return (cell) => {
    const code = codes.get(label(cell));
    if (code) return code;
    const shown = categories.length > 8 ? [...categories.slice(0, 8), '...'] : categories;
    return {
      message: `column "${name}" must hold a category of the data that the network was trained on, found "${cell}"`,
      hint: didYouMean(cell, categories, (near) => `"${near}"`) ?? `its categories are ${shown.join(', ')}`,
    };
  };
}

/** How a cell spells a label: `1.0` is the label `1` where labels are numbers. */
export function labeller(match: 'text' | 'number'): (cell: string) => string {
  return match === 'text' ? (cell) => cell : (cell) => String(parseNumber(cell));
}

/** @throws SweepError 'data' where a file has a column that a prediction is to be called */
export function checkFree(header: readonly string[], names: readonly string[]): void {
  const taken = names.find((name) => header.includes(name));
  if (taken === undefined) return;
  throw new SweepError('data', {
    message: `the input must have no column "${taken}", which holds a prediction in the output`,
    hint: 'give the column another name',
  });
}
