/** Exports of a sweep: what the tables hold, and what happens to what is in the folder already. */

import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { QueryResult } from '../../db/query.ts';
import { Reader } from '../../db/reader.ts';
import { ROW_FORMATS } from '../../src/row-formats.ts';
import { exportSweep } from '../../src/export/export-sweep.ts';
import type { ExportFormat } from '../../src/export/parts.ts';
import { configRanges, tablesOf } from '../../src/export/rows/tables.ts';
import { writeTable } from '../../src/export/rows/write-table.ts';
import { emptyFolder } from '../empty-folder.ts';
import { sampleDatabase } from './sample-export.ts';

const database = sampleDatabase(emptyFolder());
let reader: Reader;
beforeAll(() => void (reader = Reader.open(database)));
afterAll(() => reader.close());

interface Wishes {
  readonly formats?: readonly ExportFormat[];
  readonly sweep?: string;
  readonly from?: Reader;
  readonly onProgress?: (text: string) => void;
  readonly signal?: AbortSignal;
}

async function exportTo(to: string, wishes: Wishes = {}): Promise<readonly string[]> {
  const { formats = ['csv'], sweep = 'moons', from = reader, onProgress = () => {}, signal } = wishes;
  const request = { database, sweep, to, formats, onProgress, signal: signal ?? new AbortController().signal };
  const { files } = await exportSweep(from, request);
  return files.map(({ file }) => file);
}

function text(...path: readonly string[]): string {
  return readFileSync(join(...path), 'utf8');
}

/** All that lies in a folder, by name. */
function contents(folder: string): Readonly<Record<string, string>> {
  return Object.fromEntries(readdirSync(folder).map((name) => [name, text(folder, name)]));
}

describe('tables', () => {
  test('have the parameters and the metrics of the sweep as columns, and numbers as SQL has them', async () => {
    const to = join(emptyFolder(), 'out');
    await exportTo(to);
    expect(text(to, 'trials.csv')).toMatchInlineSnapshot(`
      "config,replicate,state,l2,optimizer,momentum,failure_kind,stop_reason,epochs,kept_epoch,objective,generalisation_gap,train_loss,train_data_loss,train_accuracy,test_loss,test_data_loss,test_accuracy
      0,0,completed,0,sgd,0.9,,epochs,10,10,0.765625,0.234375,0.1,,1,0.2,,0.765625
      0,1,completed,0,sgd,0.9,,epochs,10,10,0.8125,0.1875,0.1,,1,0.2,,0.8125
      1,0,completed,0.001,adam,,,epochs,10,10,0.78125,0.21875,0.1,,1,0.2,,0.78125
      1,1,failed,0.001,adam,,diverged,,3,,,,,,,,,
      2,0,completed,0.002,sgd,0.9,,epochs,10,10,0.796875,0.203125,0.1,,1,0.2,,0.796875
      2,1,running,0.002,sgd,0.9,,,2,,,,,,,,,
      "
    `);
    const [first, second] = text(to, 'learning_curves.csv').split('\n');
    expect([first, second]).toMatchInlineSnapshot(`
      [
        "config,replicate,epoch,l2,optimizer,momentum,train_loss,train_data_loss,train_accuracy,test_loss,test_data_loss,test_accuracy",
        "0,0,1,0,sgd,0.9,1,,0,2,,-1",
      ]
    `);
    expect(text(to, 'failures.csv')).toMatchInlineSnapshot(`
      "sweep,config,replicate,trial,failure_kind,epoch,last_loss,message,advice,attempts,params,stack
      moons,1,1,5,diverged,3,12.5,the training loss is not finite,lower the learning rate,1,"{""l2"":0.001,""optimizer"":""adam""}",
      "
    `);
  });

  test('hold the same as JSON lines as they do as CSV', async () => {
    const to = join(emptyFolder(), 'out');
    const files = await exportTo(to, { formats: ['csv', 'jsonl'] });
    const tables = files.filter((file) => file.endsWith('.csv')).map((file) => file.slice(0, -'.csv'.length));
    expect(tables).toMatchInlineSnapshot(`
      [
        "trials",
        "learning_curves",
        "leaderboard",
        "comparisons",
        "main_effects",
        "parameter_importance",
        "layer_history",
        "attempts",
        "failures",
      ]
    `);
    for (const table of tables) {
      const fromCsv: Record<string, string>[] = parse(text(to, `${table}.csv`), { columns: true });
      const fromJson = text(to, `${table}.jsonl`)
        .split('\n')
        .filter((line) => line !== '')
        .map((line): Record<string, unknown> => JSON.parse(line));
      const asText = fromJson.map((row) =>
        Object.fromEntries(Object.entries(row).map(([column, value]) => [column, value === null ? '' : String(value)])),
      );
      expect(asText).toEqual(fromCsv);
    }
  });

  test('that are read in pieces have every row once, in order', async () => {
    const folder = emptyFolder();
    for (const { name, query } of tablesOf('moons').filter((table) => table.split)) {
      const pieces = [0, 1, 2].map((config) => query({ first: config, last: config }));
      const counts: number[] = [];
      const file = join(folder, `${name}.csv`);
      const rows = await writeTable(file, queried(pieces), ROW_FORMATS.csv, (count) => counts.push(count));
      const whole = join(folder, `${name}-whole.csv`);
      await writeTable(whole, queried([query({ first: 0, last: 2 })]), ROW_FORMATS.csv, () => {});
      expect(text(file)).toBe(text(whole));
      expect(counts).toHaveLength(3);
      expect(counts.at(-1)).toBe(rows);
    }
  });
});

