/** The action of `nightsweep export`: writes, says what it writes, and what to do with it. */

import { join } from 'node:path';
import { Reader } from '../../db/reader.ts';
import { formatBytes, formatCount } from '../dashboard/format.ts';
import { SweepError } from '../errors.ts';
import { type ExportedSweep, exportSweep } from '../export/export-sweep.ts';
import type { ExportFormat } from '../export/parts.ts';
import { paperForStdout } from './text/paint.ts';
import { shellWord } from './text/shell-word.ts';
import { formatTable } from './text/table.ts';

export interface ExportOptions {
  readonly db: string;
  readonly to?: string;
  readonly format: readonly ExportFormat[];
  readonly trial?: string;
  readonly top?: number;
}

/** Errors: `SweepError` `usage` where something must not or cannot be written; then nothing was. */
export async function printExport(sweep: string, { db, to, format, trial, top }: ExportOptions): Promise<void> {
  if (trial !== undefined && !format.some((name) => name === 'tfjs' || name === 'keras')) {
    throw unused('--trial', 'tfjs or keras');
  }
  if (top !== undefined && !format.includes('tensorboard')) throw unused('--top', 'tensorboard');
  const folder = to ?? `${sweep}-export`;
  const reader = Reader.open(db);
  const progress = new ProgressLine();
  const interruption = new AbortController();
  const interrupt = (): void => interruption.abort();
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
  try {
    const exported = await exportSweep(reader, {
      database: db,
      sweep,
      to: folder,
      formats: format,
      trial,
      top,
      onProgress: (text) => progress.show(text),
      signal: interruption.signal,
    });
    progress.clear();
    process.stdout.write(reportOf(folder, exported, format, reader.sweepNamed(sweep).live));
  } catch (error) {
    progress.clear();
    if (!interruption.signal.aborted) throw error;
    process.stderr.write('Interrupted: nothing was written.\n');
    process.exitCode = 130;
  } finally {
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
    reader.close();
  }
}

function unused(option: string, formats: string): SweepError {
  return new SweepError('usage', {
    message: `${option} must have a --format of ${formats}`,
    hint: 'name it, or leave the option out',
  });
}

/** The column that may be cut to fit the terminal. */
const HOLDS = 3;

function reportOf(
  folder: string,
  { files, notes }: ExportedSweep,
  formats: readonly ExportFormat[],
  isLive: boolean,
): string {
  const { width, paint } = paperForStdout();
  const rows = files.map(({ file, rows: count, bytes, holds }) => [
    file,
    count === undefined ? null : formatCount(count),
    formatBytes(bytes),
    holds,
  ]);
  const running = isLive ? ['the sweep is running: what is written is what was there'] : [];
  const remarks = [...notes, ...running].map((note) => `Note: ${note}\n`);
  const table = formatTable(['file', 'rows', 'size', 'holds'], rows, { width, paint, soft: [HOLDS] });
  return `Wrote ${folder}:\n\n${table}\n${remarks.join('')}${nextSteps(folder, formats)}`;
}

function nextSteps(folder: string, formats: readonly ExportFormat[]): string {
  const at = (name: string): string => shellWord(join(folder, name));
  const steps = formats.map((format) => {
    switch (format) {
      case 'csv':
        return `In Python: pandas.read_csv(${JSON.stringify(join(folder, 'trials.csv'))})`;
      case 'jsonl':
        return `In Python: pandas.read_json(${JSON.stringify(join(folder, 'trials.jsonl'))}, lines=True)`;
      case 'tensorboard':
        return `To look at it: tensorboard --logdir ${at('tensorboard')}`;
      case 'tfjs':
        return `In JavaScript: await tf.loadLayersModel(${JSON.stringify(`file://${join(folder, 'tfjs', 'model.json')}`)})`;
      case 'keras':
        return `In Python: keras.models.load_model(${JSON.stringify(join(folder, 'keras', 'model.h5'))})`;
    }
  });
  return steps.map((step) => `${step}\n`).join('');
}

/** Milliseconds between two drawings. */
const PACE = 100;
const CLEAR = '\r\u001b[K';

/** What is going on, on a line that is drawn over; nothing where stderr is no terminal. */
class ProgressLine {
  #drawn = 0;

  show(text: string): void {
    const now = Date.now();
    if (!process.stderr.isTTY || now - this.#drawn < PACE) return;
    this.#drawn = now;
    process.stderr.write(`${CLEAR}${text}`);
  }

  clear(): void {
    if (this.#drawn > 0) process.stderr.write(CLEAR);
  }
}
