/** The commands on a database as a shell sees them: output, errors, exit codes, and what they leave behind. */

import type { Command } from 'commander';
import { copyFileSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, expect, test, vi } from 'vitest';
import { Store } from '../../db/store.ts';
import { bestCommand } from '../../src/cli/best.ts';
import { listCommand } from '../../src/cli/list.ts';
import { renameCommand } from '../../src/cli/rename.ts';
import { rmCommand } from '../../src/cli/rm.ts';
import { showCommand } from '../../src/cli/show.ts';
import { sqlCommand } from '../../src/cli/sql.ts';
import { emptyFolder } from '../empty-folder.ts';
import { FACTS, createSample, diverged, epochs, placed, started, wholeTrial } from '../db/sample-sweep.ts';
import { Workplace } from './nightsweep.ts';

const COMMANDS: Readonly<Record<string, () => Command>> = {
  best: bestCommand,
  list: listCommand,
  rename: renameCommand,
  rm: rmCommand,
  show: showCommand,
  sql: sqlCommand,
};

let original: string;

beforeAll(() => {
  original = join(emptyFolder(), 'original.db');
  const store = Store.open(original, () => Date.UTC(2026, 0, 31, 12));
  const run = store.startRun(createSample(store), FACTS);
  for (const trial of [1, 2, 3, 4]) store.write(wholeTrial(trial, run, 0.75 + trial / 64));
  store.write([started(5, run), placed(5), epochs(5, 1, 3), diverged(5)]);
  store.endRun(run, 'stopped');
  store.close();
});

afterEach(() => vi.restoreAllMocks());

/** A database of one's own to change. */
function copy(): string {
  const file = join(emptyFolder(), 'a.db');
  copyFileSync(original, file);
  return file;
}

/** What a command prints; it is run in this process, since starting one takes a second. */
async function nightsweep(file: string, name: string, ...args: readonly string[]): Promise<string> {
  let printed = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed += typeof text === 'string' ? text : Buffer.from(text).toString();
    return true;
  });
  try {
    await COMMANDS[name]?.().parseAsync([...args, '--db', file], { from: 'user' });
  } finally {
    vi.restoreAllMocks();
  }
  return printed.replaceAll(file, 'a.db');
}

test('list shows each sweep with its best mean', async () => {
  expect(await nightsweep(copy(), 'list')).toMatchInlineSnapshot(`
    "sweep  state       trials  completed  failed  ended  objective        best  created                   seconds
    -----  ----------  ------  ---------  ------  -----  -------------  ------  ------------------------  -------
    moons  unfinished       6          4       1      5  test_accuracy  0.7969  2026-01-31T12:00:00.000Z        0
    "
  `);
});

