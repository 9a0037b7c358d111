/** `nightsweep report` as its user sees it: the file, what is said of it, and that the commands in it work. */

import type { Command } from 'commander';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test, vi } from 'vitest';
import { buildProgram } from '../../src/cli/program.ts';
import { reportCommand } from '../../src/cli/report.ts';
import { runSweep } from '../../src/index.ts';
import type { ReportData } from '../../src/report/report-data.ts';
import { emptyFolder } from '../empty-folder.ts';
import { rowsOf } from '../db/rows.ts';
import { runningDatabase } from '../frames/databases.ts';
import { Workplace } from './nightsweep.ts';

const DEFINITION = `
name: blobs
data: { generator: blobs, samples: 40, features: 4, centers: 2, std: 2, seed: 1, split: { train: 20, test: rest } }
model:
  hidden: { activation: relu, dropout: $dropout }
  layers: [{ units: 4 }, { units: 1, activation: sigmoid }]
train: { loss: binary_crossentropy, optimizer: adam, batch_size: 10, epochs: 3 }
search: { dropout: { values: [0, 0.2] } }
replicates: 2
objective: test_accuracy`;

let workplace: Workplace;

beforeAll(async () => {
  workplace = new Workplace();
  workplace.write('blobs.yaml', DEFINITION);
  await runSweep(join(workplace.folder, 'blobs.yaml'), { database: database(), workers: 1, backend: 'cpu' });
});

function database(): string {
  return join(workplace.folder, 'nightsweep.db');
}

/** What a command line prints, run in this process. */
async function said(program: () => Command | Promise<Command>, ...words: readonly string[]): Promise<string> {
  let printed = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed += String(text);
    return true;
  });
  try {
    await (await program()).parseAsync(words, { from: 'user' });
  } finally {
    vi.restoreAllMocks();
  }
  return printed;
}

function report(...words: readonly string[]): Promise<string> {
  return said(reportCommand, ...words);
}

/** The words of a command after `nightsweep`, as a shell reads them. */
function wordsOf(command: string): string[] {
  const script = `nightsweep() { printf '%s\\0' "$@"; }\n${command}`;
  return execFileSync('sh', ['-c', script], { encoding: 'utf8' }).split('\0').slice(0, -1);
}

test('writes SWEEP-report.html into the current folder, and says how to see it', async () => {
  const here = process.cwd();
  process.chdir(workplace.folder);
  try {
    expect(await report('blobs')).toMatch(
      /^Wrote blobs-report\.html \(\d+ kB\): one file, which needs no network\.\nOpen it in a browser: file:\/\/\/.*\/blobs-report\.html\nFrom another machine, copy it there first: scp \S+:\/\S+\/blobs-report\.html \.\n$/,
    );
  } finally {
    process.chdir(here);
  }
  expect(readdirSync(workplace.folder)).toContain('blobs-report.html');
});

test('overwrites its own report, and nothing else', async () => {
  const file = join(workplace.folder, 'a.html');
  await report('blobs', '--db', database(), '--out', file);
  expect(await report('blobs', '--db', database(), '--out', file)).toContain(`Wrote ${file}`);
  workplace.write('mine.html', '<p>mine</p>');
  const mine = join(workplace.folder, 'mine.html');
  await expect(report('blobs', '--db', database(), '--out', mine)).rejects.toThrow('is a file of another kind');
  expect(readFileSync(mine, 'utf8')).toBe('<p>mine</p>');
});

test('--json prints what the page shows, and writes nothing', async () => {
  const before = readdirSync(workplace.folder);
  const data = JSON.parse(await report('blobs', '--db', database(), '--json')) as ReportData;
  expect(data.leaderboard).toHaveLength(2);
  expect(readdirSync(workplace.folder)).toEqual(before);
});

test('names the sweep that was meant', async () => {
  await expect(report('blob', '--db', database())).rejects.toThrow(/did you mean blobs/);
});

test('the commands in a report work, and its definition trains the same sweep again', async () => {
  const { reproduce } = JSON.parse(await report('blobs', '--db', database(), '--json')) as ReportData;
  const commands = reproduce.commands.map(({ command }) => wordsOf(command));
  expect(commands.map(([name]) => name)).toEqual(['best', 'show', 'sql', 'verify', 'run']);
  for (const words of commands.slice(0, -1)) {
    // Training is slow, and `verify` has tests of its own.
    expect(await said(() => buildProgram(), ...words.map((word) => (word === '5' ? '0' : word)))).not.toBe('');
  }
  const again = commands.at(-1)!;
  expect(reproduce.commands.at(-1)!.does).toContain(again[1]);
  writeFileSync(again[1]!, reproduce.definition);
  expect(await workplace.run(...again, '--backend', 'cpu', '--plain')).toMatchObject({ code: 0, stderr: '' });
  const sweeps = rowsOf(database(), 'SELECT sweep, hash, completed FROM sweeps ORDER BY sweep');
  expect(sweeps).toEqual([
    { sweep: 'blobs', hash: reproduce.hash, completed: 4 },
    { sweep: 'blobs-again', hash: reproduce.hash, completed: 4 },
  ]);
});

test('a sweep that runs has a report of what there is', async () => {
  const folder = emptyFolder();
  const running = runningDatabase(folder);
  const out = join(folder, 'running.html');
  expect(await report(running.sweep!, '--db', running.file, '--out', out)).toContain(`Wrote ${out}`);
  const data = JSON.parse(await report(running.sweep!, '--db', running.file, '--json')) as ReportData;
  running.close();
  expect(data.sweep).toMatchObject({ state: 'running', states: { running: 16 } });
  expect(data.leaderboard.length).toBeGreaterThan(0);
  expect(existsSync(out)).toBe(true);
});
