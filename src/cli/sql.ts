/** `nightsweep sql`: a query on the results, as a table for people or as CSV or JSON for programs; and queries by name. */

import { Command, InvalidArgumentError, Option } from 'commander';
import { choiceOption, databaseOption } from './options.ts';
import type { SqlOptions } from './sql/run-query.ts';

/** What is done in the place of a query. */
const ACTIONS = ['views', 'queries', 'save', 'forget'];

export function sqlCommand(): Command {
  return new Command('sql')
    .description('query the results with SQL; a query can only read')
    .summary('query the results with SQL')
    .argument('[query]', 'one SELECT, or @NAME for one of --queries')
    .addOption(
      choiceOption('--format <format>', 'how to print rows', ['table', 'csv', 'json', 'ndjson']).default('table'),
    )
    .option('--param <name=value>', 'what :name in the query stands for; may be given again', collectParameter)
    .addOption(instead('--views', 'list the views and their columns, or explain those of one view'))
    .addOption(instead('--queries', 'list the queries that have a name, or print one of them'))
    .addOption(instead('--save <name>', 'keep the query in the database, for @NAME'))
    .addOption(instead('--forget <name>', 'delete a query that was saved'))
    .addOption(databaseOption())
    .addHelpText(
      'after',
      `
Examples:
  nightsweep sql @best --param sweep=moons
  nightsweep sql --views leaderboard
  nightsweep sql "SELECT params, mean FROM leaderboard ORDER BY rank LIMIT 5"
  nightsweep sql 'SELECT l2, avg(test_loss) FROM moons GROUP BY 1' --format csv
  nightsweep sql --save slow "SELECT * FROM attempts WHERE seconds > :least"

Where the database holds one sweep only, :sweep stands for it by itself.`,
    )
    .action(async (query: string | undefined, options: SqlOptions) => {
      const { runSql } = await import('./sql/run-query.ts');
      await runSql(query, options);
    });
}

function instead(flags: string, description: string): Option {
  const option = new Option(flags, description);
  return option.conflicts(ACTIONS.filter((name) => name !== option.attributeName()));
}

function collectParameter(text: string, earlier: readonly string[] | undefined): string[] {
  if (!/^\w+=/.test(text)) throw new InvalidArgumentError('It must be name=value.');
  return [...(earlier ?? []), text];
}
