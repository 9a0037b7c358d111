/** The list of sweeps: what a terminal of some width shows, what a pipe gets, and in which colours. */

import { expect, test } from 'vitest';
import { nextStep } from '../../src/cli/next-step.ts';
import { PLAIN_PAPER, type Paper, usesColor } from '../../src/cli/text/paint.ts';
import { type ListedSweep, sweepList } from '../../src/cli/sweep-list.ts';
import { columnsOf } from '../../src/dashboard/text.ts';
import { themeFor } from '../../src/dashboard/theme.ts';
import { states } from '../frames/snapshots.ts';

const NOW = Date.UTC(2026, 10, 24, 7);

function sweep(changes: Partial<ListedSweep>): ListedSweep {
  return {
    id: 1,
    name: 'moons',
    objective: 'test_accuracy',
    goal: 'maximize',
    parameters: [],
    metrics: [],
    configs: 2,
    replicates: 3,
    baseline: null,
    epochsPlanned: 60,
    seed: 1,
    file: 'moons.yaml',
    hash: '',
    createdAt: NOW - 9.5 * 3600_000,
    pausedAt: null,
    versions: {},
    warnings: [],
    definition: {},
    states: states({ completed: 6 }),
    trials: 6,
    epochs: 60,
    live: false,
    best: 0.96875,
    seconds: 5400,
    failureKinds: [],
    ...changes,
  };
}

const SWEEPS = [
  sweep({ name: 'finished-long-ago-and-with-a-long-name' }),
  sweep({ name: 'failed', states: states({ completed: 4, failed: 2 }) }),
  sweep({ name: 'held', states: states({ completed: 3, paused: 1, queued: 2 }), live: true, pausedAt: NOW }),
  sweep({ name: 'runs', states: states({ completed: 1, running: 2, queued: 3 }), live: true, seconds: 40 }),
  sweep({ name: 'new', states: states({ queued: 6 }), best: null, seconds: 0, createdAt: NOW }),
];

function terminal(width: number): Paper {
  return { width, glyphs: themeFor({ LANG: 'C' }, 'linux').glyphs, paint: (text) => text };
}

function listOn(paper: Paper): string {
  return sweepList(SWEEPS, { paper, database: 'a.db', now: NOW });
}

test('a pipe gets everything uncut, in units that programs read', () => {
  expect(listOn(PLAIN_PAPER)).toMatchInlineSnapshot(`
    "sweep                                   state       trials  completed  failed  ended  objective        best  created                   seconds
    --------------------------------------  ----------  ------  ---------  ------  -----  -------------  ------  ------------------------  -------
    finished-long-ago-and-with-a-long-name  finished         6          6       0      6  test_accuracy  0.9688  2026-11-23T21:30:00.000Z     5400
    failed                                  finished         6          4       2      6  test_accuracy  0.9688  2026-11-23T21:30:00.000Z     5400
    held                                    paused           6          3       0      3  test_accuracy  0.9688  2026-11-23T21:30:00.000Z     5400
    runs                                    running          6          1       0      1  test_accuracy  0.9688  2026-11-23T21:30:00.000Z       40
    new                                     unfinished       6          0       0      0  test_accuracy       -  2026-11-24T07:00:00.000Z        0
    "
  `);
});

test('a terminal shows how each stands, how far it is, and what to do next', () => {
  expect(listOn(terminal(80))).toMatchInlineSnapshot(`
    "sweep                state         ended       failed    best  begun      took
    -------------------  ------------  ----------  ------  ------  ---------  ------
    finished-long-ag...  # finished    100 % of 6       -  0.9688  9.5 h ago  90 min
    failed               # finished    100 % of 6       2  0.9688  9.5 h ago  90 min
    held                 : paused      50 % of 6        -  0.9688  9.5 h ago  90 min
    runs                 > running     16 % of 6        -  0.9688  9.5 h ago  40 s
    new                  / unfinished  0 % of 6         -       -  just now   -

    To go on: nightsweep resume new --db a.db
    "
  `);
});

test.each([40, 50, 60, 80, 100, 120])(
  'no line is wider than a terminal of %d columns, and each sweep has one',
  (width) => {
    const lines = listOn(terminal(width)).trimEnd().split('\n').slice(0, -2);
    expect(lines).toHaveLength(2 + SWEEPS.length);
    expect(lines.filter((line) => columnsOf(line) > width)).toEqual([]);
  },
);

test('a state has its tone', () => {
  const painted = listOn({ ...terminal(80), paint: (text, tone) => (tone === 'plain' ? text : `<${tone}>${text}`) });
  expect(painted).toMatch(/<strong>held {2,}<warning>: paused/);
  expect(painted).toMatch(/<strong>runs {2,}<accent>> running/);
  expect(painted).toMatch(/<strong>failed {2,}# finished .* <bad> +2/);
});

test.each([
  [true, {}, true],
  [false, {}, false],
  [true, { NO_COLOR: '1' }, false],
  [true, { NO_COLOR: '' }, true],
  [true, { TERM: 'dumb' }, false],
  [false, { FORCE_COLOR: '1' }, true],
  [false, { FORCE_COLOR: '3', NO_COLOR: '1' }, true],
  [true, { FORCE_COLOR: '0' }, false],
])('terminal %s with %j: colour %s', (isTerminal, environment, expected) => {
  expect(usesColor(isTerminal, environment)).toBe(expected);
});

test('what diverged would do so again: it is not to be tried again as it is', () => {
  const found = sweep({ states: states({ completed: 4, failed: 2 }) });
  expect(nextStep(found, 'a.db', ['diverged'])).toMatch(/^What failed diverged, and would again/);
  expect(nextStep(found, 'a.db', ['diverged', 'crashed'])).toMatch(/^To try what failed again/);
});

test.each([
  ['runs', 'To look on: nightsweep watch runs'],
  ['held', 'To go on: nightsweep resume held'],
  ['new', 'To go on: nightsweep resume new'],
  ['failed', 'To try what failed again: nightsweep retry failed --failed'],
  ['finished-long-ago-and-with-a-long-name', undefined],
])('the next step of %s', (name, expected) => {
  const found = SWEEPS.find((each) => each.name === name)!;
  expect(nextStep(found, 'nightsweep.db')).toBe(expected);
  const elsewhere = nextStep(found, 'my results.db');
  expect(elsewhere).toBe(expected && `${expected} --db 'my results.db'`);
});
