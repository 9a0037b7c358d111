/** `nightsweep schema`: prints the JSON Schema of definitions, for editors. */

import { Command } from 'commander';

export function schemaCommand(): Command {
  return new Command('schema')
    .description('print the JSON Schema of a definition, for completion and checks in an editor')
    .summary('print the JSON Schema of definitions, for editors')
    .addHelpText(
      'after',
      `
Example:
  nightsweep schema > nightsweep.schema.json
  and, for a YAML language server, as the first line of a YAML file:
  # yaml-language-server: $schema=./nightsweep.schema.json`,
    )
    .action(async () => {
      const { definitionJsonSchema } = await import('../definition/json-schema.ts');
      process.stdout.write(`${JSON.stringify(definitionJsonSchema(), null, 2)}\n`);
    });
}
