/** What a query finds in a database's file, for tests. */

import { Reader } from '../../db/reader.ts';

/** Objects by column name, integers as numbers. */
export function rowsOf(file: string, sql: string): Record<string, unknown>[] {
  const reader = Reader.open(file);
  try {
    const { columns, rows } = reader.query(sql);
    return [...rows].map((row) => Object.fromEntries(columns.map((name, index) => [name, plain(row[index])])));
  } finally {
    reader.close();
  }
}

function plain(value: unknown): unknown {
  return typeof value === 'bigint' ? Number(value) : value;
}
