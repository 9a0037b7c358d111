/** The command line as a tree of commander's: every command, in the order and the groups in which the help lists them. */

import { existsSync } from 'node:fs';
import { type Argument, Command } from 'commander';
import { didYouMean } from '../did-you-mean.ts';
import { packageVersion } from '../package-info.ts';
import { bestCommand } from './best.ts';
import { commandName } from './command-name.ts';
import { completeCommand, completionCommand } from './completion.ts';
import { doctorCommand } from './doctor.ts';
import { initCommand } from './init.ts';
import { listCommand } from './list.ts';
import { capitalised } from './options.ts';
import { pauseCommand } from './pause.ts';
import { renameCommand } from './rename.ts';
import { resumeCommand } from './resume.ts';
import { retryCommand } from './retry.ts';
import { rmCommand } from './rm.ts';
import { runCommand } from './run.ts';
import { schemaCommand } from './schema.ts';
import { offerSetup, setupCommand } from './setup.ts';
import { shellWord } from './shell-word.ts';
import { showCommand } from './show.ts';
import { sqlCommand } from './sql.ts';
import { stopCommand } from './stop.ts';
import { verifyCommand } from './verify.ts';
import { watchCommand } from './watch.ts';

const GROUPS: Readonly<Record<string, () => readonly Command[]>> = {
  'Begin:': () => [initCommand(), schemaCommand(), setupCommand(), doctorCommand(), completionCommand()],
  'Train:': () => [runCommand(), resumeCommand(), pauseCommand(), stopCommand(), retryCommand()],
  'Look:': () => [watchCommand(), listCommand(), showCommand(), bestCommand(), sqlCommand()],
  'Keep house:': () => [verifyCommand(), renameCommand(), rmCommand()],
};

/** Commands that need a backend. */
const TRAINING: ReadonlySet<string> = new Set(['run', 'resume', 'retry']);
const DEFINITION = /\.(ya?ml|json|[cm]?[jt]s)$/;

/** A new tree each time: commander keeps the options of a call in it. */
export function buildProgram(): Command {
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
  for (const [group, commands] of Object.entries(GROUPS)) {
    program.commandsGroup(group);
    for (const command of commands()) adopt(program, command);
  }
  adopt(program, helpCommand(program));
  program.addCommand(completeCommand(program), { hidden: true });
  program.on('command:*', ([name = '']: readonly string[]) => refuse(program, name));
  program.hook('preAction', async (_, command) => {
    if (TRAINING.has(command.name())) await offerSetup();
  });
  return program;
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
