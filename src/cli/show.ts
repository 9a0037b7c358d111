/** `nightsweep show`: what a sweep has found; or one of its configs or trials at a glance. */

import { Command } from 'commander';
import type { Reader } from '../../db/reader.ts';
import { databaseOption } from './options.ts';
import type { Paper } from './text/paint.ts';

export function showCommand(): Command {
  return new Command('show')
    .description(
      'show what a sweep has found: which settings are better and how sure that is, what matters, what failed and what to try next; or one of its configs or trials',
    )
    .summary('show what a sweep has found, a config or a trial')
    .argument(
      '<subject>',
      'name of a sweep; a config as SWEEP/CONFIG; or a trial as SWEEP/CONFIG/REPLICATE or by its number',
    )
    .addOption(databaseOption())
    .addHelpText(
      'after',
      '\nExamples:\n  nightsweep show quickstart\n  nightsweep show quickstart/3\n  nightsweep show quickstart/3/0',
    )
    .action(async (subject: string, { db }: { readonly db: string }) => {
      const [{ Reader }, { paperForStdout }] = await Promise.all([
        import('../../db/reader.ts'),
        import('./text/paint.ts'),
      ]);
      const reader = Reader.open(db);
      try {
        process.stdout.write(await report(reader, subject, db, paperForStdout()));
      } finally {
        reader.close();
      }
    });
}

async function report(reader: Reader, subject: string, database: string, paper: Paper): Promise<string> {
  const [, sweep, config, replicate] = /^([^/]+)\/(\d+)(?:\/(\d+))?$/.exec(subject) ?? [];
  if (sweep !== undefined && replicate === undefined) {
    const [{ configReport }, { readShownConfig }] = await Promise.all([
      import('./show/show-config.ts'),
      import('./show/read-shown.ts'),
    ]);
    return configReport(readShownConfig(reader, sweep, Number(config)), paper);
  }
  // A sweep may be called 12, too: its name comes first.
  if (sweep !== undefined || (/^\d+$/.test(subject) && !reader.hasSweep(subject))) {
    const { trialReport } = await import('./show/show-trial.ts');
    const place = { sweep: sweep ?? '', config: Number(config), replicate: Number(replicate) };
    return trialReport(reader.trial(sweep === undefined ? Number(subject) : place), paper);
  }
  const [{ sweepReport }, { readShown }] = await Promise.all([
    import('./show/show-sweep.ts'),
    import('./show/read-shown.ts'),
  ]);
  return sweepReport(readShown(reader, subject, database), paper);
}
