/** The command line as a tree of commander's: every command, in the order and the groups in which the help lists them. */

import { existsSync } from 'node:fs';
import { type Argument, Command } from 'commander';
import { didYouMean } from '../did-you-mean.ts';
import { packageVersion } from '../package-info.ts';
import { commandName } from './command-name.ts';
import { capitalised } from './options.ts';
import { shellWord } from './text/shell-word.ts';

/** Each in a module of its own, which is loaded only when its command, or the help of all, is wanted. */
const GROUPS: Readonly<Record<string, Readonly<Record<string, () => Promise<Command>>>>> = {
  'Begin:': {
    init: async () => (await import('./init.ts')).initCommand(),
    schema: async () => (await import('./schema.ts')).schemaCommand(),
    setup: async () => (await import('./setup.ts')).setupCommand(),
    doctor: async () => (await import('./doctor.ts')).doctorCommand(),
    completion: async () => (await import('./completion.ts')).completionCommand(),
  },
  'Train:': {
    run: async () => (await import('./run.ts')).runCommand(),
    resume: async () => (await import('./resume.ts')).resumeCommand(),
    pause: async () => (await import('./pause.ts')).pauseCommand(),
    stop: async () => (await import('./stop.ts')).stopCommand(),
    retry: async () => (await import('./retry.ts')).retryCommand(),
  },
  'Look:': {
    watch: async () => (await import('./watch.ts')).watchCommand(),
    list: async () => (await import('./list.ts')).listCommand(),
    show: async () => (await import('./show.ts')).showCommand(),
    best: async () => (await import('./best.ts')).bestCommand(),
    sql: async () => (await import('./sql.ts')).sqlCommand(),
    predict: async () => (await import('./predict.ts')).predictCommand(),
    report: async () => (await import('./report.ts')).reportCommand(),
    export: async () => (await import('./export.ts')).exportCommand(),
  },
  'Keep house:': {
    verify: async () => (await import('./verify.ts')).verifyCommand(),
    rename: async () => (await import('./rename.ts')).renameCommand(),
    rm: async () => (await import('./rm.ts')).rmCommand(),
  },
};

/** Commands that need a backend. */
const TRAINING: ReadonlySet<string> = new Set(['run', 'resume', 'retry']);
const DEFINITION = /\.(ya?ml|json|[cm]?[jt]s)$/;

/**
 * A new tree each time: commander keeps the options of a call in it.
 * @param words of the command line: where they name a command, the tree has no other
 */
export async function buildProgram(words: readonly string[] = []): Promise<Command> {
  const program = new Command('nightsweep');
  program
    .description('Hyperparameter sweeps for Node.js: train overnight, query the results with SQL in the morning.')
    .usage('COMMAND [options]')
    .version(packageVersion)
    // Known to every command, wherever it stands in the line: read it with `command.optsWithGlobals()`.
    .option('--debug', 'show the stack of an error')
    .configureHelp({
      showGlobalOptions: true,
      visibleGlobalOptions: (command) =>
        command === program ? [] : program.options.filter(({ long }) => long === '--debug'),
      subcommandTerm: (command) => [command.name(), ...command.registeredArguments.map(termOf)].join(' '),
    })
    .showHelpAfterError('(--help shows the commands and their options)')
    .helpCommand(false)
    .addHelpText(
      'after',
      `
Examples:
  nightsweep init --csv houses.csv --target price
  nightsweep run houses.yaml --until 07:30
  nightsweep watch
  nightsweep help run`,
    );
  for (const { group, command } of await loadCommands(words)) {
    program.commandsGroup(group);
    adopt(program, command);
  }
  if (program.commands.length > 1) {
    const { completeCommand } = await import('./completion.ts');
    adopt(program, helpCommand(program));
    program.addCommand(completeCommand(program), { hidden: true });
  }
  program.on('command:*', ([name = '']: readonly string[]) => refuse(program, name));
  program.hook('preAction', async (_, command) => {
    if (!TRAINING.has(command.name())) return;
    const { offerSetup } = await import('./setup.ts');
    await offerSetup();
  });
  return program;
}

/** The command that the line begins with; all of them where it begins otherwise. */
function loadCommands([first = '']: readonly string[]): Promise<{ group: string; command: Command }[]> {
  const all = Object.entries(GROUPS).flatMap(([group, commands]) =>
    Object.entries(commands).map(([name, load]) => ({ group, name, load })),
  );
  const named = all.filter(({ name }) => name === first);
  const wanted = named.length > 0 ? named : all;
  return Promise.all(wanted.map(async ({ group, load }) => ({ group, command: await load() })));
}

/** `<needed>`, `[optional]`, `<several...>`. */
function termOf(argument: Argument): string {
  const name = `${argument.name()}${argument.variadic ? '...' : ''}`;
  return argument.required ? `<${name}>` : `[${name}]`;
}

/** Commands that are built apart and added do not inherit how help and usage errors are shown. */
function adopt(program: Command, command: Command): void {
  const name = `${program.name()} ${command.name()}`;
  program.addCommand(command.copyInheritedSettings(program).showHelpAfterError(`(${name} --help shows its options)`));
}

function helpCommand(program: Command): Command {
  return new Command('help')
    .description('show the help of a command')
    .argument('[command]', 'its name')
    .addHelpText('after', '\nExample:\n  nightsweep help run')
    .action((name: string | undefined) => {
      const subject = name === undefined ? program : program.commands.find((command) => command.name() === name);
      if (!subject) return refuse(program, name ?? '');
      subject.outputHelp();
    });
}

/** Ends with a usage error for what is no command. */
function refuse(program: Command, name: string): never {
  const names = program
    .createHelp()
    .visibleCommands(program)
    .map((command) => command.name());
  const hint =
    DEFINITION.test(name) && existsSync(name)
      ? `to run a definition: ${commandName} run ${shellWord(name)}`
      : didYouMean(name, names);
  return program.error(`error: unknown command '${name}'${hint === undefined ? '' : `\n(${capitalised(hint)})`}`, {
    code: 'commander.unknownCommand',
  });
}
