/** `nightsweep completion`: prints a shell's script, which asks the hidden command `__complete` at each press of the tab key. */

import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { Argument, Command } from 'commander';
import { SweepError } from '../errors.ts';
import { oneOf } from './options.ts';

const SHELLS = ['bash', 'zsh', 'fish'] as const;
type Shell = (typeof SHELLS)[number];

export function completionCommand(): Command {
  return new Command('completion')
    .description('print a script that completes commands, options, files and names of sweeps')
    .summary('print a completion script for bash, zsh or fish')
    .addArgument(
      new Argument('[shell]', 'the shell that is to use it (default: that of $SHELL)')
        .choices(SHELLS)
        .argParser(oneOf(SHELLS)),
    )
    .addHelpText(
      'after',
      `
Examples:
  bash, in ~/.bashrc:
    source <(nightsweep completion bash)
  zsh, in ~/.zshrc, below compinit:
    source <(nightsweep completion zsh)
  fish, once:
    nightsweep completion fish > ~/.config/fish/completions/nightsweep.fish`,
    )
    .action(async (asked: Shell | undefined) => {
      const shell = asked ?? ownShell();
      process.stdout.write(await readFile(new URL(`completions/nightsweep.${shell}`, import.meta.url)));
    });
}

/** The user's login shell. Errors: `SweepError` of code `usage` where there is no script for it. */
function ownShell(): Shell {
  const name = basename(process.env['SHELL'] ?? '');
  const shell = SHELLS.find((known) => known === name);
  if (shell !== undefined) return shell;
  throw new SweepError('usage', {
    message: `the shell must be one of ${SHELLS.join(', ')}, but $SHELL is ${name === '' ? 'not set' : name}`,
    hint: 'name one: nightsweep completion bash',
  });
}

/** What the scripts call: prints a candidate a line. Whatever is wrong, it says nothing and ends with 0. */
export function completeCommand(program: Command): Command {
  return new Command('__complete')
    .argument('[word...]', 'the words after the name of the program, the one to be completed last')
    .action(async (words: readonly string[]) => {
      const { completionLines } = await import('./complete.ts');
      process.stdout.write(await completionLines(program, words).catch(() => ''));
    });
}
