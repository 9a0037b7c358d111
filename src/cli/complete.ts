/** What may stand where the cursor is on a command line: from commander's own tree, so that it is never out of date. */

import { homedir } from 'node:os';
import { type Argument, Command, type Option } from 'commander';
import type { Reader } from '../../db/reader.ts';
import { KNOB_NAMES } from '../definition/knobs.ts';
import { DEFAULT_DATABASE } from './options.ts';

interface Candidate {
  readonly value: string;
  readonly description: string;
}

/** Left to the shell, which knows how to quote names: files with one of these endings, and folders. */
interface Files {
  readonly endings: readonly string[];
}

/** Words with commas between them. */
interface Several {
  readonly words: readonly string[];
}

type Answer = readonly Candidate[] | Files;
type Source = Files | Several | readonly string[] | 'sweeps' | 'commands' | 'queries' | 'saved queries';

const YAML = ['yaml', 'yml'];

/** What options and arguments without choices of their own stand for. Options not named here take free text. */
const SOURCES: Readonly<Record<string, Source>> = {
  '--db': { endings: ['db', 'sqlite'] },
  '--csv': { endings: ['csv', 'tsv', 'txt'] },
  '--input': { endings: ['csv', 'tsv', 'txt'] },
  '--output': { endings: YAML },
  '--out': { endings: ['html'] },
  '--search': { words: KNOB_NAMES },
  '--to': { endings: [] },
  file: { endings: [...YAML, 'json', 'ts', 'js', 'mjs'] },
  sweep: 'sweeps',
  'sweep|trial': 'sweeps',
  subject: 'sweeps',
  old: 'sweeps',
  command: 'commands',
  query: 'queries',
  '--forget': 'saved queries',
};

/**
 * The lines that a shell's script reads: `value TAB description` each, or `:files TAB ending ending` alone.
 * `words`: those after the program's name up to the cursor; the last one is to be completed, and may be empty.
 */
export async function completionLines(program: Command, words: readonly string[]): Promise<string> {
  const answer = await answerTo(program, joined(words));
  const lines =
    'endings' in answer
      ? [[':files', answer.endings.join(' ')]]
      : answer.map(({ value, description }) => [value, description]);
  return lines.map((line) => `${line.join('\t')}\n`).join('');
}

/** bash breaks `--db=x` into three words, and completes the last one of them alone. */
function joined(words: readonly string[]): readonly string[] {
  const whole = words.filter((word, index) => !(word === '=' && words[index - 1]?.startsWith('--')));
  return words.at(-1) === '=' ? [...whole, ''] : whole;
}

async function answerTo(program: Command, words: readonly string[]): Promise<Answer> {
  const current = words.at(-1) ?? '';
  const line = readLine(program, words.slice(0, -1));
  const { command, awaiting, used } = line;
  const [, name, typed] = /^(--[\w-]+)=(.*)$/s.exec(current) ?? [];
  if (name !== undefined && typed !== undefined) {
    const answer = await answerFrom(sourceOf(optionNamed(command, name)), line, typed);
    return 'endings' in answer ? answer : answer.map((each) => ({ ...each, value: `${name}=${each.value}` }));
  }
  if (awaiting) return answerFrom(sourceOf(awaiting), line, current);
  if (!current.startsWith('-')) {
    if (command === program) return starting(commandsOf(program), current);
    const argument = argumentAt(command, line.operands);
    if (argument) return answerFrom(argument.argChoices ?? SOURCES[argument.name()], line, current);
  }
  const options = optionsOf(command).filter((option) => !used.has(option) || mayRepeat(option));
  return starting(
    options.map(({ long, description }) => ({ value: long ?? '', description })),
    current,
  );
}

/** What is to be known of the words before the one that is completed. */
interface Line {
  readonly program: Command;
  /** The program itself as long as no command was named. */
  readonly command: Command;
  /** The option whose value is to come. */
  readonly awaiting: Option | undefined;
  readonly used: ReadonlySet<Option>;
  /** How many of the command's arguments there are. */
  readonly operands: number;
  readonly database: string;
}

