/** Runs trials of a user's module in a worker, one after another. */

import * as tf from '@tensorflow/tfjs-core';
import type { AttemptEnd, CohortEnd, CohortEvent, EpochRow, OwnCohortTask } from '../../src/executor/executor.ts';
import type { TrialDecision, TrialModule } from '../../src/module-types.ts';
import { describeError } from '../endings.ts';
import { Recorder } from '../recording.ts';
import { loadModule } from './load.ts';
import type { OwnTask } from './own-task.ts';
import { checkMetrics, finite } from './own-report.ts';
import { tensorFlow } from './tensorflow.ts';

/** What is recorded in `attempts` as the layout of a module's trial: how it computes is its own business. */
export const OWN_LAYOUT = 'module';

/** Reports that follow each other faster are posted together. */
const POST_MILLISECONDS = 200;

/** How long a module that was asked to stop is waited for. */
const STOP_MILLISECONDS = 5000;

/** Milliseconds: Node's timers count no further. */
const LONGEST_TIMER = 2 ** 31 - 1;

export interface OwnCohortHost {
  readonly backend: string;
  readonly fingerprint: string;
  readonly worker: number;
  readonly post: (event: CohortEvent) => void;
}

export class OwnCohort {
  readonly #task: OwnCohortTask;
  readonly #host: OwnCohortHost;
  readonly #backlog: OwnTask[];
  readonly #stop = new AbortController();
  /** Resolves the wait for an answer to `wants_trials`. */
  #answer: (() => void) | undefined;

  constructor(task: OwnCohortTask, host: OwnCohortHost) {
    this.#task = task;
    this.#host = host;
    this.#backlog = [...task.trials];
  }

  /** The answer to `wants_trials`. */
  add(trials: readonly OwnTask[]): void {
    this.#backlog.push(...trials);
    this.#answer?.();
  }

  /** The running trial is told; it has no result. */
  stop(): void {
    this.#stop.abort();
    this.#answer?.();
  }

