/** `nightsweep verify`: checks what must hold of a database, and trains trials again to compare their bits. */

import { availableParallelism } from 'node:os';
import { Command } from 'commander';
import type { CheckResult, Verification } from '../../db/verify.ts';
import type { RerunResult } from '../coordinator/rerun.ts';
import { SweepError } from '../errors.ts';
import { databaseOption, wholeNumber } from './options.ts';

interface VerifyOptions {
  readonly db: string;
  readonly rerun?: number;
  readonly seed?: number;
}

const EXIT_VIOLATED = 2;

export function verifyCommand(): Command {
  return new Command('verify')
    .description('check what must hold of the results; works while a sweep runs')
    .summary('check what must hold of the results')
    .argument('[sweep]', 'name of a sweep (default: all)')
    .addOption(databaseOption())
    .option('--rerun <n>', 'train n finished trials once more, and compare every number', wholeNumber)
    .option('--seed <s>', 'which trials those are (default: other ones each time)', wholeNumber)
    .addHelpText(
      'after',
      `
Examples:
  nightsweep verify
  nightsweep verify moons --rerun 5

Exit codes: 0 all is as it must be; 2 something is not; 1 usage.`,
    )
    .action(async (name: string | undefined, { db, rerun, seed = Date.now() % 1_000_000 }: VerifyOptions) => {
      if (rerun !== undefined && name === undefined) {
        throw new SweepError('usage', {
          message: '--rerun must have a sweep',
          hint: 'try: nightsweep verify SWEEP --rerun 5',
        });
      }
      const { verify } = await import('../../db/verify.ts');
      const verification = verify(db, name);
      process.stdout.write(verificationReport(db, verification));
      const [sweep] = verification.sweeps;
      const violated = isViolated(verification);
      const differs = rerun !== undefined && sweep ? await rerunAndReport(db, sweep.id, rerun, seed) : false;
      if (violated || differs) process.exitCode = EXIT_VIOLATED;
    });
}

function isViolated({ database, sweeps }: Verification): boolean {
  return [...database, ...sweeps.flatMap(({ checks }) => checks)].some(({ violated }) => violated > 0);
}

function verificationReport(file: string, { database, sweeps }: Verification): string {
  const sections = [{ name: file, checks: database }, ...sweeps];
  const names = Math.max(...sections.flatMap(({ checks }) => checks.map((check) => check.name.length)));
  return sections
    .map(({ name, checks }) => `${name}\n${checks.map((each) => checkLines(each, names)).join('')}`)
    .join('');
}

function checkLines({ name, must, counted, unit, violations, violated, advice }: CheckResult, names: number): string {
  const first = `  ${violated === 0 ? 'ok ' : 'BAD'}  ${name.padEnd(names)}  ${counted} ${unit}: ${must}\n`;
  if (violated === 0) return first;
  const more = violated > violations.length ? [`and ${violated - violations.length} more`] : [];
  const lines = [...violations, ...more].map((line) => `         ${line}\n`).join('');
  return `${first}${lines}         What to do: ${advice}\n`;
}

/** Whether a trial is not the same bits where it had to be. */
async function rerunAndReport(database: string, sweep: number, count: number, seed: number): Promise<boolean> {
  const { rerunTrials } = await import('../coordinator/rerun.ts');
  process.stdout.write(`\nTraining up to ${count} finished trials once more (--seed ${seed})\n`);
  let differs = false;
  const workers = availableParallelism();
  const trained = await rerunTrials({ database, sweep, count, seed, workers }, (result) => {
    process.stdout.write(rerunLines(result));
    if (result.differences.length > 0 && sameFingerprint(result)) differs = true;
  });
  if (trained === 0) process.stdout.write('  no trial has finished yet\n');
  return differs;
}

function rerunLines(result: RerunResult): string {
  const { config, replicate, rows, differences, fingerprint, fingerprintNow } = result;
  const same = differences.length === 0;
  const mark = same ? 'ok ' : sameFingerprint(result) ? 'BAD' : '?  ';
  const lines = [
    `  ${mark}  trial ${config}/${replicate}  ${rows} rows: ${same ? 'the same bits' : 'not the same bits'}`,
  ];
  if (same) return `${lines[0]}\n`;
  lines.push(...differences.map((difference) => `         ${difference}`));
  if (!sameFingerprint(result)) {
    lines.push(`         No defect: it was trained with other software or on another kind of processor`);
    lines.push(`         then: ${fingerprint}`, `         now:  ${fingerprintNow}`);
  } else if (fingerprint.endsWith('; module')) {
    lines.push('         A module trains it: its numbers repeat only if they come from `seed` and `params` alone');
  } else {
    lines.push(
      '         What to do: do not trust this trial; run the sweep again under another name (--name), and compare',
    );
  }
  return lines.map((line) => `${line}\n`).join('');
}

function sameFingerprint({ fingerprint, fingerprintNow }: RerunResult): boolean {
  return fingerprint === fingerprintNow;
}
