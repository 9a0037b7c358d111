/** The action of `nightsweep run`: prepares each sweep, supervises its coordinator, shows it, and sums it up. */

import { closeSync } from 'node:fs';
import { resolve } from 'node:path';
import { Reader } from '../../db/reader.ts';
import { Store } from '../../db/store.ts';
import type { BackendName } from '../../workers/protocol.ts';
import { heldSweep } from '../coordinator/held-sweep.ts';
import { type PreparedSweep, sweepFiles, planDefinition, prepareSweep } from '../coordinator/prepare.ts';
import { type Display, type DisplayMode, chooseMode, openDisplay } from '../dashboard/display.ts';
import { type LoadedDefinition, loadDefinition } from '../definition/load.ts';
import { SweepError } from '../errors.ts';
import { type RunEnd, type RunSupervision, describeDeaths, superviseRun } from '../supervise-run.ts';
import { type BackendChoice, chooseBackend } from './choose-backend.ts';
import { commandName } from './command-name.ts';
import { describePlan } from './dry-run.ts';
import { Interrupts } from './interrupts.ts';
import { terminalWidth } from './options.ts';
import { workerCount } from './run-limits.ts';
import { describeResult } from './run-result.ts';
import { RunView } from './run-view.ts';
import { shellWord } from './shell-word.ts';

export interface RunFileOptions {
  readonly db: string;
  readonly defaultDatabase: string;
  readonly workers?: string;
  readonly backend?: BackendName;
  readonly set: readonly string[];
  readonly name?: string;
  readonly plain?: true;
  readonly json?: true;
  readonly dryRun?: true;
  readonly portable?: true;
  readonly debug?: boolean;
  /** Milliseconds since 1970; null for none. */
  readonly deadline: number | null;
  readonly cores: number;
  /** Seconds between two checkpoints of a trial at least. */
  readonly checkpointSeconds: number;
  /** Bytes; above it the coordinator is started anew. */
  readonly memoryBytes: number;
}

const EXIT = { ended: 0, usage: 1, failedTrials: 2, stoppedEarly: 3, internal: 70 } as const;

/** Runs the files in order; one that cannot be run does not stop the next. Returns an exit code for each that was tried. */
export async function runFiles(files: readonly string[], options: RunFileOptions): Promise<number[]> {
  const session = new Session(options);
  const codes: number[] = [];
  try {
    for (const file of files) {
      try {
        codes.push(await session.run(file));
      } catch (error) {
        if (files.length === 1) throw error;
        process.stderr.write(`${withFile(file, error)}\n`);
        codes.push(error instanceof SweepError && error.code !== 'internal' ? EXIT.usage : EXIT.internal);
      }
      if (session.interrupted) break;
    }
  } finally {
    session.close();
  }
  return codes;
}

class Session {
  readonly #options: RunFileOptions;
  readonly #mode: DisplayMode;
  readonly #interrupts: Interrupts;
  #current: { readonly supervision: RunSupervision; readonly view: RunView } | undefined;
  #hungUp = false;