test('show of a sweep has its state, its best configs and its failures', async () => {
  expect(await nightsweep(copy(), 'show', 'moons')).toMatchInlineSnapshot(`
    "moons (unfinished): 3 configs x 2 replicates, 4 completed, 1 failed, 1 queued
    So far, by 4 of 6 trials: config 2 (l2 0.002) leads the baseline by 0.031, which may be chance.
    Its test_accuracy, the highest of all, is 0.797 in one replicate.

    Configs by test_accuracy, highest first
    rank  config     l2  optimizer  momentum  test_accuracy  +-95 %    std  n  vs baseline
    ----  ------  -----  ---------  --------  -------------  ------  -----  -  -----------
       1       2  0.002  sgd             0.9          0.797       -      -  1  +0.031 ?
       2       0      0  sgd             0.9          0.789   0.298  0.033  2  baseline
       3       1  0.001  adam              -          0.781       -      -  1  +0.016 ?
    ?: may be chance

    Diagnosis
    - Config 2, the best: high variance, the optimal error taken as 0: error 0.0 % on train and 20.3 % on test, so much of what it learned holds for the training rows only.
    - Config 0, the baseline: high variance, the optimal error taken as 0: error 0.0 % on train and 21.1 % on test, so much of what it learned holds for the training rows only.
    - Config 1, the worst: high variance, the optimal error taken as 0: error 0.0 % on train and 21.9 % on test, so much of what it learned holds for the training rows only.

    Failures
    failed as  trials  such as    at epoch  message
    ---------  ------  ---------  --------  -------------------------------
    diverged        1  moons/1/1         3  the training loss is not finite
    Why trials may have diverged:
    - Learning rate: all that diverged have a learning rate of 0.001 with adam, and gradients are not clipped; it diverged at epoch 3. Use a learning rate below 0.001, or clip gradients (train.clip: { global_norm: 1 }).
    - Data: features are not transformed in any trial that diverged. Scale the data (data.transform: { features: standardize }).

    Warnings
    - Each config has 2 replicates, from which the spread is known badly: intervals are wide, and differences that are real stay unclear. Ten replicates are a good start.
    - 5 of 6 trials have ended: means are of what has ended so far, and the order may change. The 5 % of false claims hold for one look at the results, not for many looks while the sweep runs.
    - 1 trial (of 1 of 3 configs) ended without a result. Where bad luck makes trials fail, the mean of the others is too good.
    - The best config was chosen by test_accuracy, so what it reaches there is too good by what luck added: for an honest figure choose on a validation part, and measure the one that was chosen on the test part.

    To try next
    - Regularisation that was not tried: search dropout (such as 0, 0.2, 0.4).
    - More data to train on.
    - Against divergence, use a learning rate below 0.001, or clip gradients (train.clip: { global_norm: 1 }).
    - Against divergence, scale the data (data.transform: { features: standardize }).
    - Another architecture, such as another activation, normalization or optimizer.

    Details
    definition  /sweeps/moons.yaml
    created     2026-01-31T12:00:00.000Z
    took        -
    versions    nightsweep 0.1.0
    searches    l2, optimizer, momentum
    objective   test_accuracy (maximize)
    seed        7
    ended       83 % of 6 trials
    epochs      43 of at most 60

    Commands
      nightsweep resume moons --db a.db              go on
      nightsweep report moons --db a.db              all of it with charts, as a page
      nightsweep best moons --format yaml --db a.db  the best config as a definition
      nightsweep watch moons --db a.db               every trial and its curves
    "
  `);
});

test('show of a config has its params, how it stands, its diagnosis and its trials', async () => {
  expect(await nightsweep(copy(), 'show', 'moons/0')).toMatchInlineSnapshot(`
    "config         moons/0, the baseline
    l2             0
    optimizer      sgd
    momentum       0.9
    rank           2 of 3
    test_accuracy  0.789, mean of 2, standard deviation 0.033, 95 % interval 0.491 to 1.087

    Diagnosis
    High variance, the optimal error taken as 0: error 0.0 % on train and 21.1 % on test, so much of what it learned holds for the training rows only.
    - Regularisation that was not tried: search dropout (such as 0, 0.2, 0.4) or l2 (such as 0, 0.0001, 0.001).
    - More data to train on.
    - Another architecture, such as another activation, normalization or optimizer.

    trial      state      epochs  train_loss  objective     gap
    ---------  ---------  ------  ----------  ---------  ------
    moons/0/0  completed      10      0.1000     0.7656  0.2344
    moons/0/1  completed      10      0.1000     0.8125  0.1875
    "
  `);
});

test('show of a trial has its params, result, attempts and last epochs, by place or by number', async () => {
  const byPlace = await nightsweep(copy(), 'show', 'moons/0/0');
  expect(byPlace).toMatchInlineSnapshot(`
    "trial               moons/0/0 (number 1)
    state               completed (epochs)
    l2                  0
    optimizer           sgd
    momentum            0.9
    epochs              10 of 10, kept 10
    objective           0.7656
    generalisation gap  0.2344
    train_loss          0.1000
    train_accuracy      1.000
    test_loss           0.2000
    test_accuracy       0.7656

    attempt  outcome    from  epochs  seconds  worker  slot    backend
    -------  ---------  ----  ------  -------  ------  ------  -------
          1  completed     0      10     1.50       1  0 of 4  cpu

    epoch  train_loss  train_accuracy  test_loss  test_accuracy
    -----  ----------  --------------  ---------  -------------
        6      0.1667          0.8333     0.3333         0.6667
        7      0.1429          0.8571     0.2857         0.7143
        8      0.1250          0.8750     0.2500         0.7500
        9      0.1111          0.8889     0.2222         0.7778
       10      0.1000          0.9000     0.2000         0.8000
    "
  `);
  expect(await nightsweep(copy(), 'show', '1')).toBe(byPlace);
});

