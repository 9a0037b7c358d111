/** How long answers take in SQL, and the analysis that some of them rest on, with 100,000 trials and 5 million epoch rows. */

import Database from 'better-sqlite3';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Reader } from '../../db/reader.ts';
import { bigDatabase } from './dashboard.ts';
import { median } from './interleaved.ts';
import { markdownTable, short } from './markdown.ts';
import { build, ROOT, runProcess } from './processes.ts';

const MAIN = join(ROOT, 'dist/src/cli/main.js');
const CURVE = 'SELECT epoch, train_loss, validation_loss FROM learning_curves';
const CONFIG_CURVE = 'avg(train_loss) AS train_loss, avg(validation_loss) AS validation_loss';

/** By what they are, with what is wanted of them in milliseconds. */
const QUERIES: readonly (readonly [name: string, sql: string, wanted: number | undefined])[] = [
  ['the first 20 of the leaderboard', "SELECT * FROM leaderboard WHERE sweep = 'big' ORDER BY rank LIMIT 20", 50],
  ['the whole leaderboard', "SELECT * FROM leaderboard WHERE sweep = 'big' ORDER BY rank", 50],
  ['the curve of a trial', `${CURVE} WHERE sweep = 'big' AND config = 4321 AND replicate = 3`, 20],
  [
    'the mean curve of a config',
    `SELECT epoch, ${CONFIG_CURVE} FROM learning_curves WHERE sweep = 'big' AND config = 4321 GROUP BY epoch`,
    20,
  ],
  [
    'the same from "big.curves"',
    `SELECT epoch, ${CONFIG_CURVE} FROM "big.curves" WHERE config = 4321 GROUP BY epoch`,
    20,
  ],
  [
    'all comparisons with the baseline',
    "SELECT * FROM comparisons WHERE sweep = 'big' AND reference = 'baseline'",
    undefined,
  ],
  ['main effects', "SELECT * FROM main_effects WHERE sweep = 'big'", undefined],
  [
    'results of all trials, one parameter',
    'SELECT dropout, avg(validation_accuracy) FROM big GROUP BY dropout',
    undefined,
  ],
  ['progress', 'SELECT * FROM progress', undefined],
];

/** @param database made by scripts/big-database.ts; undefined makes one of 100,000 trials with 50 epochs each */
export async function sqlTable(repeats: number, database: string | undefined): Promise<string> {
  await build();
  const folder = await mkdtemp(join(tmpdir(), 'nightsweep-bench-'));
  try {
    const file = database ?? (await bigDatabase(folder));
    return markdownTable(['what', 'median, ms', 'worst, ms', 'wanted'], await rowsOf(file, repeats));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function rowsOf(file: string, repeats: number): Promise<string[][]> {
  // Brings an older database up to date, which is not to be timed.
  const reader = Reader.open(file);
  const row = (name: string, times: readonly number[], wanted?: number): string[] => [
    name,
    short(median([...times])),
    short(Math.max(...times)),
    wanted === undefined ? '' : `below ${wanted}`,
  ];
  const db = new Database(file, { readonly: true });
  const queries = QUERIES.map(([name, sql, wanted]) => {
    const statement = db.prepare(sql).raw();
    return row(
      name,
      timed(repeats, () => statement.all()),
      wanted,
    );
  });
  db.close();
  const analysis = row(
    'the analysis, worked out afresh',
    timed(repeats, () => reader.analysis('big')),
  );
  reader.close();
  const whole: number[] = [];
  for (let round = 0; round < repeats; round += 1) whole.push(await command(file));
  return [...queries, analysis, row('the command `nightsweep sql @best`, start and end included', whole)];
}

function timed(repeats: number, work: () => unknown): number[] {
  // The first time reads pages from the disk.
  work();
  return Array.from({ length: repeats }, () => {
    const begin = performance.now();
    work();
    return performance.now() - begin;
  });
}

/** Milliseconds. */
async function command(file: string): Promise<number> {
  const { code, seconds } = await runProcess(process.execPath, [
    MAIN,
    'sql',
    '@best',
    '--param',
    'sweep=big',
    '--db',
    file,
  ]);
  if (code !== 0) throw new Error(`nightsweep sql @best must end with exit code 0, but it ended with ${code}`);
  return 1000 * seconds;
}
