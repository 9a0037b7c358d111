/** `nightsweep setup`: does for an installed package what `npm start` does for a checkout, and offers it on a first run. */

import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { Command } from 'commander';
import { packageRoot } from '../package-info.ts';

export function setupCommand(): Command {
  return new Command('setup')
    .description('compile SQLite and fetch the native backend, as far as it is still to be done')
    .summary('compile SQLite and fetch the native backend')
    .addHelpText(
      'after',
      `
Example:
  nightsweep setup

Downloads about 210 MB once, into a cache in your home folder (NIGHTSWEEP_CACHE
names another one). Without Python's pip or a C++ compiler, or where downloads
are blocked, sweeps run on the slower wasm backend.`,
    )
    .action(async () => {
      process.exitCode = await runSetup();
    });
}

/** Offers set-up where it never ran; without a terminal it only says so. Nothing happens where it ran before. */
export async function offerSetup(): Promise<void> {
  const { readSetUp } = await import('../setup-verdict.ts');
  const { state } = readSetUp();
  if (state === 'ran') return;
  // A left-out package may be meant so: it is no reason to ask at every run.
  if (state === 'left out' || !process.stdin.isTTY || !process.stderr.isTTY) {
    process.stderr.write('nightsweep: set-up has not run yet; `nightsweep setup` brings the fast native backend\n');
    return;
  }
  const question = 'Set-up has not run here: it fetches the native backend, about 210 MB. Run it now? [Y/n] ';
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await lines.question(question).finally(() => lines.close());
  if (!/^\s*n/i.test(answer)) await runSetup();
}

/** Runs scripts/setup.mjs, which needs no packages, on this terminal; resolves to its exit code. */
function runSetup(): Promise<number> {
  return new Promise((resolve, reject) => {
    const script = join(packageRoot, 'scripts', 'setup.mjs');
    const child = spawn(process.execPath, [script, '--retry'], { stdio: 'inherit' });
    child.on('error', reject);
    child.on('close', (code) => resolve(code ?? 1));
  });
}
