/**
 * Makes a database as a long night leaves it, without training: `npx tsx scripts/big-database.ts FILE [--configs N]
 * [--replicates N] [--epochs N] [--done SHARE] [--seed N]`.
 */

import { Command } from 'commander';
import { makeSweep, type Sizes } from '../test/frames/made-sweep.ts';

const onProgress = (done: number, of: number): void => {
  if (done % 10_000 === 0) process.stderr.write(`${done} of ${of} trials\n`);
};

const command = new Command('big-database')
  .argument('<file>', 'the database; the sweep in it is called big')
  .option('--configs <n>', 'of 4 searched parameters; the baseline comes besides', Number, 10_000)
  .option('--replicates <n>', 'of each config', Number, 10)
  .option('--epochs <n>', 'of each trial', Number, 50)
  .option('--done <share>', 'share of the trials that have ended', Number, 0.95)
  .option('--seed <n>', 'of all that looks random', Number, 1)
  .action((file: string, sizes: Sizes) => void makeSweep(file, { ...sizes, onProgress }));
command.parse();
