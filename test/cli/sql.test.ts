/** `nightsweep sql` beside plain queries: parameters, queries by name, and views in words. */

import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Store } from '../../db/store.ts';
import { buildProgram } from '../../src/cli/program.ts';
import { writeExample } from '../db/example-sweep.ts';
import { emptyFolder } from '../empty-folder.ts';

let file: string;

beforeEach(() => {
  file = join(emptyFolder(), 'a.db');
  const store = Store.open(file, () => Date.UTC(2026, 0, 31));
  writeExample(store);
  store.close();
});
afterEach(() => vi.restoreAllMocks());

/** What the command prints; it is run in this process. */
async function sql(...args: readonly string[]): Promise<string> {
  return nightsweep('sql', ...args, '--db', file);
}

async function nightsweep(...args: readonly string[]): Promise<string> {
  let printed = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed += typeof text === 'string' ? text : Buffer.from(text).toString();
    return true;
  });
  try {
    const program = await buildProgram(args);
    for (const command of [program, ...program.commands])
      command.exitOverride().configureOutput({ writeErr: () => {} });
    await program.parseAsync(args, { from: 'user' });
  } finally {
    vi.restoreAllMocks();
  }
  return printed;
}

function addSweep(name: string): void {
  const store = Store.open(file);
  writeExample(store, name);
  store.close();
}

test('a named query answers in any format; of one sweep, its name need not be said', async () => {
  const expected = 'config,params,mean,n,seconds\n';
  const printed = await sql('@tied', '--format', 'csv');
  expect(printed.startsWith(expected)).toBe(true);
  expect(printed.split('\n')).toHaveLength(4);
  expect(await sql('@tied', '--param', 'sweep=moons', '--format', 'csv')).toBe(printed);
  expect(await sql('@paired', '--param', 'config=4', '--param', 'other=0', '--format', 'json')).toMatch(
    /^\[\n\{"replicate":0,/,
  );
});

test('of several sweeps, one has to be named', async () => {
  addSweep('circles');
  await expect(sql('@tied')).rejects.toThrow('the query needs a value for :sweep (add --param sweep=VALUE)');
  expect(
    await sql(
      'SELECT DISTINCT sweep FROM leaderboard WHERE sweep = :sweep',
      '--param',
      'sweep=circles',
      '--format',
      'csv',
    ),
  ).toBe('sweep\ncircles\n');
});

test('values that look like numbers are bound as such, and others as text', async () => {
  const types = 'SELECT typeof(:a) AS a, typeof(:b) AS b, typeof(:c) AS c, typeof(:d) AS d';
  const values = ['a=12', 'b=-1.5e-3', 'c=12 apples', 'd=99999999999999999999'];
  const given = values.flatMap((value) => ['--param', value]);
  expect(await sql(types, ...given, '--format', 'csv')).toBe('a,b,c,d\ninteger,real,text,text\n');
  expect(await sql('SELECT :a AS a', '--param', 'a=x=y', '--format', 'csv')).toBe('a\nx=y\n');
});

test('a query is saved, listed, run, printed, completed and forgotten', async () => {
  const slow =
    '/* Slow attempts. */ SELECT config, seconds FROM attempts WHERE sweep = :sweep AND seconds >= :least ORDER BY 1';
  expect(await sql('--save', 'slow', slow)).toBe(
    `Saved. To run it: nightsweep sql @slow --param sweep=VALUE --param least=VALUE --db ${file}\n`,
  );
  const listed = await sql('--queries');
  expect(listed).toMatch(/^@slow +sweep least +Slow attempts\.$/m);
  expect(listed).toMatch(/^@best +sweep +The best settings/m);
  expect(await sql('@slow', '--param', 'least=4', '--format', 'csv')).toBe('config,seconds\n4,4\n4,4\n4,4\n4,4\n');
  expect(await sql('--queries', 'slow')).toBe(`${slow}\n`);
  expect(await nightsweep('__complete', '--', 'sql', '--db', file, '@sl')).toBe('@slow\tSlow attempts.\n');
  expect(await sql('SELECT name FROM saved_queries', '--format', 'csv')).toBe('name\nslow\n');
  await sql('--save', 'own', 'SELECT dropout FROM moons');
  await nightsweep('rm', 'moons', '--yes', '--db', file);
  expect(await sql('--queries')).toMatch(/^@own +\(does not run now\) +SELECT dropout FROM moons$/m);
  expect(await sql('--forget', 'slow')).toBe('Deleted the query slow.\n');
  await expect(sql('@slow')).rejects.toThrow("there is no saved query 'slow'");
});

test.each([
  [['--save', 'best', 'SELECT 1'], 'nightsweep brings one called best (choose another name)'],
  [['--save', 'My Query', 'SELECT 1'], "a-z, 0-9 and inner hyphens, but got 'My Query'"],
  [['--save', 'broken', 'SELECT nme FROM saved_queries'], 'SQL: no such column: nme (did you mean name?)'],
  [['--save', 'nothing'], 'sql needs a query, but got none'],
  [['--forget', 'best'], "there is no saved query 'best'"],
  [['@bets'], "there is no saved query 'bets' (did you mean best?)"],
  [['--queries', 'bets'], "there is no saved query 'bets' (did you mean best?)"],
  [['--views', 'leaderbord'], "there is no view 'leaderbord' (did you mean leaderboard?)"],
  [['--views', '--queries'], "option '--views' cannot be used with option '--queries'"],
  [['SELECT 1', '--param', 'sweep'], 'It must be name=value.'],
])('%j is refused, and nothing is saved', async (args, message) => {
  await expect(sql(...args)).rejects.toThrow(message);
  expect(await sql('SELECT * FROM saved_queries', '--format', 'ndjson')).toBe('');
});

test('a view is explained: shared ones, and those of a sweep with its parameters', async () => {
  const shared = await sql('--views', 'comparisons', '--format', 'csv');
  expect(shared).toMatch(/^column,type,meaning\nsweep,TEXT,name of the sweep\n/);
  const own = await sql('--views', 'moons', '--format', 'csv');
  expect(own).toMatch(/^dropout,ANY,searched parameter/m);
  expect(own).toMatch(/^validation_accuracy,REAL,"share of rows whose class is right, 0 to 1; validation part"$/m);
  expect(await sql('--views', 'moons.curves', '--format', 'csv')).toMatch(/^epoch,INTEGER,from 1$/m);
});
