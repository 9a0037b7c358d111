/** The action of `nightsweep predict`: reads batches of rows, asks the network, and writes the rows with its predictions. */

import { createReadStream, createWriteStream, renameSync, rmSync } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import type { SqlValue } from '../../db/query.ts';
import { Reader } from '../../db/reader.ts';
import { isMissing, parseNumber } from '../../workers/data/cells.ts';
import { csvBatches, type CsvBatch } from '../../workers/data/csv-batches.ts';
import type { BackendName } from '../../workers/protocol.ts';
import { counted } from '../counted.ts';
import { formatDuration, formatMeasure } from '../dashboard/format.ts';
import { SweepError } from '../errors.ts';
import { chosenTrial } from '../export/chosen-trial.ts';
import { checkFree, rowEncoder } from '../export/input-rows.ts';
import { openModel, type OpenModel } from '../export/open-model.ts';
import { predictionsOf, scoreOf, type Prediction, type Score } from '../export/predictions.ts';
import type { Preprocessing } from '../export/preprocessing.ts';
import { remarkOn } from '../export/trained-model.ts';
import { ROW_FORMATS } from '../row-formats.ts';

export interface PredictOptions {
  readonly db: string;
  readonly input: string;
  readonly output?: string;
  readonly format: keyof typeof ROW_FORMATS;
  readonly backend?: BackendName;
}

/** Rows that are read and predicted at a time: memory does not grow with the file. */
const BATCH = 1024;

/** Errors: `SweepError`, such as `data` for a row that cannot be used. */
export async function printPredictions(subject: string, options: PredictOptions): Promise<void> {
  const open = await openSubject(subject, options);
  try {
    const score = scoreOf(open.model.preprocessing);
    const tally = { unpredicted: 0 };
    await write(options.output, predictedText(open, options, score, tally));
    if (tally.unpredicted > 0) say(`${counted(tally.unpredicted, 'row')} with a missing value without a prediction`);
    const metrics = Object.entries(score.metrics()).map(([name, value]) => `${name} ${formatMeasure(value)}`);
    if (metrics.length > 0) say(`${metrics.join(', ')} over ${counted(score.rows, 'row')} with a target`);
  } finally {
    open.close();
  }
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

async function openSubject(subject: string, { db, backend }: PredictOptions): Promise<OpenModel> {
  const reader = Reader.open(db);
  let trial: ReturnType<typeof chosenTrial>;
  try {
    trial = chosenTrial(reader, subject);
  } finally {
    reader.close();
  }
  const place = `${trial.sweep}/${trial.config}/${trial.replicate}`;
  const open = await openModel({
    database: db,
    trial: trial.id,
    backend,
    onTrain: (seconds) => {
      const took = seconds < 1 ? '' : `; it took ${formatDuration(seconds)}`;
      say(`training ${place} again: its weights were not kept${took}`);
    },
  });
  say(`predicting with ${place}, as it was after epoch ${open.model.keptEpoch}`);
  const remark = remarkOn(open.model);
  if (remark !== undefined) say(`warning: ${remark}`);
  return open;
}

/** A file appears under its name when all of it is there. */
async function write(file: string | undefined, pieces: AsyncIterable<string>): Promise<void> {
  if (file === undefined) {
    await pipeline(pieces, process.stdout, { end: false });
    return;
  }
  const part = `${file}.part`;
  try {
    await pipeline(pieces, createWriteStream(part));
    renameSync(part, file);
  } catch (error) {
    rmSync(part, { force: true });
    if (error instanceof SweepError) throw error;
    const message = `must be a file that can be written: ${error instanceof Error ? error.message : String(error)}`;
    throw new SweepError('usage', { position: { file }, message });
  }
}

/** The text of all rows. */
async function* predictedText(
  open: OpenModel,
  { input, format }: PredictOptions,
  score: Score,
  tally: { unpredicted: number },
): AsyncGenerator<string, void, undefined> {
  const { preprocessing } = open.model;
  const { columns, row: readOutputs } = predictionsOf(preprocessing.target);
  const { head, row: rowText, tail } = ROW_FORMATS[format];
  const name = input === '-' ? 'stdin' : input;
  let layout: ReturnType<typeof layOut> | undefined;
  let rows = 0;
  for await (const batch of csvBatches(name, inputOf(input), BATCH)) {
    const isFirst = !layout;
    layout ??= layOut(batch, preprocessing, columns, { format, name });
    const { inputs, indices } = layout.encode(batch);
    // Nothing is printed where the first rows cannot be used.
    if (isFirst) yield head([...batch.header, ...columns]);
    const outputs = indices.length === 0 ? new Float32Array() : await open.predict(inputs);
    const width = outputs.length / indices.length;
    const predictions = new Map<number, readonly Prediction[]>(
      indices.map((row, at) => [row, readOutputs(outputs.subarray(at * width, (at + 1) * width))]),
    );
    const { cells, target } = layout;
    const text = batch.rows.map((row, index) => {
      const predicted = predictions.get(index);
      if (predicted && target !== -1) score.add(predicted[0]!, row[target]!);
      const values: readonly SqlValue[] = [...cells(row), ...(predicted ?? columns.map(() => null))];
      return rowText([...batch.header, ...columns], values, rows + index);
    });
    rows += batch.rows.length;
    tally.unpredicted += batch.rows.length - indices.length;
    yield text.join('');
  }
  yield tail(rows);
}

/** Errors in opening or reading are of the input, whoever asked for it. */
async function* inputOf(input: string): AsyncGenerator<Buffer, void, undefined> {
  try {
    for await (const chunk of input === '-' ? process.stdin : createReadStream(input)) yield chunk as Buffer;
  } catch (error) {
    const message = `must be a file that can be read: ${error instanceof Error ? error.message : String(error)}`;
    throw new SweepError('data', { position: { file: input }, message });
  }
}

interface Layout {
  readonly encode: ReturnType<typeof rowEncoder>;
  /** A row as it is printed before its predictions. */
  readonly cells: (row: readonly string[]) => readonly SqlValue[];
  /** Column of the target; -1 where there is none. */
  readonly target: number;
}

function layOut(
  { header }: CsvBatch,
  preprocessing: Preprocessing,
  predicted: readonly string[],
  { format, name: file }: { readonly format: PredictOptions['format']; readonly name: string },
): Layout {
  checkFree(header, predicted);
  const { columns, target } = preprocessing;
  const numeric = new Set(columns.flatMap(({ name, kind }) => (kind === 'number' ? [name] : [])));
  if (target.kind === 'number') numeric.add(target.name);
  // CSV has no types: cells stay as they are written.
  const cell = (text: string, column: number): SqlValue => {
    if (format === 'csv') return text === '' ? null : text;
    if (isMissing(text)) return null;
    const value = numeric.has(header[column]!) ? parseNumber(text) : NaN;
    return Number.isNaN(value) ? text : value;
  };
  return {
    encode: rowEncoder(preprocessing, header, file),
    cells: (row) => row.map(cell),
    target: header.indexOf(target.name),
  };
}
