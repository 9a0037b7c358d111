/** Runs a cohort in a worker: chunks of epochs, ends of trials, and free slots filled from the backlog. */

import type { AttemptEnd, CohortEnd, CohortEvent, CohortTask, EpochRow } from '../src/executor/executor.ts';
import { goalOf, parseMetricName } from '../src/metrics.ts';
import { fingerprint, type Backend } from './backend/backend.ts';
import type { Dataset, DataSpec } from './data/dataset.ts';
import { Recorder } from './recording.ts';
import type { Program, TrialTask } from './train/program.ts';
import { SMALLEST_STACK, Stack, type Seat, type SlotEpoch } from './train/stack.ts';
import { STATUS } from './train/stopping.ts';

/** A chunk ends after about this long, so that stops and displays never wait for more. */
const CHUNK_MILLISECONDS = 200;
const LAYOUT = 'stacked';

export interface CohortHost {
  readonly backend: Backend;
  /** Loads a data set, or gives the one loaded before. Errors end the trial that asked. */
  readonly dataset: (spec: DataSpec) => Dataset;
  readonly post: (event: CohortEvent) => void;
  /** Identifies the worker in `attempts`. */
  readonly worker: number;
}

/** A trial in a slot. */
interface Seated {
  readonly task: TrialTask;
  readonly dataset: Dataset;
  readonly recorder: Recorder;
  readonly startedAt: number;
  lastLoss: number | undefined;
  /** Rows of the running chunk. */
  rows: EpochRow[];
}

export class Cohort {
  readonly #task: CohortTask;
  readonly #host: CohortHost;
  readonly #stack: Stack;
  readonly #backlog: TrialTask[];
  #slots: (Seated | null)[] = [];
  #stopped = false;
  /** More trials were asked for, and the answer has not come yet. */
  #asked = false;
  /** There were none when this cohort last asked, and no slot has become free since. */
  #refused = false;
  #wake: () => void = () => {};

  constructor(task: CohortTask, host: CohortHost) {
    this.#task = task;
    this.#host = host;
    this.#stack = new Stack(task.program, host.backend.ops);
    this.#backlog = [...task.trials];
  }

  /** The answer to `wants_trials`. */
  add(trials: readonly TrialTask[]): void {
    this.#backlog.push(...trials);
    this.#asked = false;
    this.#refused = trials.length === 0;
    this.#wake();
  }

  /** The running chunk is the last. */
  stop(): void {
    this.#stopped = true;
    this.#wake();
  }

