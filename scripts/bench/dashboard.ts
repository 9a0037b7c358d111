/** How soon the dashboard is there, how soon it answers, and what it costs: the sweep that it watches, and a core. */

import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { Reader } from '../../db/reader.ts';
import { Program } from '../../test/frames/program.ts';
import { median } from './interleaved.ts';
import { markdownTable, short } from './markdown.ts';
import { build, ROOT, runProcess, runSweep } from './processes.ts';

const SIZE = { columns: 120, rows: 40 } as const;
const MAIN = join(ROOT, 'dist/src/cli/main.js');
/** Seconds over which the idle watcher's CPU time is taken. */
const IDLE = 20;
/** What is trained while somebody looks on; milliseconds until it is in the database, until a dashboard stands, and until it is calm. */
const WATCHED = { sweep: 'circles-dropout', epochs: 6000, untilThere: 3000, opening: 400, untilSteady: 2000 } as const;
/** What is pressed, in turn, and how it is called in the table. */
const KEYS: readonly (readonly [keys: string, name: string])[] = [
  ['2', 'to Trials'],
  ['j', 'next row'],
  ['j', 'next row'],
  [' ', 'next page'],
  ['G', 'last row'],
  ['g', 'first row'],
  ['\r', 'to Trial'],
  ['l', 'logarithmic scale'],
  ['3', 'to Compare'],
  ['\u001b[C', 'another parameter'],
  ['4', 'to Failures'],
  ['j', 'next row'],
  ['5', 'to Log'],
  ['1', 'to Overview'],
  ['?', 'help'],
  ['x', 'closes help'],
];

export interface DashboardTables {
  readonly speed: string;
  readonly throughput: string;
}

