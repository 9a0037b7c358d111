/** `nightsweep schema`: prints the JSON Schema of definitions, for editors. */

import { Command } from 'commander';

export function schemaCommand(): Command {
  return new Command('schema')
    .description('print the JSON Schema of a definition, for completion and checks in an editor')
    .addHelpText(
      'after',
      `
Example:
  nightsweep schema > nightsweep.schema.json
  and as the first line of a YAML file, for editors that have a YAML language server:
  # yaml-language-server: $schema=./nightsweep.schema.json`,
    )
    .action(async () => {
      const { definitionJsonSchema } = await import('../definition/json-schema.ts');
      process.stdout.write(`${JSON.stringify(definitionJsonSchema(), null, 2)}\n`);
    });
}
