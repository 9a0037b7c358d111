/** What `run`, `resume` and `retry` share: supervises the coordinators of prepared sweeps, shows them, and sums them up. */

import { closeSync } from 'node:fs';
import { resolve } from 'node:path';
import { Reader } from '../../../db/reader.ts';
import type { BackendName } from '../../../workers/protocol.ts';
import { type PreparedSweep, sweepFiles } from '../../coordinator/prepare.ts';
import { takeOver } from '../../coordinator/take-over.ts';
import { type Display, type DisplayMode, chooseMode, openDisplay, openLines } from '../../dashboard/display.ts';
import { openQueryPort } from '../../dashboard/answers/query-port.ts';
import { controlInALine } from '../control-sweep.ts';
import { type Awake, keepAwake } from '../../keep-awake.ts';
import { logOf } from '../../log-file.ts';
import { type RunEnd, type RunSupervision, describeDeaths, superviseRun } from '../../supervise-run.ts';
import { type BackendChoice, chooseBackend } from './choose-backend.ts';
import { EXIT } from '../exit-codes.ts';
import { Interrupts } from './interrupts.ts';
import { type EndReason, runOnEnd, summarise } from './on-end.ts';
import { workerCount } from './run-limits.ts';
import { nextStep } from '../next-step.ts';
import { paperForStdout } from '../text/paint.ts';
import { describeResult } from './run-result.ts';
import { RunView } from './run-view.ts';

export interface TrainingOptions {
  readonly db: string;
  readonly workers?: string;
  readonly backend?: BackendName;
  readonly plain?: true;
  readonly json?: true;
  readonly portable?: true;
  /** A shell command that gets a summary of each sweep that ends. */
  readonly onEnd?: string;
  /** Milliseconds since 1970; null for none. */
  readonly deadline: number | null;
  readonly cores: number;
  /** Seconds between two checkpoints of a trial at least. */
  readonly checkpointSeconds: number;
  /** Bytes; above it the coordinator is started anew. */
  readonly memoryBytes: number;
}

/** All runs of one command: an interrupt of one is meant for those after it, too. */
export class Training {
  readonly #options: TrainingOptions;
  readonly #mode: DisplayMode;
  readonly #interrupts: Interrupts;
  readonly #awake: Awake;
  #current: { readonly supervision: RunSupervision; readonly view: RunView } | undefined;
  #hungUp = false;

  constructor(options: TrainingOptions) {
    this.#options = options;
    this.#mode = chooseMode(options);
    this.#awake = keepAwake('a hyperparameter sweep runs');
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
    this.#awake.release();
  }

  /** Returns the exit code. Errors: `SweepError` for whatever keeps the sweep from being run. */
  async train(prepared: PreparedSweep): Promise<number> {
    const reader = Reader.open(this.#options.db);
    try {
      if (!prepared.ended) await this.#takeOver(prepared);
      else if (this.#mode !== 'json') return this.#nothingLeft(prepared, reader);
      return await this.#show(prepared, reader);
    } finally {
      reader.close();
    }
  }

  async #takeOver({ id, sweep: { name } }: PreparedSweep): Promise<void> {
    const onWait = (message: string): void => void process.stderr.write(`${message}\n`);
    await takeOver({ database: this.#options.db, sweep: { id, name }, onWait });
  }

  #nothingLeft({ trials, sweep: { name } }: PreparedSweep, reader: Reader): number {
    this.#print(`All ${trials.length} trials of ${name} have ended; nothing is left to run.\n\n`);
    this.#print(this.#result(reader, name) + this.#next(reader, name));
    return endedCode(reader, name);
  }

  async #show(prepared: PreparedSweep, reader: Reader): Promise<number> {
    const { db, backend: asked, workers: askedWorkers, cores } = this.#options;
    const { sweep, trials, extended } = prepared;
    // Should our output be closed (`--json | head`), the process ends there and then: early, and so it says.
    process.exitCode = EXIT.stoppedEarly;
    const workers = workerCount(askedWorkers, cores, trials.length);
    const { backend, reason }: BackendChoice = asked ? { backend: asked } : chooseBackend();
    const queries = openQueryPort(db);
    const display = await openDisplay(this.#mode, () => ({
      command: 'run',
      sweep: sweep.name,
      onStop: () => this.#interrupts.interrupt('SIGINT'),
      onLeave: () => view.leaveDashboard(),
      queries,
      control: (name, command) => controlInALine(db, name, command),
    }));
    const openPlain = (): Promise<Display> => openLines('plain');
    const view = new RunView({ sweep, trials, database: db, workers, backend, reader, display, openPlain });
    try {
      if (prepared.ended) {
        const code = endedCode(reader, sweep.name);
        await view.end('finished', code);
        return code;
      }
      if (extended !== undefined) view.notice('info', extended);
      for (const warning of sweep.warnings) view.notice('warning', warning);
      if (reason !== undefined) view.notice('warning', reason);
      const started = Date.now();
      const end = await this.#supervise(prepared, { workers, backend }, view);
      const verdict = verdictOf(end, this.#interrupts.exitCode, reader.snapshot(sweep.name).states.failed);
      await view.end(verdict.outcome, verdict.exit_code);
      await this.#runOnEnd(reader, sweep.name, { ...verdict, seconds: (Date.now() - started) / 1000 });
      this.#conclude(end, verdict.outcome, sweep.name, reader);
      return verdict.exit_code;
    } finally {
      // A dashboard that stays open keeps the process alive.
      await view.closeDisplay();
      await queries.close();
    }
  }

