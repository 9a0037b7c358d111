/** Exports a sweep into a folder: tables, learning curves for TensorBoard, a model; all of it or nothing. */

import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Reader, SweepOverview } from '../../db/reader.ts';
import { packageVersion } from '../package-info.ts';
import { type ExportedFile, ExportFolder } from './export-folder.ts';
import { definitionParts, type ExportFormat, partsOf } from './parts.ts';
import { SharedModel } from './shared-model.ts';

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
  const model = new SharedModel(reader, request);
  const parts = request.formats.flatMap((format) => partsOf(format, reader, sweep, request.top, model));
  const all = [...definitionParts(reader, sweep), ...parts];
  const names = all.map(({ file }) => file);
  const folder = new ExportFolder(request.to, sweep.name, names);
  try {
    const files: ExportedFile[] = [];
    const notes = hasTables(request.formats) && isBehind(reader, sweep) ? [BEHIND] : [];
    for (const part of all) {
      request.onProgress(part.file);
      const place = folder.place(part.file);
      const onProgress = (text: string): void => {
        request.signal.throwIfAborted();
        request.onProgress(`${part.file}: ${text}`);
      };
      const { holds, rows, note } = await part.write(place, onProgress);
      request.signal.throwIfAborted();
      if (note !== undefined) notes.push(note);
      files.push({ file: part.file, holds, bytes: sizeOf(place), rows, exported_at: new Date().toISOString() });
    }
    folder.finish({ nightsweep: packageVersion, sweep: sweep.name, hash: sweep.hash, files });
    return { files, notes };
  } finally {
    model.close();
    folder.discard();
  }
}

const BEHIND =
  'intervals, comparisons and effects rest on fewer results than there are; they catch up when the sweep goes on';

function hasTables(formats: readonly ExportFormat[]): boolean {
  return formats.some((format) => format === 'csv' || format === 'jsonl');
}

/** Whether the analysis in the database is older than the results. */
function isBehind(reader: Reader, { name, states }: SweepOverview): boolean {
  const [row] = reader.query(`SELECT stale FROM sweep_analyses WHERE sweep = '${name}'`).rows;
  return row === undefined ? states.completed > 0 : row[0] === 1n;
}

/** Of a file, or of all files of a folder. */
function sizeOf(path: string): number {
  const stats = statSync(path);
  if (!stats.isDirectory()) return stats.size;
  return readdirSync(path).reduce((sum, name) => sum + sizeOf(join(path, name)), 0);
}
