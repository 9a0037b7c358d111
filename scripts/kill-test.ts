/**
 * `npm run kill-test -- --rounds N`: whole sweeps, killed by SIGKILL again and again until they are finished; their tables
 * must be the bytes of an undisturbed run's. docs/durability.md says what is counted. Exit code 1 on any difference.
 */

import { Command, InvalidArgumentError } from 'commander';
import { formatTable } from '../src/cli/text/table.ts';
import { FAULT_POINTS, TARGETS, type RoundResult, killedRun, undisturbedRun } from '../test/kill/round.ts';

const { rounds, seed } = new Command('npm run kill-test --')
  .description('Kills sweeps at random moments and at chosen points, and compares what they end with.')
  .option('--rounds <n>', 'sweeps to kill', wholeNumber, 5)
  .option('--seed <s>', 'decides when is killed, as far as a clock can be told', wholeNumber, Date.now() % 1_000_000)
  .parse()
  .opts<{ readonly rounds: number; readonly seed: number }>();

process.stderr.write(`--seed ${seed}: the undisturbed run\n`);
const undisturbed = await undisturbedRun();
const results: RoundResult[] = [];
for (let round = 0; round < rounds; round += 1) {
  process.stderr.write(`round ${round + 1} of ${rounds}\n`);
  const result = await killedRun(round, seed, undisturbed);
  for (const problem of result.problems) process.stderr.write(`round ${round + 1}: ${problem}\n`);
  results.push(result);
}
const COLUMNS = [
  'round',
  'seconds',
  'starts',
  ...TARGETS,
  ...FAULT_POINTS,
  'deaths survived',
  'attempts resumed',
  'attempts anew',
  'most lost (s)',
  'interval (s)',
  'failed',
  'problems',
];
const sum = (of: (result: RoundResult) => number): number => results.reduce((total, each) => total + of(each), 0);
const most = (of: (result: RoundResult) => number): string => Math.max(0, ...results.map(of)).toFixed(2);
process.stdout.write(
  formatTable(COLUMNS, [
    ...results.map((result, index) => [
      String(index + 1),
      result.seconds.toFixed(1),
      result.starts,
      ...TARGETS.map((target) => result.kills[target]),
      ...FAULT_POINTS.map((point) => result.faults[point]),
      result.deathsSurvived,
      result.attemptsResumed,
      result.attemptsRestarted,
      result.mostLost.seconds.toFixed(2),
      result.mostLost.interval.toFixed(2),
      result.failed,
      result.problems.length,
    ]),
    [
      'all',
      sum(({ seconds }) => seconds).toFixed(1),
      sum(({ starts }) => starts),
      ...TARGETS.map((target) => sum(({ kills }) => kills[target])),
      ...FAULT_POINTS.map((point) => sum(({ faults }) => faults[point])),
      sum(({ deathsSurvived }) => deathsSurvived),
      sum(({ attemptsResumed }) => attemptsResumed),
      sum(({ attemptsRestarted }) => attemptsRestarted),
      most(({ mostLost }) => mostLost.seconds),
      most(({ mostLost }) => mostLost.interval),
      sum(({ failed }) => failed),
      sum(({ problems }) => problems.length),
    ],
  ]),
);
const rows = [...undisturbed.tables].map(([view, lines]) => `${lines.length} rows of ${view}`).join(', ');
process.stdout.write(`\nUndisturbed: ${undisturbed.seconds.toFixed(1)} s; compared: ${rows}\n`);
if (results.some(({ problems }) => problems.length > 0)) process.exitCode = 1;

function wholeNumber(text: string): number {
  if (!/^\d{1,6}$/.test(text)) throw new InvalidArgumentError('it must be a whole number.');
  return Number(text);
}
