/** A program on a terminal in memory: what its user would see, and keys pressed by the user (util-linux `script` opens the terminal). */

import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { openScreen, type Screen } from './screen.ts';

export interface ProgramOptions {
  readonly columns: number;
  readonly rows: number;
  readonly cwd?: string;
  readonly environment?: Readonly<Record<string, string>>;
}

export class Program {
  readonly screen: Screen;
  /** Resolves to its exit code. */
  readonly ended: Promise<number | null>;
  readonly #script: ChildProcess;
  #look: () => void = () => {};

  /** No part of the command may need quotes. */
  constructor(command: readonly string[], { columns, rows, cwd, environment }: ProgramOptions) {
    this.screen = openScreen(columns, rows);
    const line = `stty columns ${columns} rows ${rows}; exec ${command.join(' ')}`;
    this.#script = spawn('script', ['--quiet', '--flush', '--return', '--command', line, '/dev/null'], {
      cwd,
      env: { ...process.env, TERM: 'xterm-256color', LANG: 'C.UTF-8', LC_ALL: 'C.UTF-8', CI: '', ...environment },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    this.#script.stdout!.setEncoding('utf8').on('data', (text: string) => {
      void this.screen.write(text).then(() => this.#look());
    });
    this.ended = new Promise((resolve) => {
      this.#script.once('close', (code) => {
        this.#look();
        resolve(code);
      });
    });
  }

  press(keys: string): void {
    this.#script.stdin!.write(keys);
  }

  /** The visible rows, one below the other. */
  text(): string {
    return this.screen.lines().join('\n');
  }

  /** Resolves when the screen is so. Rejects when the program ends before. */
  until(isSo: (text: string) => boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#look = () => {
        if (isSo(this.text())) resolve();
        else if (this.#script.exitCode !== null)
          reject(new Error(`the program ended, and showed last:\n${this.text()}`));
      };
      this.#look();
    });
  }

  /** Of the program itself, a child of the one that holds its terminal; undefined before it has begun (Linux only). */
  pid(): number | undefined {
    return childrenOf(this.#script.pid!)[0];
  }

  /** Gives its terminal another size, of which it hears by SIGWINCH. */
  resize(columns: number, rows: number): void {
    this.screen.resize(columns, rows);
    const terminal = readlinkSync(`/proc/${this.pid()}/fd/1`);
    spawnSync('stty', ['-F', terminal, 'columns', String(columns), 'rows', String(rows)]);
  }

  /** Takes its terminal away, as a closed ssh does: it gets SIGHUP. */
  hangUp(): void {
    this.#script.kill('SIGKILL');
  }

  /** Kills the program itself, not its terminal. */
  kill(): void {
    process.kill(this.pid()!, 'SIGKILL');
  }
}

function childrenOf(parent: number): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => parentOf(pid) === parent);
}

function parentOf(pid: number): number | undefined {
  try {
    // After the name in parentheses: state, parent (proc(5)).
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    return undefined;
  }
}
