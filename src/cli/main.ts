#!/usr/bin/env node
/** The `nightsweep` command: composes the subcommands and turns errors into lines and exit codes. */

import { Command } from 'commander';
import { SweepError } from '../errors.ts';
import { packageVersion } from '../package-info.ts';
import { bestCommand } from './best.ts';
import { doctorCommand } from './doctor.ts';
import { initCommand } from './init.ts';
import { listCommand } from './list.ts';
import { pauseCommand } from './pause.ts';
import { renameCommand } from './rename.ts';
import { resumeCommand } from './resume.ts';
import { retryCommand } from './retry.ts';
import { rmCommand } from './rm.ts';
import { runCommand } from './run.ts';
import { schemaCommand } from './schema.ts';
import { offerSetup, setupCommand } from './setup.ts';
import { showCommand } from './show.ts';
import { sqlCommand } from './sql.ts';
import { stopCommand } from './stop.ts';
import { verifyCommand } from './verify.ts';
import { watchCommand } from './watch.ts';

const USAGE_ERROR = 1;
const INTERNAL_ERROR = 70;
/** Commands that need a backend. */
const TRAINING: ReadonlySet<string> = new Set(['run', 'resume', 'retry']);
/** What better-sqlite3 says where its native part is absent, or was built for another Node. */
const UNBUILT_SQLITE = /Could not locate the bindings file|better_sqlite3\.node/;

function program(): Command {
  const nightsweep = new Command('nightsweep')
    .description('Hyperparameter sweeps for Node.js: train overnight, query the results with SQL in the morning.')
    .version(packageVersion)
    // Known to every command, wherever it stands in the line: read it with `command.optsWithGlobals()`.
    .option('--debug', 'show the stack of an internal error')
    .showHelpAfterError('(--help shows the commands and their options)');
  // In the order in which the help lists them.
  const commands = [
    runCommand(),
    resumeCommand(),
    pauseCommand(),
    stopCommand(),
    retryCommand(),
    watchCommand(),
    listCommand(),
    showCommand(),
    bestCommand(),
    sqlCommand(),
    verifyCommand(),
    rmCommand(),
    renameCommand(),
    initCommand(),
    schemaCommand(),
    setupCommand(),
    doctorCommand(),
  ];
  for (const command of commands) {
    // Commands that are built apart and added do not inherit how usage errors are shown.
    nightsweep.addCommand(command.copyInheritedSettings(nightsweep));
  }
  nightsweep.hook('preAction', async (_, command) => {
    if (TRAINING.has(command.name())) await offerSetup();
  });
  return nightsweep;
}

/** Prints what went wrong on stderr; returns the exit code. */
function report(error: unknown, debug: boolean): number {
  if (error instanceof SweepError) {
    process.stderr.write(`${error.message}\n`);
    return error.code === 'internal' ? INTERNAL_ERROR : USAGE_ERROR;
  }
  const message = error instanceof Error ? error.message : String(error);
  if (UNBUILT_SQLITE.test(message)) {
    process.stderr.write('SQLite must be compiled for this Node, but is not: run `nightsweep setup`\n');
    return USAGE_ERROR;
  }
  const stack = error instanceof Error && error.stack !== undefined ? error.stack : message;
  process.stderr.write(debug ? `${stack}\n` : `nightsweep: internal error: ${message} (--debug shows the stack)\n`);
  return INTERNAL_ERROR;
}

// `nightsweep sql ... | head` closes our output early; that is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // The terminal is gone. SIGHUP, which comes with that, is for each command to act upon.
  if (error.code === 'EIO') return;
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});

try {
  await program().parseAsync();
} catch (error) {
  process.exitCode = report(error, process.argv.includes('--debug'));
}
