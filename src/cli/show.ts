/** `nightsweep show`: a sweep or a trial at a glance. */

import { Command } from 'commander';
import type { Reader } from '../../db/reader.ts';
import { databaseOption, terminalWidth } from './options.ts';
import { sweepReport } from './show-sweep.ts';
import { trialReport } from './show-trial.ts';

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
        process.stdout.write(report(reader, subject, terminalWidth()));
      } finally {
        reader.close();
      }
    });
}

function report(reader: Reader, subject: string, width: number | undefined): string {
  const [, sweep, config, replicate] = /^([^/]+)\/(\d+)\/(\d+)$/.exec(subject) ?? [];
  if (sweep !== undefined) {
    return trialReport(reader.trial({ sweep, config: Number(config), replicate: Number(replicate) }), width);
  }
  // A sweep may be called 12, too: its name comes first.
  if (/^\d+$/.test(subject) && !reader.hasSweep(subject)) return trialReport(reader.trial(Number(subject)), width);
  return sweepReport(reader.sweepNamed(subject), reader.snapshot(subject), reader.notes(subject), width);
}
