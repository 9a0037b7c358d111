/** A user's query only reads, and an error says what was probably meant. */

import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Reader } from '../../db/reader.ts';
import { Store } from '../../db/store.ts';
import { emptyFolder } from '../empty-folder.ts';
import { messageOf } from './message.ts';
import { FACTS, createSample, wholeTrial } from './sample-sweep.ts';

let reader: Reader;

beforeAll(() => {
  const file = join(emptyFolder(), 'a.db');
  const store = Store.open(file);
  const run = store.startRun(createSample(store, { name: 'two-moons' }), FACTS);
  store.write(wholeTrial(1, run, 0.9));
  store.close();
  reader = Reader.open(file);
});
afterAll(() => reader.close());

test('integers and reals stay apart, and large integers stay exact', () => {
  const { columns, rows } = reader.query(
    "SELECT 9007199254740993 AS big, 1.0 AS one, 0.1 AS tenth, 'x' AS text, NULL AS none, x'ff' AS bytes",
  );
  expect(columns).toEqual(['big', 'one', 'tenth', 'text', 'none', 'bytes']);
  expect([...rows]).toEqual([[9007199254740993n, 1, 0.1, 'x', null, Buffer.from([255])]]);
});

test.each([
  ['', 'a query must be one SQL statement, but there is none (try: SELECT * FROM leaderboard)'],
  ['-- nothing', 'a query must be one SQL statement, but there is none (try: SELECT * FROM leaderboard)'],
  ['SELECT 1; SELECT 2', 'a query must be one SQL statement, but there are several (try: SELECT * FROM leaderboard)'],
  ['DELETE FROM trial', 'a query must only read, but this one would change the database (write a SELECT)'],
  ['DELETE FROM trial RETURNING id', 'a query must only read, but this one would change the database (write a SELECT)'],
  ["ATTACH 'x.db' AS x", 'a query must only read, but this one would change the database (write a SELECT)'],
  ["VACUUM INTO 'x.db'", 'a query must only read, but this one would change the database (write a SELECT)'],
  ['PRAGMA user_version = 9', 'a query must only read, but this one would change the database (write a SELECT)'],
  ['SELECT ?', 'the parameters of a query must have names, but it has a ? (write :name in its place)'],
  ['SELECT * FROM leaderbord', 'SQL: no such table: leaderbord (did you mean leaderboard?)'],
  ['SELECT * FROM "two-mons"', 'SQL: no such table: two-mons (did you mean "two-moons"?)'],
  ['SELECT * FROM entirely_else', 'SQL: no such table: entirely_else (nightsweep sql --views lists them)'],
  ['SELECT tst_accuracy FROM trial_results', 'SQL: no such column: tst_accuracy (did you mean test_accuracy?)'],
  ['SELECT optimiser FROM "two-moons"', 'SQL: no such column: optimiser (did you mean optimizer?)'],
  ['SELECT t.objektive FROM "two-moons" t', 'SQL: no such column: t.objektive (did you mean objective?)'],
  ['SELECT * FROM two-moons', 'SQL: near "-": syntax error (a name with hyphens or dots stands in double quotes)'],
  [
    'SELECT * FROM sweeps WHERE sweep = "quick start"',
    'SQL: no such column: "quick start" - should this be a string literal in single-quotes? (text stands in single quotes: \'quick start\')',
  ],
])('%s is refused', (sql, message) => {
  expect(messageOf(() => [...reader.query(sql).rows])).toBe(message);
});

test.each([
  [
    'SELECT sweep FROM leaderboard JOIN trial_results USING (config)',
    'write from which view: leaderboard.sweep or trial_results.sweep',
  ],
  ['SELECT config FROM leaderboard AS a, leaderboard AS b', 'write from which view: leaderboard.config'],
  ['SELECT config FROM trial_results WHERE avg(objective) > 0.5 GROUP BY config', 'conditions on them after HAVING'],
  ['SELECT max(avg(objective)) FROM trial_results', 'one inside another takes a subquery'],
  ['SELECT config FROM leaderboard WHERE rank() OVER () = 1', 'conditions on them take a subquery'],
  ['SELECT medain(mean) FROM leaderboard', 'did you mean median?'],
  ['SELECT mean(objective) FROM trial_results', 'did you mean avg?'],
  ['SELECT * FROM leaderboard WHERE sweep = "two-moons"', "text stands in single quotes: 'two-moons'"],
  ['SELECT l2 FROM trial_results', 'a parameter is a column of its sweep\'s own view, "two-moons"'],
  ["SELECT * FROM leaderboard WHERE sweep = 'two-moons", 'a quote is not closed'],
  ['SELECT * FROM leaderboard WHERE', 'the query ends too early'],
])('the hint on %s helps', (sql, hint) => {
  expect(messageOf(() => [...reader.query(sql).rows])).toContain(hint);
});

test('parameters are bound with their types, by any of the three signs', () => {
  const { rows } = reader.query('SELECT typeof(:a), @b + 1, $a IS :a, :c', { a: 7n, b: 0.5, c: 'x' });
  expect([...rows]).toEqual([['integer', 1.5, 1n, 'x']]);
  expect(reader.queryParameters('SELECT :b, :a, :b')).toEqual(['b', 'a']);
});

test.each([
  ['SELECT :sweep, :config', { sweep: 'x' }, 'the query needs a value for :config (add --param config=VALUE)'],
  ['SELECT :sweep', { sweeep: 'x', sweep: 'x' }, 'the query has no parameter :sweeep (did you mean :sweep?)'],
  ['SELECT 1', { sweep: 'x' }, 'the query has no parameter :sweep (it has none)'],
])('%s with %j is refused', (sql, parameters, message) => {
  expect(messageOf(() => reader.query(sql, parameters))).toBe(message);
});

test('an error in the middle of the rows is explained, too', () => {
  const { rows } = reader.query("SELECT json(params || 'x') FROM leaderboard");
  expect(messageOf(() => [...rows])).toBe(
    "SQL: malformed JSON (params and metrics are JSON: json_extract(params, '$.name'))",
  );
});

test('another query may begin while the rows of one are read', () => {
  const first = reader.query('SELECT config FROM leaderboard ORDER BY config').rows[Symbol.iterator]();
  expect(first.next().value).toEqual([0n]);
  expect([...reader.query('SELECT count(*) FROM leaderboard').rows]).toEqual([[3n]]);
  expect(first.next().value).toEqual([1n]);
  first.return?.();
});

test('the list of views has the shared ones and those of each sweep', () => {
  expect(reader.views().map(({ view }) => view)).toEqual([
    'attempts',
    'comparisons',
    'failures',
    'layer_history',
    'leaderboard',
    'learning_curves',
    'main_effects',
    'parameter_importance',
    'progress',
    'saved_queries',
    'sweep_analyses',
    'sweeps',
    'trial_results',
    'two-moons',
    'two-moons.curves',
  ]);
  expect(
    reader
      .views()
      .find(({ view }) => view === 'leaderboard')
      ?.columns.slice(0, 3),
  ).toEqual(['sweep', 'config', 'params']);
});
