/**
 * Puts what the dashboard shows of a sweep that runs into docs/dashboard.md, each view where the page has a line
 * `<!-- capture NAME -->`: `npx tsx scripts/dashboard-captures.ts`, after a build. Needs tmux.
 */

import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const MAIN = join(ROOT, 'dist/src/cli/main.js');
const PAGE = join(ROOT, 'docs/dashboard.md');
const SIZE = { columns: 100, rows: 30 } as const;
/** Milliseconds after which something must have been shown. */
const PATIENCE = 60_000;

/** Long enough to be looked at while it runs; the highest rate makes a squared error diverge. */
const SWEEP = `
name: night
data: { generator: moons, samples: 400, noise: 0.25, seed: 1, split: { train: 200, validation: 100, test: rest } }
model:
  hidden: { activation: relu, dropout: $dropout, l2: $l2 }
  layers: [{ units: 64 }, { units: 64 }, { units: 1 }]
train:
  loss: mse
  optimizer: { name: sgd, learning_rate: $learning_rate, momentum: 0.9 }
  batch_size: 16
  epochs: 6000
  early_stopping: { monitor: validation_loss, patience: 2000 }
  keep: best
search:
  learning_rate: { values: [0.001, 0.003, 0.01, 3] }
  dropout: { values: [0, 0.2, 0.4] }
  l2: { values: [0, 0.0001] }
replicates: 5
baseline: { learning_rate: 0.01, dropout: 0, l2: 0 }
objective: validation_loss
`;

/** What is pressed to come to a view from the one before, and what shows that it is there. */
const VIEWS: readonly { readonly name: string; readonly keys: readonly string[]; readonly shows: RegExp }[] = [
  { name: 'overview', keys: [], shows: /Best configs/ },
  { name: 'trials', keys: ['2', 's'], shows: /config/ },
  { name: 'filter', keys: ['Escape', '/', 'dropout=0.2 completed', 'Enter'], shows: /dropout=0\.2/ },
  { name: 'trial', keys: ['Enter'], shows: /epoch/ },
  { name: 'compare', keys: ['3'], shows: /learning_rate/ },
  { name: 'heat-map', keys: ['c'], shows: /dropout/ },
  { name: 'failures', keys: ['4'], shows: /diverged/ },
  { name: 'log', keys: ['5'], shows: /\d\d:\d\d/ },
  { name: 'pause', keys: ['1', 'p'], shows: /\?/ },
  { name: 'help', keys: ['n', '?'], shows: /Keys everywhere/ },
  { name: 'sweeps', keys: ['Escape', 'Escape'], shows: /created/ },
];

const folder = mkdtempSync(join(tmpdir(), 'nightsweep-captures-'));
const server = `captures-${process.pid}`;
let page = readFileSync(PAGE, 'utf8');
try {
  writeFileSync(join(folder, 'night.yaml'), SWEEP);
  const run = spawn(process.execPath, [MAIN, 'run', 'night.yaml', '--plain'], { cwd: folder, stdio: 'ignore' });
  const ended = new Promise<void>((resolve) => void run.once('close', () => resolve()));
  await until(() => spawnSync(process.execPath, [MAIN, 'show', 'night'], { cwd: folder }).status === 0);
  const size = ['-x', String(SIZE.columns), '-y', String(SIZE.rows)];
  tmux('new-session', '-d', ...size, '-c', folder, `env -u CI LANG=C.UTF-8 ${process.execPath} ${MAIN} watch night`);
  // The best are told apart when some replicates of all have ended.
  await until(() => Number(/(\d+) %  /.exec(screen())?.[1] ?? 0) >= 30);
  for (const { name, keys, shows } of VIEWS) {
    for (const key of keys) {
      tmux('send-keys', key);
      await wait(700);
    }
    await until(() => shows.test(screen()));
    await wait(1500);
    page = withCapture(page, name, screen());
  }
  tmux('send-keys', 'q');
  run.kill('SIGTERM');
  await ended;
  writeFileSync(PAGE, page);
} finally {
  spawnSync('tmux', ['-L', server, 'kill-server']);
  rmSync(folder, { recursive: true, force: true });
}

function tmux(...args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync('tmux', ['-L', server, '-f', '/dev/null', ...args], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`tmux ${args.join(' ')}: ${stderr}`);
  return stdout;
}

function screen(): string {
  return tmux('capture-pane', '-p').trimEnd();
}

async function until(isSo: () => boolean): Promise<void> {
  for (const end = Date.now() + PATIENCE; !isSo(); await wait(200)) {
    if (Date.now() > end) throw new Error(`what was waited for was never shown, but this:\n${screen()}`);
  }
}

/** The page with this screen in the block of code below the mark. */
function withCapture(text: string, name: string, capture: string): string {
  const mark = `<!-- capture ${name} -->`;
  const [before, after, ...more] = text.split(mark);
  if (after === undefined || more.length > 0) throw new Error(`docs/dashboard.md must have one line ${mark}`);
  const rest = after.replace(/^\s*```text\n[\s\S]*?\n```/, '');
  return `${before}${mark}\n\n\`\`\`text\n${capture}\n\`\`\`${rest}`;
}
