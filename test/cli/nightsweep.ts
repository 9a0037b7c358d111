/** Runs the command line in a process of its own, as a user does, in a folder that is gone afterwards. */

import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { emptyFolder } from '../empty-folder.ts';

const loader = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;

/** Set-up is plain JavaScript. */
const { distStep } = (await import(pathOf('scripts/setup/dist.mjs'))) as { distStep: { isDone(): boolean } };

/** The command line: the built one, which starts faster, where no source has changed since. */
export const NIGHTSWEEP: readonly [string, ...string[]] = distStep.isDone()
  ? [process.execPath, pathOf('dist/src/cli/main.js')]
  : [process.execPath, '--import', loader, pathOf('src/cli/main.ts')];

function pathOf(file: string): string {
  return fileURLToPath(new URL(`../../${file}`, import.meta.url));
}

/** Whether the programs are here that `startInTerminal` needs. */
export const canOpenTerminal = ['script', 'setsid'].every(
  (program) => spawnSync(program, ['--version'], { encoding: 'utf8' }).stdout?.includes('util-linux') === true,
);

export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export class Started {
  readonly process: ChildProcess;
  readonly finished: Promise<Finished>;
  readonly #lines: string[] = [];
  #check = (): void => {};

  constructor([command, ...args]: readonly [string, ...string[]], cwd: string) {
    const child = spawn(command, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    this.process = child;
    createInterface({ input: child.stdout }).on('line', (line) => {
      this.#lines.push(line);
      this.#check();
    });
    let stderr = '';
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    this.finished = new Promise((resolve) => {
      child.on('close', (code) => {
        resolve({ code, stdout: this.#lines.map((line) => `${line}\n`).join(''), stderr });
        this.#check();
      });
    });
  }

  /** Resolves with the first line that matches; rejects when the process ends without one. */
  line(pattern: RegExp): Promise<string> {
    return new Promise((resolve, reject) => {
      this.#check = () => {
        const found = this.#lines.find((line) => pattern.test(line));
        if (found !== undefined) resolve(found);
        else if (this.process.exitCode !== null)
          reject(new Error(`ended without ${pattern}: ${this.#lines.join('\n')}`));
      };
      this.#check();
    });
  }
}

/** A program on a terminal of its own, whose keys are pressed when it has asked. Its words have no quotes. */
export class Terminal {
  /** All that was shown so far. */
  text = '';
  /** The exit code. */
  readonly exited: Promise<number | null>;
  readonly #process: ChildProcess;
  #read = 0;
  #check = (): void => {};

  constructor(cwd: string, words: readonly string[], env: NodeJS.ProcessEnv = process.env) {
    const line = `stty cols 80 rows 24; ${words.join(' ')}`;
    const child = spawn('script', ['--quiet', '--return', '--command', line, '/dev/null'], {
      cwd,
      env,
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    this.#process = child;
    child.stdout.on('data', (chunk: Buffer) => {
      this.text += chunk.toString();
      this.#check();
    });
    this.exited = new Promise((resolve) => {
      child.on('close', (code) => {
        resolve(code);
        this.#check();
      });
    });
  }

  /** Presses the keys as soon as the question has been shown, after those that have been answered. */
  answer(question: string, keys: string): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#check = () => {
        const at = this.text.indexOf(question, this.#read);
        if (at >= 0) {
          this.#read = this.text.length;
          this.#check = () => {};
          this.#process.stdin?.write(keys);
          resolve();
        } else if (this.#process.exitCode !== null) reject(new Error(`ended without asking ${question}: ${this.text}`));
      };
      this.#check();
    });
  }
}

export class Workplace {
  readonly folder = emptyFolder();

  write(name: string, text: string): void {
    writeFileSync(join(this.folder, name), text);
  }

  start(...args: string[]): Started {
    return new Started([...NIGHTSWEEP, ...args], this.folder);
  }

  /** On a terminal of its own, that goes without a signal when the process is killed. `args` have no quotes. */
  startInTerminal(...args: string[]): Started {
    const line = ['setsid', '--wait', ...NIGHTSWEEP, ...args].join(' ');
    return new Started(['script', '--quiet', '--command', line, '/dev/null'], this.folder);
  }

  run(...args: string[]): Promise<Finished> {
    return this.start(...args).finished;
  }
}