function readLine(program: Command, words: readonly string[]): Line {
  let command = program;
  let awaiting: Option | undefined;
  let operands = 0;
  let database = DEFAULT_DATABASE;
  const used = new Set<Option>();
  for (const word of words) {
    if (awaiting) {
      if (awaiting.long === '--db') database = word;
      awaiting = undefined;
    } else if (word.startsWith('-')) {
      const [name = '', value] = word.split(/=(.*)/s);
      const option = optionNamed(command, name);
      if (!option) continue;
      used.add(option);
      if (value === undefined && option.required) awaiting = option;
      if (value !== undefined && name === '--db') database = value;
    } else if (command === program) {
      command = program.commands.find((each) => each.name() === word) ?? new Command().helpOption(false);
    } else operands += 1;
  }
  return { program, command, awaiting, used, operands, database };
}

function optionsOf(command: Command): readonly Option[] {
  const help = command.createHelp();
  return [...help.visibleOptions(command), ...help.visibleGlobalOptions(command)];
}

function optionNamed(command: Command, name: string): Option | undefined {
  return optionsOf(command).find(({ long, short }) => long === name || short === name);
}

function sourceOf(option: Option | undefined): Source | undefined {
  return option?.argChoices ?? SOURCES[option?.long ?? ''];
}

/** An option that gathers its values has a parser that is given the earlier ones. */
function mayRepeat({ parseArg }: Option): boolean {
  return (parseArg?.length ?? 0) > 1;
}

function argumentAt({ registeredArguments }: Command, operands: number): Argument | undefined {
  const last = registeredArguments.at(-1);
  return registeredArguments[operands] ?? (last?.variadic ? last : undefined);
}

async function answerFrom(source: Source | undefined, { program, database }: Line, typed: string): Promise<Answer> {
  if (source === undefined) return [];
  if (source === 'commands') return starting(commandsOf(program), typed);
  if (source === 'sweeps') return starting(plain(await sweepsIn(database)), typed);
  if (source === 'queries') return starting(await queriesIn(database), typed);
  if (source === 'saved queries') return starting(await savedQueriesIn(database), typed);
  if ('endings' in source) return source;
  if (!('words' in source)) return starting(plain(source), typed);
  const before = typed.slice(0, typed.lastIndexOf(',') + 1);
  const left = source.words.filter((word) => !before.split(',').includes(word));
  return starting(plain(left.map((word) => before + word)), typed);
}

function sweepsIn(database: string): Promise<readonly string[]> {
  return reading(database, (reader) =>
    [...reader.query('SELECT sweep FROM sweeps ORDER BY created_at DESC').rows].map(([name]) => String(name)),
  );
}

function savedQueriesIn(database: string): Promise<readonly Candidate[]> {
  return reading(database, (reader) =>
    reader.savedQueries().map(({ name, about }) => ({ value: name, description: about })),
  );
}

/** As they are called by, with an `@`. */
async function queriesIn(database: string): Promise<readonly Candidate[]> {
  const { builtInQueries } = await import('../../db/saved-queries.ts');
  const builtIn = builtInQueries().map(({ name, about }) => ({ value: name, description: about }));
  const saved = await savedQueriesIn(database).catch(() => []);
  return [...builtIn, ...saved].map(({ value, description }) => ({ value: `@${value}`, description }));
}

async function reading<Result>(database: string, work: (reader: Reader) => Result): Promise<Result> {
  const { Reader } = await import('../../db/reader.ts');
  // The shell has not looked at the word yet.
  const reader = Reader.open(database.replace(/^~(?=\/)/, homedir()));
  try {
    return work(reader);
  } finally {
    reader.close();
  }
}

function commandsOf(program: Command): readonly Candidate[] {
  return program
    .createHelp()
    .visibleCommands(program)
    .map((command) => ({ value: command.name(), description: command.summary() || command.description() }));
}

function plain(values: readonly string[]): readonly Candidate[] {
  return values.map((value) => ({ value, description: '' }));
}

function starting(candidates: readonly Candidate[], typed: string): readonly Candidate[] {
  return candidates.filter(({ value }) => value.startsWith(typed));
}
