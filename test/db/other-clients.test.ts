/** Other programs get the same answers from the file as `nightsweep sql`, as far as they are here. */

import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { Reader } from '../../db/reader.ts';
import { builtInQueries } from '../../db/saved-queries.ts';
import { Store } from '../../db/store.ts';
import { SHARED_VIEWS } from '../../src/sql-names.ts';
import { writeExample } from './example-sweep.ts';
import { emptyFolder } from '../empty-folder.ts';

interface Asked {
  readonly sql: string;
  readonly parameters: Readonly<Record<string, string | number>>;
}

/** Reads questions from standard input, and writes the rows of each. */
const PYTHON = `
import json, sqlite3, sys
connection = sqlite3.connect(f"file:{sys.argv[1]}?mode=ro", uri=True)
asked = json.load(sys.stdin)
json.dump([connection.execute(each["sql"], each["parameters"]).fetchall() for each in asked], sys.stdout)
`;

const hasPython = spawnSync('python3', ['-c', 'import sqlite3']).status === 0;
const hasShell = spawnSync('sqlite3', ['--version']).status === 0;

let file: string;
/** All that is documented: the named queries, every view, and those of a sweep. */
let questions: Asked[];

beforeAll(() => {
  file = join(emptyFolder(), 'a.db');
  const store = Store.open(file, () => Date.UTC(2026, 0, 31));
  writeExample(store);
  store.close();
  const values = { sweep: 'moons', config: 4, other: 0, parameter: 'optimizer', first: 'optimizer', second: 'dropout' };
  const reader = Reader.open(file);
  questions = [
    ...builtInQueries().map(({ query }) => ({
      sql: query,
      parameters: Object.fromEntries(
        Object.entries(values).filter(([name]) => reader.queryParameters(query).includes(name)),
      ),
    })),
    ...[...SHARED_VIEWS, 'moons', 'moons.curves'].map((view) => ({ sql: `SELECT * FROM "${view}"`, parameters: {} })),
  ];
  reader.close();
});

function answersOf(asked: readonly Asked[]): unknown[][][] {
  const reader = Reader.open(file);
  try {
    return asked.map(({ sql, parameters }) =>
      [...reader.query(sql, parameters).rows].map((row) =>
        row.map((value) => (typeof value === 'bigint' ? Number(value) : value)),
      ),
    );
  } finally {
    reader.close();
  }
}

test.skipIf(!hasPython)("Python's sqlite3 gets the same bits", () => {
  const { stdout, stderr } = spawnSync('python3', ['-c', PYTHON, file], {
    input: JSON.stringify(questions),
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  });
  expect(stderr).toBe('');
  expect(JSON.parse(stdout)).toEqual(answersOf(questions));
});

test.skipIf(!hasShell)("SQLite's own shell runs the queries as they are written down", () => {
  const best = builtInQueries().find(({ name }) => name === 'best')!;
  const { stdout, stderr } = spawnSync('sqlite3', ['-readonly', '-csv', file], {
    input: `.parameter set :sweep moons\n${best.query}\n`,
    encoding: 'utf8',
  });
  expect(stderr).toBe('');
  const expected = answersOf([{ sql: best.query, parameters: { sweep: 'moons' } }])[0]!.map((row) =>
    row.slice(0, 2).join(),
  );
  expect(
    stdout
      .trim()
      .split('\n')
      .map((line) => line.split(',').slice(0, 2).join()),
  ).toEqual(expected);
});