  constructor(options: RunFileOptions) {
    this.#options = options;
    this.#mode = chooseMode(options);
    this.#interrupts = new Interrupts({
      onInterrupt: (level) => this.#interrupt(level),
      onHangUp: () => this.#hangUp(),
    });
  }

  get interrupted(): boolean {
    return this.#interrupts.exitCode !== undefined;
  }

  close(): void {
    this.#interrupts.close();
  }

  /** Returns the exit code. Errors: `SweepError` for whatever keeps the sweep from being run. */
  async run(file: string): Promise<number> {
    const { db, set, name, dryRun, cores } = this.#options;
    const loaded = await loadDefinition(file, { set, name });
    const plan = planDefinition(loaded);
    const { configs, replicates } = loaded.sweep;
    const workers = workerCount(this.#options.workers, cores, configs.length * replicates.count);
    if (dryRun) {
      process.stdout.write(describePlan(loaded.sweep, plan, workers, terminalWidth()));
      return EXIT.ended;
    }
    const store = Store.open(db);
    let prepared: PreparedSweep;
    try {
      prepared = prepareSweep(store, loaded, plan, { commandFor: (other) => this.#command(file, other) });
    } finally {
      store.close();
    }
    const reader = Reader.open(db);
    try {
      return await this.#train(loaded, prepared, reader, workers);
    } finally {
      reader.close();
    }
  }

  async #train(loaded: LoadedDefinition, prepared: PreparedSweep, reader: Reader, workers: number): Promise<number> {
    const { db, deadline, portable = false } = this.#options;
    const { sweep } = prepared;
    if (prepared.ended && this.#mode !== 'json') {
      this.#print(`All ${prepared.trials.length} trials of ${sweep.name} have ended; nothing is left to run.\n\n`);
      this.#print(this.#result(reader, sweep.name));
      return endedCode(reader, sweep.name);
    }
    // The coordinator's lock decides; to look before the display opens spares a frame that means nothing.
    if (!prepared.ended && reader.sweepNamed(sweep.name).live) throw heldSweep(sweep.name);
    // Should our output be closed (`--json | head`), the process ends there and then: early, and so it says.
    process.exitCode = EXIT.stoppedEarly;
    const asked = this.#options.backend;
    const { backend, reason }: BackendChoice = asked ? { backend: asked } : chooseBackend();
    const open = (mode: DisplayMode): Promise<Display> =>
      openDisplay(mode, {
        command: 'run',
        onStop: () => this.#interrupts.interrupt('SIGINT'),
        onLeave: () => view.leaveDashboard(),
      });
    const display = await open(this.#mode);
    const { trials, id } = prepared;
    const openPlain = (): Promise<Display> => open('plain');
    const view = new RunView({ sweep, trials, database: db, workers, backend, reader, display, openPlain });
    try {
      if (prepared.ended) {
        const code = endedCode(reader, sweep.name);
        await view.end('finished', code);
        return code;
      }
      if (prepared.extended !== undefined) view.notice('info', prepared.extended);
      for (const warning of sweep.warnings) view.notice('warning', warning);
      if (reason !== undefined) view.notice('warning', reason);
      const database = resolve(db);
      const log = `${database}.${sweep.name}.log`;
      const supervision = superviseRun(
        {
          database,
          sweep: id,
          workers,
          backend,
          deadline,
          files: sweepFiles(sweep),
          checkpointSeconds: this.#options.checkpointSeconds,
          memoryLimit: this.#options.memoryBytes,
          share: this.#options.workers === undefined,
          log,
          portable,
        },
        (message) => view.hear(message),
      );
      this.#current = { supervision, view };
      const end = await supervision.ended;
      this.#current = undefined;
      return await this.#conclude(end, view, loaded, reader, log);
    } finally {
      // A dashboard that stays open keeps the process alive.
      await view.closeDisplay();
    }
  }

  async #conclude(end: RunEnd, view: RunView, loaded: LoadedDefinition, reader: Reader, log: string): Promise<number> {
    const { name } = loaded.sweep;
    if (end.type === 'failed') {
      await view.end('error', end.error.code === 'internal' ? EXIT.internal : EXIT.usage);
      throw end.error;
    }
    const interrupt = this.#interrupts.exitCode;
    if (end.type === 'gave_up') {
      await view.end('error', EXIT.internal);
      process.stderr.write(
        `nightsweep: the coordinator's process is not started again: ${end.reason} (${describeDeaths(end.deaths)}); ` +
          `what was committed is kept\n` +
          `${end.tail === '' ? '' : `${end.tail}\n`}The log is ${log}\n${this.#howToGoOn(loaded)}`,
      );
      return EXIT.internal;
    }
    const outcome = end.type === 'stopped' ? 'stopped' : end.outcome;
    if (outcome === 'finished') {
      const code = endedCode(reader, name);
      await view.end('finished', code);
      this.#print(`\n${this.#result(reader, name)}`);
      return code;
    }
    const code = interrupt ?? EXIT.stoppedEarly;
    await view.end(interrupt === undefined ? outcome : 'interrupted', code);
    this.#print(`\n${this.#result(reader, name)}${this.#howToGoOn(loaded)}`);
    return code;
  }

  #result(reader: Reader, sweep: string): string {
    const { db: database, defaultDatabase } = this.#options;
    return describeResult({ reader, sweep, database, defaultDatabase, width: terminalWidth() });
  }

  #howToGoOn({ file }: LoadedDefinition): string {
    return `To go on: ${this.#command(file, this.#options.name)}\n`;
  }

  #command(file: string, name: string | undefined): string {
    const { db, defaultDatabase, set } = this.#options;
    const words = [
      file,
      ...(db === defaultDatabase ? [] : ['--db', db]),
      ...set.flatMap((setting) => ['--set', setting]),
      ...(name === undefined ? [] : ['--name', name]),
    ];
    return `${commandName} run ${words.map(shellWord).join(' ')}`;
  }

  /** Text for people; with --json there are only events. */
  #print(text: string): void {
    if (this.#mode !== 'json' && !this.#hungUp) process.stdout.write(text);
  }

  #interrupt(level: 'chunk' | 'now' | 'kill'): void {
    // Nothing has been started, so nothing is to be stopped.
    if (!this.#current) process.exit(this.#interrupts.exitCode);
    const { supervision, view } = this.#current;
    if (level === 'kill') {
      view.notice('warning', 'killing the coordinator');
      supervision.kill();
      return;
    }
    const again =
      level === 'chunk' ? 'stopping after the running chunk; Ctrl-C again stops at once' : 'stopping at once';
    view.notice('info', again);
    supervision.stop(level);
  }

  /** The terminal is gone, but the run is not. */
  #hangUp(): void {
    this.#hungUp = true;
    for (const stream of [process.stdout, process.stderr]) {
      stream.removeAllListeners('error');
      stream.on('error', () => {});
    }
    process.once('exit', leaveTerminal);
    void this.#current?.view.closeDisplay();
  }
}

/** Node restores its terminal when it exits, and aborts when that is gone; descriptors that are closed it leaves alone. */
function leaveTerminal(): void {
  // Asked for now, `isatty` would say of a terminal that is gone that it is none.
  for (const stream of [process.stdin, process.stdout, process.stderr]) if (stream.isTTY) closeSync(stream.fd);
}

/** The message, after the file's name where it does not begin with it. */
function withFile(file: string, error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.startsWith(file) ? message : `${file}: ${message}`;
}

function endedCode(reader: Reader, sweep: string): number {
  return reader.snapshot(sweep).states.failed > 0 ? EXIT.failedTrials : EXIT.ended;
}
