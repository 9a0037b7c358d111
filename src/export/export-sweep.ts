/** Exports a sweep into a folder: tables, learning curves for TensorBoard, a model; all of it or nothing. */

import { readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { QueryResult } from '../../db/query.ts';
import type { Reader, SweepOverview } from '../../db/reader.ts';
import { ROW_FORMATS } from '../cli/row-formats.ts';
import { counted } from '../counted.ts';
import { packageVersion } from '../package-info.ts';
import { definitionText } from '../report/definition-text.ts';
import { writtenDefinition } from './config-definition.ts';
import { type ExportedFile, ExportFolder } from './export-folder.ts';
import { readConfigDefinition } from './read-config-definition.ts';
import { configRanges, type Table, tablesOf } from './rows/tables.ts';
import { writeTable } from './rows/write-table.ts';

export type ExportFormat = 'csv' | 'jsonl' | 'tensorboard' | 'tfjs' | 'keras';

export interface ExportRequest {
  /** As the user wrote it. */
  readonly database: string;
  readonly sweep: string;
  readonly to: string;
  readonly formats: readonly ExportFormat[];
  /** Of the model: `CONFIG/REPLICATE`; the best by default. */
  readonly trial?: string | undefined;
  /** How many configs TensorBoard gets, the best; by default all that it can show. */
  readonly top?: number | undefined;
  /** Told now and then what is being written, such as `learning_curves.csv: 1200000 rows`. */
  readonly onProgress: (text: string) => void;
  /** Ends it with nothing written. */
  readonly signal: AbortSignal;
}

export interface ExportedSweep {
  /** Written now, in the order of writing. */
  readonly files: readonly ExportedFile[];
  /** What was left out. */
  readonly notes: readonly string[];
}

/** @throws SweepError `usage` where something must not or cannot be written */
export async function exportSweep(reader: Reader, request: ExportRequest): Promise<ExportedSweep> {
  const sweep = reader.sweepNamed(request.sweep);
  const parts = request.formats.flatMap((format) => partsOf(format, reader, sweep, request));
  const all = [...definitionParts(reader, sweep), ...parts];
  const names = all.map(({ file }) => file);
  const folder = new ExportFolder(request.to, sweep.name, names);
  try {
    const files: ExportedFile[] = [];
    const notes: string[] = [];
    for (const part of all) {
      request.onProgress(part.file);
      const place = folder.place(part.file);
      const {
        rows,
        note,
        holds = part.holds,
      } = await part.write(place, (text) => {
        request.signal.throwIfAborted();
        request.onProgress(`${part.file}: ${text}`);
      });
      request.signal.throwIfAborted();
      if (note !== undefined) notes.push(note);
      files.push({ file: part.file, holds, bytes: sizeOf(place), rows, exported_at: new Date().toISOString() });
    }
    folder.finish({ nightsweep: packageVersion, sweep: sweep.name, hash: sweep.hash, files });
    return { files, notes };
  } finally {
    folder.discard();
  }
}

interface Written {
  readonly rows?: number;
  /** In place of what the part says. */
  readonly holds?: string;
  readonly note?: string | undefined;
}

/** A file or a folder of an export. */
interface Part {
  readonly file: string;
  readonly holds: string;
  readonly write: (place: string, onProgress: (text: string) => void) => Written | Promise<Written>;
}

function definitionParts(reader: Reader, sweep: SweepOverview): Part[] {
  const [best] = reader.leaderboard(sweep.name, 1);
  const definition: Part = {
    file: 'definition.yaml',
    holds: `the definition of the sweep; files that it names lie beside ${sweep.file}`,
    write: (place) => {
      writeFileSync(place, definitionText(writtenDefinition(sweep.definition)));
      return {};
    },
  };
  if (!best) return [definition];
  const own: Part = {
    file: 'best.yaml',
    holds: 'the best config as a definition that can be run',
    write: (place) => {
      writeFileSync(place, readConfigDefinition(reader, sweep.name, best.config, 'best').yaml);
      return {};
    },
  };
  return [definition, own];
}

function partsOf(format: ExportFormat, reader: Reader, sweep: SweepOverview, request: ExportRequest): Part[] {
  switch (format) {
    case 'csv':
    case 'jsonl':
      return tablesOf(sweep.name).map((table) => tablePart(table, format, reader, sweep));
    case 'tensorboard':
      return [tensorBoardPart(reader, sweep, request.top)];
    case 'tfjs':
    case 'keras':
      return [modelPart(format, reader, request)];
  }
}

function tablePart(table: Table, format: 'csv' | 'jsonl', reader: Reader, sweep: SweepOverview): Part {
  const { name, holds, query, split } = table;
  const everything = { first: 0, last: sweep.configs - 1 };
  const ranges = split ? configRanges(sweep.configs, sweep.epochs) : [everything];
  return {
    file: `${name}.${format}`,
    holds,
    write: async (place, onProgress) => {
      const results = resultsOf(reader, ranges.map(query));
      const rowFormat = format === 'csv' ? ROW_FORMATS.csv : ROW_FORMATS.ndjson;
      const rows = await writeTable(place, results, rowFormat, (count) => onProgress(counted(count, 'row')));
      return { rows };
    },
  };
}

/** Each query is made when its turn has come. */
function* resultsOf(reader: Reader, queries: readonly string[]): Generator<QueryResult> {
  for (const query of queries) yield reader.query(query);
}

function tensorBoardPart(reader: Reader, sweep: SweepOverview, top: number | undefined): Part {
  return {
    file: 'tensorboard',
    holds: 'learning curves, and a table of settings with results',
    write: async (place, onProgress) => {
      const { defaultTop, writeTensorBoard } = await import('./tensorboard/write-tensorboard.ts');
      const limit = top ?? defaultTop(sweep);
      const { configs, trials } = await writeTensorBoard(reader, sweep, {
        folder: place,
        top: limit,
        onTrials: (count) => onProgress(counted(count, 'trial')),
      });
      const isCut = limit < sweep.configs;
      return {
        holds: `learning curves and results of ${counted(trials, 'trial')}, for TensorBoard`,
        note: isCut
          ? `tensorboard holds the best ${configs} of ${sweep.configs} configs; --top writes more, or fewer`
          : undefined,
      };
    },
  };
}

function modelPart(format: 'tfjs' | 'keras', reader: Reader, { database, sweep, trial }: ExportRequest): Part {
  return {
    file: format,
    holds: 'a model',
    write: async (place, onProgress) => {
      const [{ chosenTrial }, { openModel }, { exportModel }] = await Promise.all([
        import('./chosen-trial.ts'),
        import('./open-model.ts'),
        import('./model.ts'),
      ]);
      const { id, config, replicate } = chosenTrial(reader, trial === undefined ? sweep : `${sweep}/${trial}`);
      const model = await openModel({ database, trial: id, onTrain: () => onProgress('training it again') });
      try {
        await exportModel(model, format, place);
      } finally {
        model.close();
      }
      const kind = format === 'tfjs' ? 'for tf.loadLayersModel' : 'for keras.models.load_model';
      return { holds: `the model of trial ${config}/${replicate}, ${kind}` };
    },
  };
}

/** Of a file, or of all files of a folder. */
function sizeOf(path: string): number {
  const stats = statSync(path);
  if (!stats.isDirectory()) return stats.size;
  return readdirSync(path).reduce((sum, name) => sum + sizeOf(join(path, name)), 0);
}
