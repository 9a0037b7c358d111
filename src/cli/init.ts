/** `nightsweep init`: writes a commented definition for one's own CSV file. */

import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { basename, dirname, extname, relative, resolve, sep } from 'node:path';
import { Command, Option } from 'commander';
import { z } from 'zod';
import { counted } from '../counted.ts';
import { SweepError } from '../errors.ts';
import { commandName } from './command-name.ts';

const options = z.object({
  csv: z.string(),
  target: z.string().optional(),
  output: z.string().optional(),
  task: z.enum(['classification', 'regression']).optional(),
  name: z.string().optional(),
  force: z.boolean().default(false),
});

/** Headers that usually are what is to be predicted. */
const USUAL_TARGETS = /^(target|label|class|y|outcome|response)$/i;

export function initCommand(): Command {
  return new Command('init')
    .description('write a commented definition for a CSV file of your own, ready to run')
    .summary('write a definition for a CSV file of your own')
    .requiredOption('--csv <file>', 'CSV file with a header line')
    .option('--target <column>', 'column to predict (default: one called target or the like, else the last)')
    .addOption(
      new Option('--task <task>', 'what the target is (default: by its values)').choices([
        'classification',
        'regression',
      ]),
    )
    .option('--output <file>', 'definition to write (default: the name of the CSV file, .yaml)')
    .option('--name <name>', 'name of the sweep (default: the name of the CSV file)')
    .option('--force', 'overwrite the definition if it exists')
    .addHelpText('after', '\nExample:\n  nightsweep init --csv houses.csv --target price\n  nightsweep run houses.yaml')
    .action(async (flags: unknown) => {
      await writeDefinition(options.parse(flags));
    });
}

async function writeDefinition({ csv, target, output, task, name, force }: z.output<typeof options>): Promise<void> {
  const [{ inspectCsv }, { definitionTemplate, taskOf }, { didYouMean }, { listedColumns }, { loadDefinition }] =
    await Promise.all([
      import('../../workers/data/inspect-csv.ts'),
      import('../definition/template.ts'),
      import('../did-you-mean.ts'),
      import('../../workers/data/csv-names.ts'),
      import('../definition/load.ts'),
    ]);
  const stem = basename(csv, extname(csv));
  const file = output ?? `${stem}.yaml`;
  if (!/\.ya?ml$/.test(file)) {
    throw new SweepError('usage', { message: `--output must end in .yaml, found ${file}` });
  }
  if (existsSync(file) && !force) {
    throw new SweepError('usage', {
      message: `${file} must not exist yet`,
      hint: '--force overwrites it, --output names another',
    });
  }
  const summary = inspectCsv(csv);
  const names = summary.columns.map((column) => column.name);
  const chosen = target ?? names.find((column) => USUAL_TARGETS.test(column)) ?? names[names.length - 1] ?? '';
  const column = summary.columns.find((candidate) => candidate.name === chosen);
  if (!column) {
    const hint = didYouMean(chosen, names) ?? `its columns are ${listedColumns(names)}`;
    throw new SweepError('usage', { message: `--target must be a column of ${csv}, found ${chosen}`, hint });
  }
  if (column.distinct < 2) {
    throw new SweepError('usage', {
      message: `--target must be a column with different values, found one in ${chosen}`,
    });
  }
  if (task === 'regression' && column.kind === 'text') {
    throw new SweepError('usage', {
      message: `--task regression must have a target of numbers, found text in ${chosen}`,
    });
  }
  const text = definitionTemplate(summary, {
    name: name ?? sweepName(stem),
    file: portablePath(relative(dirname(resolve(file)), resolve(csv))),
    target: chosen,
    task,
  });
  await writeFile(file, text, { flag: force ? 'w' : 'wx' });
  const { sweep } = await loadDefinition(file);
  const trials = sweep.configs.length * sweep.replicates.count;
  process.stdout.write(
    `${file}: ${task ?? taskOf(column, summary.rows)} of ${chosen}, ${counted(sweep.configs.length, 'config')} x ${counted(sweep.replicates.count, 'replicate')} = ${counted(trials, 'trial')}\n` +
      `Next: look through it, then\n  ${commandName} run ${file} --dry-run\n  ${commandName} run ${file}\n`,
  );
}

/** `My Houses (2).csv` becomes `my-houses-2`. */
function sweepName(stem: string): string {
  const name = stem
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
  return name === '' ? 'sweep' : name;
}

function portablePath(path: string): string {
  const slashed = path.split(sep).join('/');
  return slashed.startsWith('.') || slashed.startsWith('/') ? slashed : `./${slashed}`;
}