test('show of a failed trial says why and what to try', async () => {
  expect(await nightsweep(copy(), 'show', 'moons/1/1')).toMatchInlineSnapshot(`
    "trial      moons/1/1 (number 5)
    state      failed (diverged)
    l2         0.001
    optimizer  adam
    epochs     3 of 10

    attempt  outcome  from  epochs  seconds  worker  slot    backend
    -------  -------  ----  ------  -------  ------  ------  -------
          1  failed      0       3     0.50       1  0 of 4  cpu
    attempt 1: the training loss is not finite; lower the learning rate

    epoch  train_loss  train_accuracy  test_loss  test_accuracy
    -----  ----------  --------------  ---------  -------------
        1       1.000               0      2.000         -1.000
        2      0.5000          0.5000      1.000              0
        3      0.3333          0.6667     0.6667         0.3333
    "
  `);
});

test('best prints the winner for people and for programs', async () => {
  expect(await nightsweep(copy(), 'best', 'moons')).toMatchInlineSnapshot(`
    "rank  config     l2  optimizer  momentum  test_accuracy  +-95 %  std  n  vs baseline
    ----  ------  -----  ---------  --------  -------------  ------  ---  -  -----------
       1       2  0.002  sgd             0.9         0.7969  -       -    1  +0.0313 ?
    ?: may be chance

    So far, by 4 of 6 trials: config 2 (l2 0.002) leads the baseline by 0.031, which may be chance.
    Its test_accuracy, the highest of all, is 0.797 in one replicate.
    "
  `);
  // The sample's definition has no more than a name and a search.
  expect(JSON.parse(await nightsweep(copy(), 'best', 'moons', '--format', 'json'))).toEqual({
    name: 'moons-best',
    objective: 'test_accuracy',
  });
  expect(await nightsweep(copy(), 'best', 'moons', '--format', 'yaml')).toMatchInlineSnapshot(`
    "# Config 2 of the 3 of sweep moons: mean test_accuracy 0.7969, over 1 replicate.
    # Its values, in place below: l2 0.002, optimizer sgd, momentum 0.9.
    # Made from /sweeps/moons.yaml; files that it names have absolute paths, so that it can be run from any folder.
    name: moons-best
    objective: test_accuracy
    "
  `);
  expect(await nightsweep(copy(), 'best', 'moons', '--format', 'yaml', '--config', '1')).toMatchInlineSnapshot(`
    "# Config 1 of the 3 of sweep moons: mean test_accuracy 0.7813, over 1 replicate.
    # Its values, in place below: l2 0.001, optimizer adam.
    # Made from /sweeps/moons.yaml; files that it names have absolute paths, so that it can be run from any folder.
    name: moons-config-1
    objective: test_accuracy
    "
  `);
});

test('sql prints rows in the format asked for', async () => {
  const query = 'SELECT config, avg(test_accuracy) AS mean, max(momentum) AS momentum FROM moons GROUP BY config';
  expect(await nightsweep(copy(), 'sql', query, '--format', 'csv')).toBe(
    'config,mean,momentum\n0,0.7890625,0.9\n1,0.78125,\n2,0.796875,0.9\n',
  );
  expect(await nightsweep(copy(), 'sql', query)).toMatchInlineSnapshot(`
    "config       mean  momentum
    ------  ---------  --------
         0  0.7890625       0.9
         1    0.78125
         2   0.796875       0.9
    "
  `);
});

