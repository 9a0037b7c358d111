/**
 * `npm run studies [-- NAME...]`: runs the lecture's studies through the command line and says, figure by figure,
 * whether their means agree with the published ones. Exit code 1 on a disagreement.
 * Options: --db FILE keeps the results, --replicates N and --epochs N make a quick trial run, --list only lists.
 */

import { execFile, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { z } from 'zod';
import { FIGURES, type Figure } from './studies-figures.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const command = ['--import', 'tsx', join(root, 'src/cli/main.ts')];
/** What `sql --format json` prints of a query for one value. */
const answer = z.array(z.object({ value: z.number().nullable() })).length(1);
/** Exit codes of `run` that leave results: all completed, some failed (the study of diverging runs wants that). */
const ENDED: ReadonlySet<number | null> = new Set([0, 2]);

const { values: options, positionals: names } = parseArgs({
  allowPositionals: true,
  options: {
    db: { type: 'string' },
    workers: { type: 'string' },
    replicates: { type: 'string' },
    epochs: { type: 'string' },
    list: { type: 'boolean', default: false },
  },
});

const known = [...new Set(FIGURES.map(({ sweep }) => sweep))];
const unknown = names.filter((name) => !known.includes(name));
if (unknown.length > 0) {
  process.stderr.write(`unknown studies: ${unknown.join(', ')}; there are ${known.join(', ')}\n`);
  process.exit(1);
}
const chosen = names.length > 0 ? known.filter((name) => names.includes(name)) : known;
if (options.list) process.stdout.write(`${chosen.join('\n')}\n`);
else process.exitCode = (await runStudies(chosen)) ? 0 : 1;

async function runStudies(sweeps: readonly string[]): Promise<boolean> {
  const folder = await mkdtemp(join(tmpdir(), 'studies-'));
  const database = options.db ?? join(folder, 'studies.db');
  let agreed = 0;
  let disagreed = 0;
  try {
    for (const sweep of sweeps) {
      const figures = FIGURES.filter((candidate) => candidate.sweep === sweep);
      const code = await runSweep(sweep, database);
      if (!ENDED.has(code)) {
        process.stdout.write(`${sweep} must run to its end, but ended with exit code ${code}: disagree\n`);
        disagreed += figures.length;
        continue;
      }
      for (const figure of figures) {
        const value = await measure(figure, database);
        const agrees = value !== null && value >= figure.low && value <= figure.high;
        if (agrees) agreed += 1;
        else disagreed += 1;
        process.stdout.write(`${row(figure, value, agrees)}\n`);
      }
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  process.stdout.write(`${agreed} agree, ${disagreed} disagree\n`);
  return disagreed === 0;
}

/** Resolves to the exit code; null after a signal. */
async function runSweep(sweep: string, database: string): Promise<number | null> {
  const changes = [
    ...(options.replicates === undefined ? [] : ['--set', `replicates=${options.replicates}`]),
    ...(options.epochs === undefined ? [] : ['--set', `train.epochs=${options.epochs}`]),
    ...(options.workers === undefined ? [] : ['--workers', options.workers]),
  ];
  const file = join(root, 'sweeps', `${sweep}.yaml`);
  const child = spawn(process.execPath, [...command, 'run', file, '--db', database, '--plain', ...changes], {
    stdio: ['ignore', process.stderr, process.stderr],
  });
  return new Promise((done, fail) => {
    child.once('error', fail);
    child.once('exit', done);
  });
}

/** The mean of a figure over its replicates; null where there is no result. */
async function measure({ sweep, where, measure: expression }: Figure, database: string): Promise<number | null> {
  const query = `SELECT ${expression} AS value FROM "${sweep}" WHERE ${where}`;
  const { stdout } = await promisify(execFile)(process.execPath, [
    ...command,
    'sql',
    query,
    '--db',
    database,
    '--format',
    'json',
  ]);
  const parsed: unknown = JSON.parse(stdout);
  return answer.parse(parsed)[0]?.value ?? null;
}

function row({ sweep, what, published, low, high }: Figure, value: number | null, agrees: boolean): string {
  const cells = [
    sweep.padEnd(22),
    what.padEnd(38),
    `published ${published}`.padEnd(18),
    `allowed [${short(low)}, ${short(high)}]`.padEnd(26),
    `mean ${value === null ? 'none' : short(value)}`.padEnd(14),
  ];
  return `${cells.join(' ')} ${agrees ? 'agree' : 'disagree'}`;
}

function short(value: number): string {
  return String(Number(value.toPrecision(4)));
}
