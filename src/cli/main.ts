#!/usr/bin/env node
/** The `nightsweep` command: runs the command of the line, and turns errors into lines and exit codes. */

import { describeFailure, isDebugging } from './failure.ts';
import { buildProgram } from './program.ts';

// `nightsweep sql ... | head` closes our output early; that is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // The terminal is gone. SIGHUP, which comes with that, is for each command to act upon.
  if (error.code === 'EIO') return;
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});

// Of a timer or a stream: nothing that could go on would be as it should.
process.on('uncaughtException', (error) => {
  fail(error);
  process.exit();
});

try {
  const program = await buildProgram(process.argv.slice(2));
  await program.parseAsync();
} catch (error) {
  fail(error);
}

function fail(error: unknown): void {
  const { text, exitCode } = describeFailure(error, isDebugging());
  process.stderr.write(text);
  process.exitCode = exitCode;
}