  async #supervise(
    { id, sweep }: PreparedSweep,
    { workers, backend }: { readonly workers: number; readonly backend: BackendName },
    view: RunView,
  ): Promise<RunEnd> {
    const { db, deadline, checkpointSeconds, memoryBytes, portable = false } = this.#options;
    const supervision = superviseRun(
      {
        database: resolve(db),
        sweep: id,
        workers,
        backend,
        deadline,
        files: sweepFiles(sweep),
        checkpointSeconds,
        memoryLimit: memoryBytes,
        share: this.#options.workers === undefined,
        log: logOf(db, sweep.name),
        portable,
      },
      (message) => view.hear(message),
    );
    this.#current = { supervision, view };
    const end = await supervision.ended;
    this.#current = undefined;
    return end;
  }

  async #runOnEnd(
    reader: Reader,
    sweep: string,
    end: { readonly outcome: EndReason; readonly exit_code: number; readonly seconds: number },
  ): Promise<void> {
    const { onEnd } = this.#options;
    if (onEnd === undefined) return;
    const wrong = await runOnEnd(onEnd, summarise(reader.snapshot(sweep), end));
    if (wrong !== undefined) process.stderr.write(`warning: ${wrong}\n`);
  }

  #conclude(end: RunEnd, outcome: EndReason, name: string, reader: Reader): void {
    const { db } = this.#options;
    if (end.type === 'failed') throw end.error;
    const goOn = this.#next(reader, name);
    if (end.type === 'gave_up') {
      process.stderr.write(
        `nightsweep: the coordinator's process is not started again: ${end.reason} (${describeDeaths(end.deaths)}); ` +
          `what was committed is kept\n` +
          `${end.tail === '' ? '' : `${end.tail}\n`}The log is ${logOf(db, name)}\n${goOn}`,
      );
      return;
    }
    this.#print(`\n${this.#result(reader, name)}${goOn}`);
  }

  /** The obvious next step, as a line; empty where there is none. */
  #next(reader: Reader, sweep: string): string {
    const { states } = reader.snapshot(sweep);
    const kinds = reader.failureKinds(sweep);
    const next = nextStep({ name: sweep, live: false, pausedAt: null, states }, this.#options.db, kinds);
    return next === undefined ? '' : `${next}\n`;
  }

  #result(reader: Reader, sweep: string): string {
    return describeResult({ reader, sweep, database: this.#options.db, paper: paperForStdout() });
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

interface Verdict {
  readonly outcome: EndReason;
  readonly exit_code: number;
}

function verdictOf(end: RunEnd, interrupt: 130 | 143 | undefined, failedTrials: number): Verdict {
  if (end.type === 'failed') {
    return { outcome: 'error', exit_code: end.error.code === 'internal' ? EXIT.internal : EXIT.usage };
  }
  if (end.type === 'gave_up') return { outcome: 'error', exit_code: EXIT.internal };
  const outcome = end.type === 'stopped' ? 'stopped' : end.outcome;
  if (outcome === 'finished') return { outcome, exit_code: failedTrials > 0 ? EXIT.failedTrials : EXIT.ended };
  return interrupt === undefined
    ? { outcome, exit_code: EXIT.stoppedEarly }
    : { outcome: 'interrupted', exit_code: interrupt };
}

/** Node restores its terminal when it exits, and aborts when that is gone; descriptors that are closed it leaves alone. */
function leaveTerminal(): void {
  // Asked for now, `isatty` would say of a terminal that is gone that it is none.
  for (const stream of [process.stdin, process.stdout, process.stderr]) if (stream.isTTY) closeSync(stream.fd);
}

function endedCode(reader: Reader, sweep: string): number {
  return reader.snapshot(sweep).states.failed > 0 ? EXIT.failedTrials : EXIT.ended;
}
