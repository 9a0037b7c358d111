/** Reads a delimited text file into cells, knows where each cell stands, and refuses what is no table. */

import { isUtf8 } from 'node:buffer';
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { CsvError, type Options, parse } from 'csv-parse/sync';
import { counted } from '../../src/counted.ts';
import { SweepError, type Position, type Problem } from '../../src/errors.ts';
import { sha256 } from '../../src/sha256.ts';
import { parseNumber } from './cells.ts';
import { hasLinesOnly, recordsOfLines, type CsvRecords } from './csv-lines.ts';
import { cellPosition } from './csv-position.ts';
import { ProblemList } from './problems.ts';

export interface CsvFile {
  /** As it was given. */
  readonly file: string;
  /** File name without its folder, for messages. */
  readonly name: string;
  /** Of the file's bytes, in hexadecimal. */
  readonly sha256: string;
  /** Column names without blanks around them: distinct, none empty. */
  readonly header: readonly string[];
  /** [rows][columns]: text as it stands, quotes resolved; every row is as long as the header. */
  readonly cells: readonly (readonly string[])[];
  /** Where a cell begins; `row` counts from 0, -1 is the header. */
  position(row: number, column: number): Position;
}

/**
 * Reads a UTF-8 file with one header line. Cells are separated by whichever of `,`, `;` and tab occurs most in the
 * header line, and may be quoted by `"`; line ends are LF, CRLF or CR; a byte order mark and empty lines are skipped.
 * @param expected the SHA-256 that the file must have, where that is known
 * @throws SweepError 'data' with the positions of all mistakes in the file's form
 */
export function readCsv(file: string, expected?: string): CsvFile {
  const bytes = readBytes(file);
  const hash = sha256(bytes);
  if (expected !== undefined && hash !== expected) {
    throw new SweepError('data', {
      message: `data file changed since the sweep was made: its SHA-256 must be ${expected}, found ${hash}`,
      position: { file },
      hint: 'put the old file back, or run the changed one under another name with --name',
    });
  }
  if (!isUtf8(bytes)) {
    throw problem(file, 'must be UTF-8 text, found bytes that are not', 'save it as "CSV UTF-8"');
  }
  const delimiter = detectDelimiter(bytes);
  const { records, starts } = hasLinesOnly(bytes)
    ? recordsOfLines(bytes, delimiter)
    : parseRecords(file, bytes, delimiter);
  const [first, ...cells] = records;
  if (first === undefined) {
    const found = bytes.length === 0 ? 'an empty file' : 'blank lines only';
    throw problem(file, `must hold a header line and rows, found ${found}`);
  }
  const header = first.map((name) => name.trim());
  const csv: CsvFile = {
    file,
    name: basename(file),
    sha256: hash,
    header,
    cells,
    position: (row, column) => cellPosition(file, bytes, starts[row + 1] ?? 0, column, delimiter),
  };
  checkForm(csv);
  return csv;
}

function readBytes(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw problem(file, `must be a file that can be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** How csv-parse is to read. */
export const PARSING = {
  bom: true,
  record_delimiter: ['\r\n', '\n', '\r'],
  skip_empty_lines: true,
  // Reported by us, all at once and with their places.
  relax_column_count: true,
  max_record_size: 0,
} satisfies Options;

function parseRecords(file: string, bytes: Buffer, delimiter: string): CsvRecords {
  const starts = [0];
  try {
    const records = parse(bytes, {
      ...PARSING,
      delimiter,
      on_record: (record: string[], { bytes: end }) => {
        starts.push(end);
        return record;
      },
    });
    return { records, starts };
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const column = typeof error['column'] === 'number' ? error['column'] : 0;
    throw new SweepError('data', {
      ...malformed(error),
      position: cellPosition(file, bytes, starts.at(-1) ?? 0, column, delimiter),
    });
  }
}

/** What is wrong with the quotes, and what to do. */
export function malformed(error: CsvError): Pick<Problem, 'message' | 'hint'> {
  return {
    message: MALFORMED[error.code] ?? error.message,
    hint: 'write a quote inside a quoted cell twice, and quote the whole cell',
  };
}

const MALFORMED: Readonly<Record<string, string>> = {
  CSV_QUOTE_NOT_CLOSED: 'a quoted cell must end with a quote, found the end of the file',
  CSV_INVALID_CLOSING_QUOTE: 'a closing quote must be followed by a separator or the end of the line',
  INVALID_OPENING_QUOTE: 'a quote must open a cell or stand inside a quoted one, found it in the middle of a cell',
};

const DELIMITERS = [',', ';', '\t'] as const;

/** The separator that occurs most in the header line, outside quotes; a comma when none does. `bytes`: the beginning of a file. */
export function detectDelimiter(bytes: Buffer): string {
  const text = bytes.toString('utf8', 0, 1 << 20).replace(/^\uFEFF?[\r\n]*/, '');
  const header = text.replace(/"[^"]*"/g, '').split(/[\r\n]/, 1)[0] ?? '';
  const counts = DELIMITERS.map((delimiter) => header.split(delimiter).length);
  return DELIMITERS[counts.indexOf(Math.max(...counts))] ?? ',';
}

function checkForm(csv: CsvFile): void {
  const { header, cells } = csv;
  if (header.every((name) => Number.isFinite(parseNumber(name)))) {
    throw new SweepError('data', {
      message: 'the first line must be a header with the names of the columns, found numbers only',
      position: csv.position(-1, 0),
      hint: 'put a line of names on top',
    });
  }
  const problems = new ProblemList();
  const firstOf = new Map<string, number>();
  header.forEach((name, column) => {
    const first = firstOf.get(name);
    const found =
      name === ''
        ? `column ${column + 1} has none`
        : `columns ${(first ?? 0) + 1} and ${column + 1} are both "${name}"`;
    if (name === '' || first !== undefined) {
      problems.add(() => ({
        message: `every column must have a name of its own, ${found}`,
        position: csv.position(-1, column),
      }));
    } else firstOf.set(name, column);
  });
  if (cells.length === 0) {
    problems.add(() => ({ message: 'must hold rows below the header, found none', position: { file: csv.file } }));
  }
  cells.forEach((row, index) => {
    if (row.length === header.length) return;
    problems.add(() => ({
      message: `every row must have ${counted(header.length, 'cell')} as the header has, found ${row.length}`,
      position: csv.position(index, Math.min(row.length - 1, header.length)),
    }));
  });
  problems.throwIfAny();
}

function problem(file: string, message: string, hint?: string): SweepError {
  return new SweepError('data', { message, position: { file }, ...(hint === undefined ? {} : { hint }) });
}
