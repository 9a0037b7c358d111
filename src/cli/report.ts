/** `nightsweep report`: writes all answers of a sweep as one page that needs nothing else. */

import { Command, Option } from 'commander';
import { databaseOption } from './options.ts';
import type { ReportOptions } from './print-report.ts';

export function reportCommand(): Command {
  return new Command('report')
    .description(
      'write a report of a sweep as one HTML file: verdict, leaderboard, curves, what matters, what failed; works while the sweep runs',
    )
    .summary('write a report of a sweep as an HTML file')
    .argument('<sweep>', 'name of the sweep')
    .option('--out <file>', 'file to write; an older report is overwritten (default: SWEEP-report.html)')
    .option('--open', 'open it in a browser')
    .addOption(new Option('--json', 'print what the report shows as JSON instead').conflicts(['out', 'open']))
    .addOption(databaseOption())
    .addHelpText(
      'after',
      `
Examples:
  nightsweep report quickstart
  nightsweep report quickstart --out /tmp/morning.html --open
  nightsweep report quickstart --json | jq .verdict

It holds results, messages, the definition, versions, and paths as they were
given: nothing of the environment.`,
    )
    .action(async (name: string, options: ReportOptions) => {
      const { printReport } = await import('./print-report.ts');
      await printReport(name, options);
    });
}