/** @param database made by scripts/big-database.ts; undefined makes one of 100,000 trials with 50 epochs each */
export async function dashboardTables(repeats: number, database: string | undefined): Promise<DashboardTables> {
  await build();
  const folder = await mkdtemp(join(tmpdir(), 'nightsweep-bench-'));
  try {
    const file = database ?? (await bigDatabase(folder));
    return { speed: await speedTable(file, repeats), throughput: await throughputTable(folder, repeats) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

export async function bigDatabase(folder: string): Promise<string> {
  const file = join(folder, 'big.db');
  const sizes = ['--configs', '10000', '--replicates', '10', '--epochs', '50'];
  const script = ['--import', 'tsx', join(ROOT, 'scripts/big-database.ts'), file, ...sizes];
  const { code } = await runProcess(process.execPath, script);
  if (code !== 0) throw new Error('the database must be made before it is looked at');
  return file;
}

async function speedTable(file: string, repeats: number): Promise<string> {
  const firstFrames: number[] = [];
  for (let round = 0; round < repeats; round += 1) firstFrames.push(await firstFrame(file));
  const { reactions, idle } = await reactionsAndIdle(file, repeats);
  const rows = [
    ['first frame, ms', short(median(firstFrames)), short(Math.max(...firstFrames)), 'below 300'],
    ...[...reactions].map(([name, times]) => [
      `key: ${name}, ms`,
      short(median(times)),
      short(Math.max(...times)),
      'below 50',
    ]),
    ['CPU while nothing changes, % of a core', short(100 * idle), '', 'below 5'],
  ];
  return markdownTable(['what', 'median', 'worst', 'wanted'], rows);
}

/** Milliseconds from the start of the process until progress is on the screen. */
async function firstFrame(file: string): Promise<number> {
  const begun = performance.now();
  const program = watch('big', file);
  await program.until((text) => /\d %/.test(text));
  const taken = performance.now() - begun;
  await leave(program);
  return taken;
}

async function reactionsAndIdle(
  file: string,
  repeats: number,
): Promise<{ readonly reactions: ReadonlyMap<string, readonly number[]>; readonly idle: number }> {
  const program = watch('big', file);
  await program.until((text) => /\d %/.test(text));
  const reactions = new Map<string, number[]>();
  for (let round = 0; round < repeats; round += 1) {
    for (const [keys, name] of KEYS) {
      // Keys of a person: one after the other, each when the frame before has been seen.
      await setTimeout(400);
      const before = program.text();
      const pressed = performance.now();
      program.press(keys);
      await Promise.race([program.until((text) => text !== before), refuse(`${name}:\n${before}`)]);
      reactions.set(name, [...(reactions.get(name) ?? []), performance.now() - pressed]);
    }
  }
  await setTimeout(3000);
  const before = cpuSeconds(program.pid()!);
  await setTimeout(IDLE * 1000);
  const idle = (cpuSeconds(program.pid()!) - before) / IDLE;
  await leave(program);
  return { reactions, idle };
}

/** Rejects after a while: the key must change what is shown. */
async function refuse(what: string): Promise<never> {
  await setTimeout(10_000, undefined, { ref: false });
  throw new Error(`this key changed nothing on the screen: ${what}`);
}

/**
 * The same sweep with and without somebody who looks on, in turn: epochs per second from a moment when the dashboard stands
 * to the end of the training. What it costs to open one is paid once in a night.
 */
async function throughputTable(folder: string, repeats: number): Promise<string> {
  const pairs: { readonly watched: number; readonly alone: number }[] = [];
  const run = async (name: string, isWatched: boolean): Promise<number> => {
    const database = join(folder, `${name}.db`);
    const ending = runSweep(join(ROOT, `sweeps/${WATCHED.sweep}.yaml`), database, [
      '--set',
      `train.epochs=${WATCHED.epochs}`,
    ]);
    await setTimeout(WATCHED.untilThere);
    const program = isWatched ? watch(WATCHED.sweep, database) : undefined;
    await program?.until((text) => text.includes('Overview'));
    await setTimeout(isWatched ? WATCHED.untilSteady : WATCHED.untilSteady + WATCHED.opening);
    const before = progressOf(database);
    await ending;
    const after = progressOf(database);
    if (program) await leave(program);
    return (after.epochs - before.epochs) / (after.at - before.at);
  };
  for (let round = 0; round < repeats; round += 1) {
    const first = round % 2 === 0;
    const one = await run(`one-${round}`, first);
    const other = await run(`other-${round}`, !first);
    pairs.push(first ? { watched: one, alone: other } : { watched: other, alone: one });
  }
  const ratios = pairs.map(({ alone, watched }) => watched / alone).toSorted((a, b) => a - b);
  return markdownTable(
    ['sweep', 'alone, epochs/s', 'watched, epochs/s', 'watched / alone (median of pairs)', 'wanted', 'pairs'],
    [
      [
        `${WATCHED.sweep}, ${WATCHED.epochs} epochs`,
        short(median(pairs.map(({ alone }) => alone))),
        short(median(pairs.map(({ watched }) => watched))),
        median(ratios).toFixed(3),
        'the same',
        ratios.map((ratio) => ratio.toFixed(3)).join(' '),
      ],
    ],
  );
}

/** Epochs that are trained, and when that was, in seconds: the end of the run, where it has ended. */
function progressOf(database: string): { readonly epochs: number; readonly at: number } {
  const reader = Reader.open(database);
  try {
    const { epochs_done, ended_at } = reader.snapshot(WATCHED.sweep);
    return { epochs: epochs_done, at: (ended_at ?? Date.now()) / 1000 };
  } finally {
    reader.close();
  }
}

function watch(sweep: string, database: string): Program {
  return new Program([process.execPath, MAIN, 'watch', sweep, '--db', database], { ...SIZE, cwd: ROOT });
}

async function leave(program: Program): Promise<void> {
  program.press('q');
  await program.ended;
}

/** Of a process with all its threads (Linux only). Source: proc(5). */
function cpuSeconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const TICKS_PER_SECOND = 100;
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}
