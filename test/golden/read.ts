/** Reads a golden file: a trajectory, or a table. */

import { z } from 'zod';
import { readCase, type GoldenCase, type Refused } from './case.ts';
import { initializerRows } from './initializer-table.ts';
import { noiseRows } from './noise-table.ts';
import { scheduleRows } from './schedule-table.ts';
import { stoppingRows } from './stopping-table.ts';
import type { TableEntry } from './table.ts';

export interface GoldenTable {
  readonly name: string;
  readonly rows: readonly TableEntry[];
}

const TABLES: Readonly<Record<string, (json: unknown) => readonly TableEntry[]>> = {
  initializers: initializerRows,
  'noise-layers': noiseRows,
  schedules: (json) => [...scheduleRows(json), ...stoppingRows(json)],
};

export function readGolden(json: unknown): GoldenCase | GoldenTable | Refused {
  const { name } = z.object({ name: z.string() }).parse(json);
  const rows = TABLES[name];
  return rows ? { name, rows: rows(json) } : readCase(json);
}
