/** The action of `nightsweep init`: gathers what must be known, writes the definition, and makes sure that it runs. */

import { existsSync, readdirSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { basename, dirname, extname, join, relative, resolve, sep } from 'node:path';
import { type ColumnSummary, completeRows, type CsvSummary, inspectCsv } from '../../../workers/data/inspect-csv.ts';
import { listedColumns } from '../../../workers/data/csv-names.ts';
import { planDefinition } from '../../coordinator/prepare.ts';
import { counted } from '../../counted.ts';
import { FIRST_KNOBS, type KnobName } from '../../definition/knobs.ts';
import { loadDefinition } from '../../definition/load.ts';
import { definitionTemplate, featuresOf, type Task, taskOf } from '../../definition/template.ts';
import { didYouMean } from '../../did-you-mean.ts';
import { SweepError } from '../../errors.ts';
import { isTableOrView } from '../../sql-names.ts';
import { commandName } from '../command-name.ts';
import { shellWord } from '../text/shell-word.ts';
import { Cancelled, DEFAULTS, type Respondent } from './respondent.ts';

/** As commander gives them. */
export interface InitFlags {
  readonly csv?: string;
  readonly target?: string;
  readonly task?: Task;
  readonly search?: readonly KnobName[];
  readonly output?: string;
  readonly name?: string;
  readonly force?: true;
  readonly yes?: true;
}

interface Answers {
  readonly summary: CsvSummary;
  readonly target: ColumnSummary;
  readonly task: Task;
  readonly search: readonly KnobName[];
  readonly output: string;
}

const CANCELLED = 130;
/** Headers that usually are what is to be predicted. */
const USUAL_TARGETS = /^(target|label|class|y|outcome|response)$/i;
const CSV = /\.(csv|tsv)$/i;
/** Where people keep data, besides the folder itself. */
const FOLDERS = ['.', 'data'];

/** Returns the exit code. Errors: `SweepError`; nothing is left behind then, nor where the user cancels. */
export async function writeDefinition(flags: InitFlags): Promise<number> {
  try {
    const respondent = await respondentFor(flags);
    const report = await write(await answersTo(flags, respondent), flags);
    process.stdout.write(respondent === DEFAULTS ? report : `\n${report}`);
    return 0;
  } catch (error) {
    if (!(error instanceof Cancelled)) throw error;
    process.stderr.write('Nothing was written.\n');
    return CANCELLED;
  }
}

/** A person is asked on a terminal, unless the flags say what has no sure default, or that nothing be asked. */
async function respondentFor({ csv, target, yes }: InitFlags): Promise<Respondent> {
  const isTold = yes === true || (csv !== undefined && target !== undefined);
  // A terminal without a width cannot show a question.
  const canAsk = process.stdin.isTTY && process.stdout.isTTY && process.stdout.columns > 0 && !process.env['CI'];
  if (isTold || !canAsk) return DEFAULTS;
  const { onTerminal } = await import('./questions.ts');
  return onTerminal();
}

async function answersTo(flags: InitFlags, respondent: Respondent): Promise<Answers> {
  const mayWrite = (file: string): boolean => flags.force === true || !existsSync(file);
  if (flags.output !== undefined) checkOutput(flags.output, mayWrite);
  const csv = flags.csv ?? (await respondent.csv(csvFiles()));
  const summary = inspectCsv(csv);
  const target = targetOf(summary, flags.target ?? (await respondent.target(summary, guessTarget(summary))));
  const guess = taskOf(target, summary.rows);
  const task = flags.task ?? (target.kind === 'number' ? await respondent.task(target, guess) : guess);
  checkTask(task, target);
  const search = flags.search ?? (await respondent.search(FIRST_KNOBS));
  const usual = `${basename(csv, extname(csv))}.yaml`;
  const output = flags.output ?? (await respondent.output(usual, (file) => !mayWrite(file)));
  checkOutput(output, respondent === DEFAULTS ? mayWrite : () => true);
  return { summary, target, task, search, output };
}

function csvFiles(): readonly string[] {
  return FOLDERS.flatMap((folder) => {
    if (!existsSync(folder)) return [];
    const names = readdirSync(folder, { withFileTypes: true }).filter(
      (entry) => entry.isFile() && CSV.test(entry.name),
    );
    return names.map(({ name }) => join(folder, name)).sort();
  });
}

function guessTarget({ columns }: CsvSummary): string {
  const names = columns.map(({ name }) => name);
  return names.find((name) => USUAL_TARGETS.test(name)) ?? names.at(-1) ?? '';
}

/** The column of that name, where it can be predicted. */
function targetOf(summary: CsvSummary, name: string): ColumnSummary {
  const column = summary.columns.find((each) => each.name === name);
  if (!column) {
    const names = summary.columns.map((each) => each.name);
    throw usage(
      `--target must be a column of ${summary.file}, found ${name}`,
      didYouMean(name, names) ?? `its columns are ${listedColumns(names)}`,
    );
  }
  if (column.distinct < 2) {
    const found = column.distinct === 0 ? 'only empty cells' : 'one';
    throw usage(`--target must be a column with different values, found ${found} in ${name}`);
  }
  if (column.kind === 'decimal_comma') {
    throw usage(`--target must be numbers or classes, found decimal commas in ${name}`, 'write points before decimals');
  }
  if (column.kind === 'date') throw usage(`--target must be numbers or classes, found dates in ${name}`);
  if (featuresOf(summary, name).used.length === 0) {
    const [first] = featuresOf(summary, name).dropped;
    const why = first === undefined ? '' : `, such as ${first.name}: ${first.reason}`;
    throw usage(`there must be columns to predict ${name} from, but none is of use${why}`);
  }
  return column;
}

function checkTask(task: Task, { name, kind }: ColumnSummary): void {
  if (task === 'regression' && kind !== 'number') {
    throw usage(`--task regression must have a target of numbers, found text in ${name}`);
  }
}

function checkOutput(file: string, mayWrite: (file: string) => boolean): void {
  if (!/\.ya?ml$/.test(file)) throw usage(`--output must end in .yaml, found ${file}`);
  if (!existsSync(dirname(resolve(file)))) throw usage(`the folder of ${file} must exist`, `mkdir -p ${dirname(file)}`);
  if (!mayWrite(file)) throw usage(`${file} must not exist yet`, '--force overwrites it, --output names another');
}

/** Returns what to tell the user. A definition that cannot be run is removed again. */
async function write({ summary, target, task, search, output }: Answers, { name }: InitFlags): Promise<string> {
  const { used } = featuresOf(summary, target.name);
  const columns = [...used.map((column) => column.name), target.name];
  const complete = target.missing > 0 ? completeRows(summary.file, columns, target.name) : undefined;
  const text = definitionTemplate(summary, {
    name: name ?? sweepName(basename(output, extname(output))),
    file: portablePath(relative(dirname(resolve(output)), resolve(summary.file))),
    target: target.name,
    task,
    search,
    complete,
  });
  const isNew = !existsSync(output);
  await writeFile(output, text);
  try {
    const loaded = await loadDefinition(output);
    planDefinition(loaded);
    const { configs, replicates } = loaded.sweep;
    const size = `${counted(configs.length, 'config')} x ${counted(replicates.count, 'replicate')}`;
    const trials = counted(configs.length * replicates.count, 'trial');
    const word = shellWord(output);
    return (
      `${output}: ${task} of ${target.name}, ${size} = ${trials}\n` +
      `Next: look through it, then\n  ${commandName} run ${word} --dry-run\n  ${commandName} run ${word}\n`
    );
  } catch (error) {
    if (isNew) rmSync(output);
    throw error;
  }
}

/** `My Houses (2)` becomes `my-houses-2`; what is a table's or view's name already gets a number. */
function sweepName(stem: string): string {
  const name = stem
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
  if (name === '') return 'my-sweep';
  return isTableOrView(name) ? `${name}-1` : name;
}

function portablePath(path: string): string {
  const slashed = path.split(sep).join('/');
  return slashed.startsWith('.') || slashed.startsWith('/') ? slashed : `./${slashed}`;
}

function usage(message: string, hint?: string): SweepError {
  return new SweepError('usage', hint === undefined ? { message } : { message, hint });
}
