#!/usr/bin/env node
/** The `nightsweep` command: runs the command of the line, and turns errors into lines and exit codes. */

import { describeFailure } from './failure.ts';
import { buildProgram } from './program.ts';

// `nightsweep sql ... | head` closes our output early; that is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // The terminal is gone. SIGHUP, which comes with that, is for each command to act upon.
  if (error.code === 'EIO') return;
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});

try {
  await buildProgram().parseAsync();
} catch (error) {
  const { text, exitCode } = describeFailure(error, process.argv.includes('--debug'));
  process.stderr.write(text);
  process.exitCode = exitCode;
}
