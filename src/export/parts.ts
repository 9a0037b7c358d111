/** The files and folders that an export is made of, by format. */

import { writeFileSync } from 'node:fs';
import type { QueryResult } from '../../db/query.ts';
import type { Reader, SweepOverview } from '../../db/reader.ts';
import { ROW_FORMATS } from '../row-formats.ts';
import { counted } from '../counted.ts';
import { definitionText } from '../report/definition-text.ts';
import { writtenDefinition } from './config-definition.ts';
import { readConfigDefinition } from './read-config-definition.ts';
import { configRanges, type Table, tablesOf } from './rows/tables.ts';
import { writeTable } from './rows/write-table.ts';
import type { SharedModel } from './shared-model.ts';

export type ExportFormat = 'csv' | 'jsonl' | 'tensorboard' | 'tfjs' | 'keras';

/** What a part has become. */
interface Written {
  readonly holds: string;
  /** Of a table. */
  readonly rows?: number;
  /** What was left out, or is not as one would expect. */
  readonly note?: string | undefined;
}

/** A file or a folder of an export. */
export interface Part {
  readonly file: string;
  readonly write: (place: string, onProgress: (text: string) => void) => Written | Promise<Written>;
}

export function definitionParts(reader: Reader, sweep: SweepOverview): Part[] {
  const [best] = reader.leaderboard(sweep.name, 1);
  const definition: Part = {
    file: 'definition.yaml',
    write: (place) => {
      writeFileSync(place, definitionText(writtenDefinition(sweep.definition)));
      return { holds: `the definition of the sweep; its files lie beside ${sweep.file}` };
    },
  };
  if (!best) return [definition];
  const own: Part = {
    file: 'best.yaml',
    write: (place) => {
      writeFileSync(place, readConfigDefinition(reader, sweep.name, best.config, 'best').yaml);
      return { holds: 'the best config as a definition that can be run' };
    },
  };
  return [definition, own];
}

export function partsOf(
  format: ExportFormat,
  reader: Reader,
  sweep: SweepOverview,
  top: number | undefined,
  model: SharedModel,
): Part[] {
  switch (format) {
    case 'csv':
    case 'jsonl':
      return tablesOf(sweep.name).map((table) => tablePart(table, format, reader, sweep));
    case 'tensorboard':
      return [tensorBoardPart(reader, sweep, top)];
    case 'tfjs':
    case 'keras':
      return [modelPart(format, model)];
  }
}

function tablePart(table: Table, format: 'csv' | 'jsonl', reader: Reader, sweep: SweepOverview): Part {
  const { name, holds, query, split } = table;
  const everything = { first: 0, last: sweep.configs - 1 };
  const ranges = split ? configRanges(sweep.configs, sweep.epochs) : [everything];
  return {
    file: `${name}.${format}`,
    write: async (place, onProgress) => {
      const results = resultsOf(reader, ranges.map(query));
      const rowFormat = format === 'csv' ? ROW_FORMATS.csv : ROW_FORMATS.ndjson;
      const rows = await writeTable(place, results, rowFormat, (count) => onProgress(counted(count, 'row')));
      return { holds, rows };
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
    write: async (place, onProgress) => {
      const { defaultTop, writeTensorBoard } = await import('./tensorboard/write-tensorboard.ts');
      const limit = top ?? defaultTop(sweep);
      const { configs, trials } = await writeTensorBoard(reader, sweep, {
        folder: place,
        top: limit,
        onTrials: (count) => onProgress(counted(count, 'trial')),
      });
      const chosen = sweep.baseline === null ? 'the best' : 'the best and the baseline';
      return {
        holds: `learning curves and results of ${counted(trials, 'trial')}, for TensorBoard`,
        note:
          limit < sweep.configs
            ? `tensorboard holds ${configs} of ${counted(sweep.configs, 'config')}, ${chosen}; --top N writes more, or fewer`
            : undefined,
      };
    },
  };
}

function modelPart(format: 'tfjs' | 'keras', model: SharedModel): Part {
  return {
    file: format,
    write: async (place, onProgress) => {
      const [{ exportModel }, { remarkOn }] = await Promise.all([import('./model.ts'), import('./trained-model.ts')]);
      const { opened, trial } = await model.open(() => onProgress('training it again'));
      await exportModel(opened, format, place);
      const kind = format === 'tfjs' ? 'for tf.loadLayersModel' : 'for keras.models.load_model';
      return { holds: `the model of trial ${trial.config}/${trial.replicate}, ${kind}`, note: remarkOn(opened.model) };
    },
  };
}
