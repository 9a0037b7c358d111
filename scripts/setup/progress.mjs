/** Runs the programs of a set-up step: quiet, with a sign of life every few seconds, and their last words on failure. */

import { spawn } from 'node:child_process';

const TAIL_CHARACTERS = 8000;
const TAIL_LINES = 40;

/** `12 s`, `3 min 5 s`. */
export function duration(milliseconds) {
  const seconds = Math.round(milliseconds / 1000);
  return seconds < 100 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** `230 MB`. */
export function megabytes(bytes) {
  return `${Math.round(bytes / 1e6)} MB`;
}

/** The line that most likely says why: the last one that speaks of an error. */
function reasonIn(tail) {
  const line = tail.split('\n').findLast((candidate) => /error( \w+)?: \S/i.test(candidate));
  return line ? `: ${line.trim()}` : '';
}

/** A program that did not end with 0; `tail` holds the last lines of its output. */
export class ProgramFailed extends Error {
  constructor(message, tail) {
    super(message);
    this.tail = tail;
  }
}

/** Shows `what`, its time, and what `detail()` says until `work` settles. */
export async function withSignOfLife(what, work, detail = () => '') {
  const start = performance.now();
  const live = process.stdout.isTTY;
  const timer = setInterval(
    () => {
      const line = `      ${[what, duration(performance.now() - start), detail()].filter(Boolean).join(', ')}`;
      process.stdout.write(live ? `\r${line.slice(0, process.stdout.columns - 1)}\x1b[K` : `${line}\n`);
    },
    live ? 1000 : 5000,
  );
  try {
    return await work;
  } finally {
    clearInterval(timer);
    if (live) process.stdout.write('\r\x1b[K');
  }
}

/**
 * Runs a program to its end and returns its stdout.
 * @param {string} what what the sign of life says is going on
 * @param {string[]} command program and arguments
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, detail?: () => string, timeout?: number }} [options] timeout in ms
 * @throws {ProgramFailed} where it cannot be started, ends with another code than 0, or takes longer than `timeout`
 */
export function run(what, [program, ...args], { cwd, env, detail, timeout } = {}) {
  const work = new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, env, timeout, stdio: ['ignore', 'pipe', 'pipe'] });
    let stdout = '';
    let tail = '';
    const keep = (chunk) => (tail = (tail + chunk).slice(-TAIL_CHARACTERS));
    child.stdout.on('data', (chunk) => {
      stdout += chunk;
      keep(chunk);
    });
    child.stderr.on('data', keep);
    child.on('error', (error) => reject(new ProgramFailed(`${program}: ${error.message}`, '')));
    child.on('close', (code, signal) => {
      if (code === 0) return resolve(stdout);
      const how = signal ? `ended by ${signal}` : `ended with ${code}`;
      const lines = tail.trimEnd().split('\n').slice(-TAIL_LINES).join('\n');
      reject(new ProgramFailed(`${what} ${how}${reasonIn(lines)}`, lines));
    });
  });
  return withSignOfLife(what, work, detail);
}