test('sql --views lists the views with their columns', async () => {
  expect(await nightsweep(copy(), 'sql', '--views')).toContain(
    'leaderboard: a row per config\n  sweep config params n mean std',
  );
  expect(await nightsweep(copy(), 'sql', '--views', '--format', 'csv')).toContain('\nleaderboard,sweep\n');
});

test.each([
  [
    ['sql'],
    'sql needs a query, but got none (try: nightsweep sql "SELECT * FROM leaderboard", or --views and --queries for what there is)',
  ],
  [['sql', 'SELECT * FROM mons'], 'SQL: no such table: mons (did you mean moons?)'],
  [['show', 'mons'], "there is no sweep 'mons' (did you mean moons?)"],
  [['show', 'moons/9/0'], 'there is no trial moons/9/0 (moons has configs 0 to 2 and replicates 0 to 1)'],
  [['show', 'moons/9'], 'moons has no config 9 (its configs are 0 to 2)'],
  [['best', 'mons'], "there is no sweep 'mons' (did you mean moons?)"],
  [['best', 'moons', '--format', 'json', '--config', '3'], 'moons has no config 3 (its configs are 0 to 2)'],
  [
    ['best', 'moons', '--config', '1'],
    '--config must have a --format (try: nightsweep best moons --config 1 --format yaml)',
  ],
  [['rm', 'mons', '--yes'], "there is no sweep 'mons' (did you mean moons?)"],
  [['rename', 'moons', 'sweeps'], "a sweep's name must not be that of a table or view, but got 'sweeps'"],
])('%j is refused and changes nothing', async ([name = '', ...args], message) => {
  const file = copy();
  await expect(nightsweep(file, name, ...args)).rejects.toMatchObject({ code: 'usage', message });
  expect(await nightsweep(file, 'show', 'moons')).toBe(await nightsweep(original, 'show', 'moons'));
});

test.each([
  ['list'],
  ['show', 'moons'],
  ['best', 'moons'],
  ['sql', 'SELECT 1'],
  ['rm', 'moons', '--yes'],
  ['rename', 'moons', 'x'],
])('%s on a database that is not there says so and creates none', async (name, ...args) => {
  const folder = emptyFolder();
  await expect(nightsweep(join(folder, 'none.db'), name, ...args)).rejects.toThrow(
    'none.db there is no such database (run a sweep first, or say where its database is with --db)',
  );
  expect(readdirSync(folder)).toEqual([]);
});

test('rename renames, rm deletes', async () => {
  const file = copy();
  expect(await nightsweep(file, 'rename', 'moons', 'first')).toBe('Renamed moons to first.\n');
  expect(await nightsweep(file, 'sql', 'SELECT count(*) AS n FROM first', '--format', 'ndjson')).toBe('{"n":6}\n');
  expect(await nightsweep(file, 'rm', 'first', '--yes')).toMatch(/^Deleted first\./);
  expect(await nightsweep(file, 'list')).toBe('There are no sweeps in this database yet.\n');
});

test('reading commands leave the bytes of the database as they are', async () => {
  const file = copy();
  await nightsweep(file, 'list');
  await nightsweep(file, 'sql', 'SELECT * FROM learning_curves', '--format', 'csv');
  expect(readFileSync(file).equals(readFileSync(original))).toBe(true);
});

test('as a process: results on stdout, errors on stderr with exit code 1, and rm asks before it deletes', async () => {
  const workplace = new Workplace();
  copyFileSync(original, join(workplace.folder, 'nightsweep.db'));
  const [found, unasked] = await Promise.all([
    workplace.run('sql', 'SELECT DISTINCT sweep FROM trial_results', '--format', 'ndjson'),
    workplace.run('rm', 'moons'),
  ]);
  expect(found).toEqual({ code: 0, stdout: '{"sweep":"moons"}\n', stderr: '' });
  expect(unasked).toEqual({
    code: 1,
    stdout: '',
    stderr: 'rm asks before it deletes, but there is nobody to ask (say --yes)\n',
  });
});