function* queried(queries: Iterable<string>): Generator<QueryResult> {
  for (const query of queries) yield reader.query(query);
}

test('ranges of configs hold each config once, in order, and no more epochs than a query may read', () => {
  const sizes = fc.record({ configs: fc.integer({ min: 1, max: 500 }), epochs: fc.integer({ min: 0, max: 1e8 }) });
  fc.assert(
    fc.property(sizes, ({ configs, epochs }) => {
      const ranges = configRanges(configs, epochs);
      const ordinals = ranges.flatMap(({ first, last }) =>
        Array.from({ length: last - first + 1 }, (_, index) => first + index),
      );
      expect(ordinals).toEqual(Array.from({ length: configs }, (_, ordinal) => ordinal));
      const perConfig = epochs / configs;
      const sizesOf = ranges.map(({ first, last }) => last - first + 1);
      expect(sizesOf.every((size) => size === 1 || size * perConfig <= 100_000)).toBe(true);
    }),
  );
});

describe('the folder', () => {
  test('gets what says what each file is, and the definition', async () => {
    const to = join(emptyFolder(), 'deep', 'out');
    const files = await exportTo(to);
    expect(readdirSync(to).toSorted()).toEqual(['export.json', ...files].toSorted());
    const manifest = JSON.parse(text(to, 'export.json'));
    expect(manifest).toMatchObject({ sweep: 'moons', hash: 'abc' });
    expect(manifest.files.map(({ file }: { file: string }) => file)).toEqual(files);
    expect(manifest.files.find(({ file }: { file: string }) => file === 'trials.csv')).toMatchObject({
      rows: 6,
      bytes: Buffer.byteLength(text(to, 'trials.csv')),
    });
    expect(text(to, 'definition.yaml')).toContain('name: moons\n');
    expect(text(to, 'best.yaml')).toContain('name: moons-best\n');
  });

  test('keeps what is not ours, and what an earlier export in another format has made', async () => {
    const to = emptyFolder();
    writeFileSync(join(to, 'notes.txt'), 'mine');
    await exportTo(to, { formats: ['csv'] });
    writeFileSync(join(to, 'trials.csv'), 'older');
    await exportTo(to, { formats: ['jsonl'] });
    expect(contents(to)).toMatchObject({ 'notes.txt': 'mine', 'trials.csv': 'older' });
    await exportTo(to, { formats: ['csv'] });
    expect(contents(to)['trials.csv']).toMatch(/^config,replicate,/);
    const { files } = JSON.parse(text(to, 'export.json'));
    const names = files.map(({ file }: { file: string }) => file);
    expect(names).toHaveLength(new Set(names).size);
    expect(names).toEqual(expect.arrayContaining(['trials.csv', 'trials.jsonl']));
  });

  test('is refused where a file of its name is not ours, where it is of another sweep, or is a file; nothing changes', async () => {
    const foreign = emptyFolder();
    writeFileSync(join(foreign, 'trials.csv'), 'mine');
    await expect(exportTo(foreign)).rejects.toThrow(
      'must be a folder that an export may fill, but trials.csv is there, and no export has made it',
    );
    expect(contents(foreign)).toEqual({ 'trials.csv': 'mine' });

    const other = emptyFolder();
    const manifest = JSON.stringify({ nightsweep: '0.1.0', sweep: 'circles', hash: 'x', files: [] });
    writeFileSync(join(other, 'export.json'), manifest);
    await expect(exportTo(other)).rejects.toThrow('it holds an export of sweep circles');
    expect(contents(other)).toEqual({ 'export.json': manifest });

    const file = join(emptyFolder(), 'file');
    writeFileSync(file, 'mine');
    await expect(exportTo(file)).rejects.toThrow('it is a file');
    expect(text(file)).toBe('mine');
  });

  test('is as it was, and has no new neighbour, where the export is interrupted or fails', async () => {
    const place = emptyFolder();
    const to = join(place, 'out');
    const interruption = new AbortController();
    const interrupt = (said: string): void => {
      if (said.startsWith('leaderboard.csv')) interruption.abort();
    };
    await expect(exportTo(to, { onProgress: interrupt, signal: interruption.signal })).rejects.toThrow(/abort/i);
    expect(readdirSync(place)).toEqual([]);

    mkdirSync(to);
    writeFileSync(join(to, 'notes.txt'), 'mine');
    const again = { onProgress: interrupt, signal: interruption.signal };
    await expect(exportTo(to, again)).rejects.toThrow(/abort/i);
    await expect(exportTo(to, { sweep: 'mons' })).rejects.toThrow("there is no sweep 'mons'");
    expect(contents(to)).toEqual({ 'notes.txt': 'mine' });
    expect(readdirSync(place)).toEqual(['out']);
  });
});
