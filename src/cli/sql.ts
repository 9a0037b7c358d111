/** `nightsweep sql`: a query on the results, as a table for people or as CSV or JSON for programs. */

import { Command } from 'commander';
import { choiceOption, databaseOption } from './options.ts';
import type { SqlOptions } from './run-query.ts';

export function sqlCommand(): Command {
  return new Command('sql')
    .description('query the results with SQL; the database is only read')
    .summary('query the results with SQL')
    .argument('[query]', 'one SELECT')
    .addOption(
      choiceOption('--format <format>', 'how to print rows', ['table', 'csv', 'json', 'ndjson']).default('table'),
    )
    .option('--views', 'list the views and their columns instead')
    .addOption(databaseOption())
    .addHelpText(
      'after',
      `
Examples:
  nightsweep sql --views
  nightsweep sql "SELECT params, mean FROM leaderboard ORDER BY rank LIMIT 5"
  nightsweep sql 'SELECT l2, avg(test_loss) FROM moons GROUP BY 1' --format csv`,
    )
    .action(async (query: string | undefined, options: SqlOptions) => {
      const { printQuery } = await import('./run-query.ts');
      await printQuery(query, options);
    });
}
