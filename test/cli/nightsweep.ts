/** Runs the command line in a process of its own, as a user does, in a folder that is gone afterwards. */

import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath, pathToFileURL } from 'node:url';

const main = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));
const loader = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;

/** The command line, run from the sources. */
export const NIGHTSWEEP = [process.execPath, '--import', loader, main] as const;

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

export class Workplace {
  readonly folder = mkdtempSync(join(tmpdir(), 'nightsweep-'));

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

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