  async run(): Promise<CohortEnd> {
    const { backend, fingerprint, worker, post } = this.#host;
    post({ type: 'cohort_started', worker, backend, fingerprint, metrics: [] });
    for (;;) {
      const task = this.#backlog.shift() ?? (await this.#wanted());
      if (this.#stop.signal.aborted) return { reason: 'stopped' };
      if (!task) return { reason: 'finished' };
      const { trial } = task;
      post({ type: 'trial_started', trial, slot: 0, width: 1, layout: OWN_LAYOUT, company: [], resumed_from: 0 });
      const early = await this.#run(task);
      if (early) return early;
    }
  }

  /** Asks for another trial; undefined when there is none. */
  async #wanted(): Promise<OwnTask | undefined> {
    const answered = new Promise<void>((resolve) => (this.#answer = resolve));
    this.#host.post({ type: 'wants_trials', count: 1 });
    await answered;
    return this.#backlog.shift();
  }

  /** Gives the end of the whole cohort where no further trial can run after this one. */
  async #run(task: OwnTask): Promise<CohortEnd | undefined> {
    const reports = new Reports(this.#task, task, this.#host.post, this.#stop.signal);
    const { signal } = reports;
    const gaveUp = afterAbort(signal);
    const variables = new Set(Object.keys(tf.engine().registeredVariables));
    const started = performance.now();
    tf.engine().startScope();
    let failure: unknown;
    try {
      const run = (await loadModule(this.#task.program.trial)) as TrialModule;
      const { seed, replicate, params } = task;
      if (this.#stop.signal.aborted) return { reason: 'stopped' };
      const trial = run({ tf: tensorFlow, seed, replicate, params, report: reports.report, signal });
      const isOver = await Promise.race([Promise.resolve(trial).then(() => true), gaveUp]);
      if (this.#stop.signal.aborted) return { reason: 'stopped' };
      // It goes on in this thread and reports in vain: nothing else must run beside it.
      if (!isOver) return { reason: 'failed', ...reports.overrun() };
    } catch (error) {
      if (this.#stop.signal.aborted) return { reason: 'stopped' };
      failure = error ?? new Error('it threw nothing');
    } finally {
      reports.close();
      tf.engine().endScope();
      for (const [name, variable] of Object.entries(tf.engine().registeredVariables)) {
        if (!variables.has(name)) variable.dispose();
      }
    }
    const end = failure === undefined ? reports.end() : reports.failed(failure);
    reports.post(true);
    const seconds = (performance.now() - started) / 1000;
    const { last } = reports;
    const own = last?.own;
    this.#host.post({ type: 'trial_ended', trial: task.trial, end, seconds, metrics: [], ...(own ? { own } : {}) });
    return undefined;
  }
}

/** Resolves to false some time after the signal. */
function afterAbort(signal: AbortSignal): Promise<false> {
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => setTimeout(() => resolve(false), STOP_MILLISECONDS).unref(), { once: true });
  });
}

/** What one trial reports. */
class Reports {
  readonly #cohort: OwnCohortTask;
  readonly #task: OwnTask;
  readonly #post: (event: CohortEvent) => void;
  readonly #overrun = new AbortController();
  readonly #recorder: Recorder;
  #rows: EpochRow[] = [];
  #posted = Number.NEGATIVE_INFINITY;
  #epoch = 0;
  readonly #timer: NodeJS.Timeout | undefined;
  /** Tells the module to stop, since the cohort was told to or since it went beyond its limits. */
  readonly signal: AbortSignal;

  constructor(cohort: OwnCohortTask, task: OwnTask, post: (event: CohortEvent) => void, stop: AbortSignal) {
    this.#cohort = cohort;
    this.#task = task;
    this.#post = post;
    this.signal = AbortSignal.any([stop, this.#overrun.signal]);
    const { seconds } = cohort.limits ?? {};
    if (seconds !== undefined) {
      const message = `a trial must take at most ${seconds} s (limits.timeout), but took longer`;
      // A module that never lets timers run is ended by the coordinator's watchdog.
      this.#timer = setTimeout(() => this.#overrun.abort(message), Math.min(seconds * 1000, LONGEST_TIMER));
    }
    const { record, sign } = cohort.program;
    this.#recorder = new Recorder(record, 0, sign);
  }

  get last(): EpochRow | undefined {
    return this.#recorder.last;
  }

  /** Given to the module. */
  readonly report = async (metrics: Readonly<Record<string, number>>): Promise<TrialDecision> => {
    const { objective, parameters } = this.#cohort.program;
    checkMetrics(metrics, parameters);
    const most = this.#cohort.limits?.epochs ?? Infinity;
    if (this.#epoch >= most) {
      this.#overrun.abort(`the module must report at most ${most} times (limits.epochs), but went on`);
      return 'stop';
    }
    this.#epoch += 1;
    const own = finite(metrics);
    // The objective stands where the recorder looks for it.
    const row: EpochRow = { epoch: this.#epoch, values: [own[objective] ?? null], own };
    this.#rows.push(...this.#recorder.take(row, this.#epoch));
    this.post(false);
    // Lets messages of the coordinator in, of which one may say stop.
    await new Promise((resolve) => setImmediate(resolve));
    return this.signal.aborted ? 'stop' : 'continue';
  };

  /** What has been reported since the last time, unless that was a moment ago. */
  post(all: boolean): void {
    const { last } = this;
    if (!last || (!all && performance.now() - this.#posted < POST_MILLISECONDS)) return;
    this.#posted = performance.now();
    const rows = all ? [...this.#rows, ...this.#recorder.finish()] : this.#rows;
    const train_loss = last.own?.['train_loss'] ?? null;
    this.#post({ type: 'progress', trial: this.#task.trial, epoch: last.epoch, train_loss, rows });
    this.#rows = [];
  }

  /** Why a module that went beyond its limits fails. */
  overrun(): { readonly kind: 'timed_out'; readonly message: string } {
    return { kind: 'timed_out', message: String(this.#overrun.signal.reason) };
  }

  /** The module has returned, or never will. */
  close(): void {
    clearTimeout(this.#timer);
  }

  end(): AttemptEnd {
    const { objective } = this.#cohort.program;
    const epochs = this.#epoch;
    if (this.#overrun.signal.aborted) return { state: 'failed', epochs, ...this.overrun() };
    const own = this.last?.own;
    if (!own) return this.failed(new Error(`the module must report ${objective}, but reported nothing`));
    const value = own[objective];
    if (value === undefined) {
      const names = Object.keys(own).join(', ') || 'nothing';
      return this.failed(new Error(`the last report must hold the objective ${objective}, but it holds ${names}`));
    }
    if (value === null) {
      const message = `the objective ${objective} must be finite, but was not at epoch ${epochs}`;
      return { state: 'failed', kind: 'diverged', epochs, message };
    }
    return { state: 'completed', stop_reason: 'epochs', epochs, kept_epoch: epochs };
  }

  failed(error: unknown): AttemptEnd {
    // What it throws when it is told to stop is no error of its own.
    if (this.#overrun.signal.aborted) return { state: 'failed', epochs: this.#epoch, ...this.overrun() };
    return { state: 'failed', epochs: this.#epoch, ...describeError(error) };
  }
}