  async run(): Promise<CohortEnd> {
    const { backend, worker, post } = this.#host;
    const { program } = this.#task;
    post({
      type: 'cohort_started',
      worker,
      backend: backend.name,
      fingerprint: fingerprint(backend, LAYOUT),
      metrics: program.metrics,
    });
    try {
      for (;;) {
        await messages();
        if (this.#stopped) return { reason: 'stopped' };
        this.#fill();
        const idle = this.#slots.every((slot) => slot === null);
        if (idle && !this.#asked) return { reason: 'finished' };
        // Were it to end now, the trials that are on their way would come too late, and begin anew elsewhere.
        if (idle) await this.#message();
        else this.#runChunk();
      }
    } catch (error) {
      return brokenBy(error);
    } finally {
      this.#stack.dispose();
    }
  }

  /** Seats waiting trials in free slots, and gives up slots when fewer than half are busy. */
  #fill(): void {
    const entrants: Seated[] = [];
    const busy = this.#slots.filter((slot) => slot !== null).length;
    while (busy + entrants.length < this.#task.width) {
      const task = this.#backlog.shift();
      if (!task) break;
      const seated = this.#prepare(task);
      if (seated) entrants.push(seated);
    }
    const seated = busy + entrants.length;
    if (seated > 0 && this.#backlog.length < this.#task.width && !this.#asked && !this.#refused) {
      this.#asked = true;
      this.#host.post({ type: 'wants_trials', count: this.#task.width - this.#backlog.length });
    }
    const width = this.#slots.length;
    const repack = seated * 2 <= width && width > 2;
    if (entrants.length === 0 && !repack) return;
    this.#seat(entrants, repack);
  }

  #seat(entrants: readonly Seated[], repack: boolean): void {
    const waiting = [...entrants];
    const slots: (Seated | null)[] = [];
    const seats: Seat[] = [];
    const put = (seated: Seated | null, seat: Seat): void => {
      slots.push(seated);
      seats.push(seat);
    };
    this.#slots.forEach((seated, from) => {
      if (seated) return put(seated, { from });
      const next = waiting.shift();
      if (next) return put(next, { enter: next });
      if (!repack) put(null, null);
    });
    for (const next of waiting) put(next, { enter: next });
    // Before anything is built for them: should that break the cohort, it is known who was there.
    for (const entrant of entrants) {
      const slot = slots.indexOf(entrant);
      this.#host.post({
        type: 'trial_started',
        trial: entrant.task.trial,
        slot,
        width: Math.max(SMALLEST_STACK, slots.length),
        layout: LAYOUT,
        company: slots.flatMap((other, at) => (other && at !== slot ? [other.task.trial] : [])),
      });
    }
    this.#stack.seat(seats);
    this.#slots = slots;
  }

  /** Loads a trial's data; a trial whose data cannot be had fails alone. */
  #prepare(task: TrialTask): Seated | undefined {
    const { program } = this.#task;
    try {
      const column = program.metrics.indexOf(program.objective);
      const parsed = parseMetricName(program.objective);
      const sign = parsed && goalOf(parsed.metric) === 'maximize' ? -1 : 1;
      return {
        task,
        dataset: this.#host.dataset(task.data),
        recorder: new Recorder(program.record, column, sign),
        startedAt: performance.now(),
        lastLoss: undefined,
        rows: [],
      };
    } catch (error) {
      const { message, stack } = error instanceof Error ? error : new Error(String(error));
      const end: AttemptEnd = { state: 'failed', kind: 'error', epochs: 0, message, ...(stack ? { stack } : {}) };
      this.#host.post({ type: 'trial_ended', trial: task.trial, end, seconds: 0, metrics: [] });
      return undefined;
    }
  }

  /** Resolves with the next `add` or `stop`. */
  #message(): Promise<void> {
    return new Promise((resolve) => (this.#wake = resolve));
  }

  #runChunk(): void {
    const started = performance.now();
    let ended = false;
    while (!ended && performance.now() - started < CHUNK_MILLISECONDS) {
      const reached = this.#stack.runEpoch();
      this.#slots.forEach((seated, slot) => {
        const epoch = reached[slot];
        if (!seated || !epoch) return;
        this.#record(seated, epoch);
        if (epoch.status !== STATUS.running) {
          ended = true;
          this.#end(seated, epoch);
          this.#slots[slot] = null;
          this.#refused = false;
        }
      });
    }
    for (const seated of this.#slots) if (seated) this.#postProgress(seated);
  }

  #record(seated: Seated, { epoch, values, keptEpoch }: SlotEpoch): void {
    const row: EpochRow = { epoch, values: reportable(this.#task.program, values) };
    const loss = row.values[this.#task.program.metrics.indexOf('train_loss')];
    if (typeof loss === 'number') seated.lastLoss = loss;
    seated.rows.push(...seated.recorder.take(row, keptEpoch));
  }

  #postProgress(seated: Seated): void {
    const last = seated.recorder.last;
    if (!last) return;
    this.#host.post({
      type: 'progress',
      trial: seated.task.trial,
      epoch: last.epoch,
      train_loss: last.values[this.#task.program.metrics.indexOf('train_loss')] ?? null,
      rows: seated.rows,
    });
    seated.rows = [];
  }

  #end(seated: Seated, { epoch, status, keptEpoch }: SlotEpoch): void {
    const { recorder, task } = seated;
    seated.rows.push(...recorder.finish());
    this.#postProgress(seated);
    const diverged = status === STATUS.diverged;
    const end: AttemptEnd = diverged
      ? { state: 'failed', kind: 'diverged', epochs: epoch, ...divergence(epoch, seated.lastLoss) }
      : {
          state: 'completed',
          stop_reason: status === STATUS.early_stopping ? 'early_stopping' : 'epochs',
          epochs: epoch,
          kept_epoch: keptEpoch,
        };
    const row = diverged ? recorder.last : recorder.kept;
    this.#host.post({
      type: 'trial_ended',
      trial: task.trial,
      end,
      seconds: (performance.now() - seated.startedAt) / 1000,
      metrics: row?.values ?? [],
    });
  }
}

/** Lets messages of the coordinator in. */
function messages(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/**
 * Numbers as they may be stored: nothing that is not finite, and no metric of a part whose loss is not. An accuracy is
 * a number of rows divided by another: it is given as that, not as the float32 nearest to it.
 */
function reportable(program: Program, values: Float32Array): readonly (number | null)[] {
  const broken = new Set(
    program.metrics.flatMap((name, column) => {
      const parsed = parseMetricName(name);
      return parsed?.metric.endsWith('loss') && !Number.isFinite(values[column]) ? [parsed.part] : [];
    }),
  );
  return program.metrics.map((name, column) => {
    const value = values[column]!;
    const { part, metric } = parseMetricName(name)!;
    if (!Number.isFinite(value) || broken.has(part)) return null;
    const rows = program.data.parts[part];
    return metric === 'accuracy' ? Math.round(value * rows) / rows : value;
  });
}

function divergence(epoch: number, lastLoss: number | undefined): { message: string; last_loss?: number } {
  const last =
    lastLoss === undefined
      ? 'no epoch before it had a training loss'
      : `last finite training loss ${Number(lastLoss.toPrecision(4))}`;
  return {
    message: `losses and weights must stay finite, but were not at epoch ${epoch} (${last})`,
    ...(lastLoss === undefined ? {} : { last_loss: lastLoss }),
  };
}

/** An error outside any one trial. TensorFlow names exhausted memory in its messages. */
function brokenBy(error: unknown): CohortEnd {
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  const memory = /RESOURCE_EXHAUSTED|OOM when allocating|Array buffer allocation failed/.test(message);
  return { reason: 'failed', kind: memory ? 'out_of_memory' : 'error', message, ...(stack ? { stack } : {}) };
}
