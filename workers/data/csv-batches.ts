/** Reads a delimited text file of any length batch by batch, in the form that `readCsv` takes. */

import { CsvError, parse, type Parser } from 'csv-parse';
import { counted } from '../../src/counted.ts';
import { SweepError, type Problem } from '../../src/errors.ts';
import { PARSING, detectDelimiter, malformed } from './csv-file.ts';

export interface CsvBatch {
  /** Column names without blanks around them. */
  readonly header: readonly string[];
  /** [rows][columns]: text as it stands, quotes resolved; every row is as long as the header. */
  readonly rows: readonly (readonly string[])[];
  /** The line of the file at which each row ends, from 1. */
  readonly lines: readonly number[];
}

/**
 * At least one batch, which is empty where there are no rows.
 * @param file its name, for messages
 * @throws SweepError 'data' that names the line
 */
export async function* csvBatches(
  file: string,
  source: AsyncIterable<Buffer>,
  size: number,
): AsyncGenerator<CsvBatch, void, undefined> {
  let header: readonly string[] | undefined;
  let rows: string[][] = [];
  let lines: number[] = [];
  for await (const { record, line } of records(file, source)) {
    if (!header) {
      header = record.map((name) => name.trim());
      continue;
    }
    if (record.length !== header.length) {
      const wanted = counted(header.length, 'cell');
      throw at(file, line, { message: `every row must have ${wanted} as the header has, found ${record.length}` });
    }
    rows.push(record);
    lines.push(line);
    if (rows.length < size) continue;
    yield { header, rows, lines };
    [rows, lines] = [[], []];
  }
  if (!header) throw new SweepError('data', { position: { file }, message: 'must hold a header line, found none' });
  yield { header, rows, lines };
}

interface CsvRecord {
  readonly record: string[];
  readonly line: number;
}

async function* records(file: string, source: AsyncIterable<Buffer>): AsyncGenerator<CsvRecord, void, undefined> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let parser: Parser | undefined;
  const found: CsvRecord[] = [];
  try {
    for await (const chunk of source) {
      parser ??= parserInto(found, detectDelimiter(chunk));
      const text = decoder.decode(chunk, { stream: true });
      await new Promise<void>((resolve, reject) => parser!.write(text, (error) => (error ? reject(error) : resolve())));
      yield* found.splice(0);
    }
    if (!parser) return;
    await new Promise<void>((resolve, reject) => parser!.once('error', reject).end(resolve));
    yield* found.splice(0);
  } catch (error) {
    if (error instanceof CsvError) throw at(file, Number(error['lines']), malformed(error));
    if (!(error instanceof TypeError)) throw error;
    throw new SweepError('data', {
      position: { file },
      message: 'must be UTF-8 text, found bytes that are not',
      hint: 'save it as "CSV UTF-8"',
    });
  }
}

/** Pushes records as they are complete. */
function parserInto(found: CsvRecord[], delimiter: string): Parser {
  const parser = parse({
    ...PARSING,
    delimiter,
    on_record: (record: string[], { lines }) => {
      found.push({ record, line: lines });
      // Nothing is left to be read from the parser itself.
      return null;
    },
  });
  parser.on('error', () => {});
  return parser.resume();
}

function at(file: string, line: number, problem: Problem): SweepError {
  return new SweepError('data', { ...problem, position: { file, line } });
}
