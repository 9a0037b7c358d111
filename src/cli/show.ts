/** `nightsweep show`: a sweep or a trial at a glance. */

import { Command } from 'commander';
import type { Reader } from '../../db/reader.ts';
import { databaseOption } from './options.ts';

export function showCommand(): Command {
  return new Command('show')
    .description('show a sweep, or one of its trials')
    .argument('<sweep|trial>', 'name of a sweep; or a trial as SWEEP/CONFIG/REPLICATE or by its number')
    .addOption(databaseOption())
    .addHelpText('after', '\nExamples:\n  nightsweep show quickstart\n  nightsweep show quickstart/3/0')
    .action(async (subject: string, { db }: { readonly db: string }) => {
      const { Reader } = await import('../../db/reader.ts');
      const reader = Reader.open(db);
      try {
        process.stdout.write(await report(reader, subject, db));
      } finally {
        reader.close();
      }
    });
}

async function report(reader: Reader, subject: string, database: string): Promise<string> {
  const [{ paperForStdout }, { trialReport }, { sweepReport }, { readShown }] = await Promise.all([
    import('./paint.ts'),
    import('./show-trial.ts'),
    import('./show-sweep.ts'),
    import('./read-shown.ts'),
  ]);
  const paper = paperForStdout();
  const [, sweep, config, replicate] = /^([^/]+)\/(\d+)\/(\d+)$/.exec(subject) ?? [];
  if (sweep !== undefined) {
    return trialReport(reader.trial({ sweep, config: Number(config), replicate: Number(replicate) }), paper);
  }
  // A sweep may be called 12, too: its name comes first.
  if (/^\d+$/.test(subject) && !reader.hasSweep(subject)) return trialReport(reader.trial(Number(subject)), paper);
  return sweepReport(readShown(reader, subject, database), paper);
}
