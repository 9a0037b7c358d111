/** A `nightsweep run` that is to be killed: its supervisor, and the coordinator below it. */

import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { createInterface } from 'node:readline';
import { NIGHTSWEEP } from '../cli/nightsweep.ts';

export type Target = 'coordinator' | 'supervisor' | 'both';

export class Victim {
  /** Of the supervisor; null where it was killed. */
  readonly exited: Promise<number | null>;
  readonly #supervisor: ChildProcess;
  readonly #heard = new Map<string, number>();
  readonly #ears = new Set<() => void>();
  readonly #began = performance.now();
  #over = false;
  stderr = '';

  constructor(folder: string, args: readonly string[], env: Readonly<Record<string, string>>) {
    const [node, ...words] = NIGHTSWEEP;
    this.#supervisor = spawn(node, [...words, 'run', ...args, '--json'], {
      cwd: folder,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    createInterface({ input: this.#supervisor.stdout! }).on('line', (line) => this.#hear(line));
    this.#supervisor.stderr!.on('data', (chunk: Buffer) => (this.stderr += chunk.toString()));
    this.exited = new Promise((resolve) => {
      this.#supervisor.once('exit', (code) => {
        this.#over = true;
        this.#tell();
        resolve(code);
      });
    });
  }

  /** Since its start. */
  get milliseconds(): number {
    return performance.now() - this.#began;
  }

  /** Resolves when `count` more events of a type have come; false where the run ended before. */
  event(type: string, count: number): Promise<boolean> {
    const goal = this.#count(type) + count;
    return new Promise((resolve) => {
      const look = (): void => {
        if (this.#count(type) < goal && !this.#over) return;
        this.#ears.delete(look);
        resolve(this.#count(type) >= goal);
      };
      this.#ears.add(look);
      look();
    });
  }

  /**
   * SIGKILL; the supervisor first, so that it starts nothing again. Returns the coordinator's process id where that is
   * killed; undefined where one of them was not there, and nothing was done.
   */
  kill(target: Target): { readonly coordinator: number | undefined } | undefined {
    if (this.#over) return undefined;
    const coordinator = target === 'supervisor' ? undefined : this.#coordinator();
    if (target !== 'supervisor' && coordinator === undefined) return undefined;
    if (target !== 'coordinator') this.#supervisor.kill('SIGKILL');
    if (coordinator !== undefined) killIfThere(coordinator);
    return { coordinator };
  }

  #coordinator(): number | undefined {
    const { stdout } = spawnSync('pgrep', ['-P', String(this.#supervisor.pid), '-f', 'coordinator/main'], {
      encoding: 'utf8',
    });
    const pid = Number(stdout.split('\n', 1)[0]);
    return pid > 0 ? pid : undefined;
  }

  #hear(line: string): void {
    const { type } = JSON.parse(line) as { readonly type: string };
    this.#heard.set(type, this.#count(type) + 1);
    this.#tell();
  }

  #count(type: string): number {
    return this.#heard.get(type) ?? 0;
  }

  #tell(): void {
    for (const look of this.#ears) look();
  }
}

function killIfThere(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has just ended by itself.
  }
}
