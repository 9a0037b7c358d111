/** `nightsweep rm`: deletes a sweep with all its results, after asking. */

import { Command } from 'commander';
import { createInterface } from 'node:readline/promises';
import { SweepError } from '../errors.ts';
import { databaseOption } from './options.ts';

interface RmOptions {
  readonly db: string;
  readonly yes?: true;
}

export function rmCommand(): Command {
  return new Command('rm')
    .description('delete a sweep with all its results')
    .argument('<sweep>', 'name of the sweep')
    .option('-y, --yes', 'do not ask')
    .addOption(databaseOption())
    .addHelpText('after', '\nExample:\n  nightsweep rm quickstart --yes')
    .action(async (name: string, { db, yes }: RmOptions) => {
      const { Reader } = await import('../../db/reader.ts');
      const { Store } = await import('../../db/store.ts');
      const reader = Reader.open(db);
      let trials: number;
      try {
        ({ trials } = reader.sweepNamed(name));
      } finally {
        reader.close();
      }
      if (!yes && !(await confirmed(`Delete ${name} with its ${trials} trials and all their results?`))) {
        process.stdout.write('Nothing was deleted.\n');
        return;
      }
      const store = Store.open(db);
      try {
        store.removeSweep(name);
      } finally {
        store.close();
      }
      process.stdout.write(`Deleted ${name}. Its room in ${db} is used by the next sweeps.\n`);
    });
}

async function confirmed(question: string): Promise<boolean> {
  if (!process.stdin.isTTY) {
    throw new SweepError('usage', {
      message: 'rm asks before it deletes, but there is nobody to ask',
      hint: 'say --yes',
    });
  }
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await terminal.question(`${question} [y/N] `)).trim());
  } finally {
    terminal.close();
  }
}
