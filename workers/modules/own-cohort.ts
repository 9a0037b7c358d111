/** Runs trials of a user's module in a worker, one after another. */

import * as tf from '@tensorflow/tfjs-core';
import type { AttemptEnd, CohortEnd, CohortEvent, EpochRow, OwnCohortTask } from '../../src/executor/executor.ts';
import type { TrialDecision, TrialModule } from '../../src/module-types.ts';
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
  readonly #gaveUp = afterAbort(this.#stop.signal);
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
      post({ type: 'trial_started', trial: task.trial, slot: 0, width: 1, layout: OWN_LAYOUT, company: [] });
      if ((await this.#run(task)) === 'stopped') return { reason: 'stopped' };
    }
  }

  /** Asks for another trial; undefined when there is none. */
  async #wanted(): Promise<OwnTask | undefined> {
    const answered = new Promise<void>((resolve) => (this.#answer = resolve));
    this.#host.post({ type: 'wants_trials', count: 1 });
    await answered;
    return this.#backlog.shift();
  }

  async #run(task: OwnTask): Promise<'ended' | 'stopped'> {
    const reports = new Reports(this.#task, task, this.#host.post, this.#stop.signal);
    const variables = new Set(Object.keys(tf.engine().registeredVariables));
    const started = performance.now();
    tf.engine().startScope();
    let failure: unknown;
    try {
      const run = (await loadModule(this.#task.program.trial)) as TrialModule;
      const { seed, replicate, params } = task;
      const { signal } = this.#stop;
      if (signal.aborted) return 'stopped';
      const trial = run({ tf: tensorFlow, seed, replicate, params, report: reports.report, signal });
      const isOver = await Promise.race([Promise.resolve(trial).then(() => true), this.#gaveUp]);
      if (!isOver || signal.aborted) return 'stopped';
    } catch (error) {
      if (this.#stop.signal.aborted) return 'stopped';
      failure = error ?? new Error('it threw nothing');
    } finally {
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
    return 'ended';
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
  readonly #signal: AbortSignal;
  readonly #recorder: Recorder;
  #rows: EpochRow[] = [];
  #posted = Number.NEGATIVE_INFINITY;
  #epoch = 0;

  constructor(cohort: OwnCohortTask, task: OwnTask, post: (event: CohortEvent) => void, signal: AbortSignal) {
    this.#cohort = cohort;
    this.#task = task;
    this.#post = post;
    this.#signal = signal;
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
    this.#epoch += 1;
    const own = finite(metrics);
    // The objective stands where the recorder looks for it.
    const row: EpochRow = { epoch: this.#epoch, values: [own[objective] ?? null], own };
    this.#rows.push(...this.#recorder.take(row, this.#epoch));
    this.post(false);
    // Lets messages of the coordinator in, of which one may say stop.
    await new Promise((resolve) => setImmediate(resolve));
    return this.#signal.aborted ? 'stop' : 'continue';
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

  end(): AttemptEnd {
    const { objective } = this.#cohort.program;
    const epochs = this.#epoch;
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
    const { message, stack } = error instanceof Error ? error : new Error(String(error));
    const kind = /RESOURCE_EXHAUSTED|OOM when allocating|Array buffer allocation failed/.test(message)
      ? 'out_of_memory'
      : 'error';
    return { state: 'failed', kind, epochs: this.#epoch, message, ...(stack ? { stack } : {}) };
  }
}
