/** Runs a cohort in a worker: chunks of epochs, ends of trials, and free slots filled from the backlog. */

import type { AttemptEnd, CohortEnd, CohortEvent, CohortTask, EpochRow } from '../src/executor/executor.ts';
import { goalOf, parseMetricName, type Part } from '../src/metrics.ts';
import { fingerprint, type Backend } from './backend/backend.ts';
import type { Dataset, DataSpec } from './data/dataset.ts';
import { Recorder } from './recording.ts';
import type { Network } from './train/network.ts';
import type { Program, TrialTask } from './train/program.ts';
import { layerColumns, layerRows, type LayerColumn } from './train/reports.ts';
import { smallestStack } from './train/layout.ts';
import { Stack, type Seat, type SlotEpoch } from './train/stack.ts';
import { STATUS } from './train/stopping.ts';

/** A chunk ends after about this long, so that stops and displays never wait for more. */
const CHUNK_MILLISECONDS = 200;

/** Epochs of one call at most: their reports and the order of their rows are held in memory. */
const LONGEST_CALL = 2_000;

export interface CohortHost {
  readonly backend: Backend;
  /** Loads a data set, or gives the one loaded before. Errors end the trial that asked. */
  readonly dataset: (spec: DataSpec) => Dataset;
  readonly post: (event: CohortEvent) => void;
  /** What the program's module makes; undefined for a program of layers. */
  readonly network?: Network | undefined;
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
  /** The stack's remark has been posted, or there is none. */
  noted: boolean;
  /** Rows of the running chunk. */
  rows: EpochRow[];
}

export class Cohort {
  readonly #task: CohortTask;
  readonly #host: CohortHost;
  readonly #stack: Stack;
  readonly #columns: Columns;
  readonly #backlog: TrialTask[];
  #slots: (Seated | null)[] = [];
  /** Of an epoch, in the last call. */
  #milliseconds: number | undefined;
  #stopped = false;
  /** More trials were asked for, and the answer has not come yet. */
  #asked = false;
  /** There were none when this cohort last asked, and no slot has become free since. */
  #refused = false;
  #wake: () => void = () => {};

  constructor(task: CohortTask, host: CohortHost) {
    this.#task = task;
    this.#host = host;
    this.#stack = new Stack(task.program, host.backend, { network: host.network });
    this.#columns = columnsOf(task.program);
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
      fingerprint: fingerprint(backend, this.#stack.layout),
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
        width: Math.max(smallestStack(this.#stack.layout), slots.length),
        layout: this.#stack.layout,
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
        noted: false,
        rows: [],
      };
    } catch (error) {
      this.#host.post({ type: 'trial_ended', trial: task.trial, end: failedBy(error), seconds: 0, metrics: [] });
      return undefined;
    }
  }

  /** Resolves with the next `add` or `stop`. */
  #message(): Promise<void> {
    return new Promise((resolve) => (this.#wake = resolve));
  }

  /** Epochs up to the first end of a trial, or for about `CHUNK_MILLISECONDS`. */
  #runChunk(): void {
    const deadline = performance.now() + CHUNK_MILLISECONDS;
    let ended = false;
    while (!ended && performance.now() < deadline) {
      const started = performance.now();
      const reached = this.#stack.run(this.#epochsUntil(deadline - started));
      const count = Math.max(...reached.map(({ length }) => length));
      this.#milliseconds = (performance.now() - started) / count;
      this.#slots.forEach((seated, slot) => {
        if (!seated) return;
        for (const epoch of reached[slot]!) this.#record(seated, epoch);
        const last = reached[slot]!.at(-1)!;
        if (last.status === STATUS.running) return;
        ended = true;
        this.#end(seated, last);
        this.#slots[slot] = null;
        this.#refused = false;
      });
    }
    for (const seated of this.#slots) if (seated) this.#postProgress(seated);
  }

  /** How many epochs fit into so many milliseconds, but never more than any trial has left. One until the pace is known. */
  #epochsUntil(milliseconds: number): number {
    const left = this.#slots.flatMap((seated) => {
      if (!seated) return [];
      return [seated.task.hyper['epochs']! - (seated.recorder.last?.epoch ?? 0)];
    });
    const fitting = this.#milliseconds === undefined ? 1 : Math.floor(milliseconds / this.#milliseconds);
    return Math.max(1, Math.min(fitting, LONGEST_CALL, ...left));
  }

  #record(seated: Seated, { epoch, values, layers, keptEpoch }: SlotEpoch): void {
    const row: EpochRow = {
      epoch,
      values: reportable(this.#columns, values),
      ...(layers.length > 0 ? { layers: layerRows(this.#columns.layers, layers) } : {}),
    };
    const loss = row.values[this.#columns.trainLoss];
    if (typeof loss === 'number') seated.lastLoss = loss;
    seated.rows.push(...seated.recorder.take(row, keptEpoch));
  }

  #postProgress(seated: Seated): void {
    const last = seated.recorder.last;
    if (!last) return;
    const { remark } = this.#stack;
    if (remark !== undefined && !seated.noted) {
      this.#host.post({ type: 'trial_noted', trial: seated.task.trial, note: remark });
    }
    seated.noted = true;
    this.#host.post({
      type: 'progress',
      trial: seated.task.trial,
      epoch: last.epoch,
      train_loss: last.values[this.#columns.trainLoss] ?? null,
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

/** What must be known of a program's columns to report them: worked out once, used for every epoch of every trial. */
interface Columns {
  readonly trainLoss: number;
  /** Per column: those of the losses of its part, without which it means nothing. */
  readonly losses: readonly (readonly number[])[];
  /** Per column: the rows that an accuracy is a share of, 0 for any other metric. */
  readonly shares: readonly number[];
  readonly layers: readonly LayerColumn[];
}

function columnsOf(program: Program): Columns {
  const { metrics, data } = program;
  const parsed = metrics.map((name) => parseMetricName(name)!);
  const lossesOf = (part: Part): number[] =>
    parsed.flatMap((other, column) => (other.part === part && other.metric.endsWith('loss') ? [column] : []));
  return {
    trainLoss: metrics.indexOf('train_loss'),
    losses: parsed.map(({ part }) => lossesOf(part)),
    shares: parsed.map(({ part, metric }) => (metric === 'accuracy' ? data.parts[part] : 0)),
    layers: layerColumns(program),
  };
}

/**
 * Numbers as they may be stored: nothing that is not finite, and no metric of a part whose loss is not. An accuracy is
 * a number of rows divided by another: it is given as that, not as the float32 nearest to it.
 */
function reportable({ losses, shares }: Columns, values: Float32Array): readonly (number | null)[] {
  return Array.from(values, (value, column) => {
    if (!Number.isFinite(value) || losses[column]!.some((loss) => !Number.isFinite(values[loss]))) return null;
    const rows = shares[column]!;
    return rows > 0 ? Math.round(value * rows) / rows : value;
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

/** An error of one trial, before its first epoch. */
export function failedBy(error: unknown): AttemptEnd {
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  return { state: 'failed', kind: 'error', epochs: 0, message, ...(stack ? { stack } : {}) };
}

/** An error outside any one trial. TensorFlow names exhausted memory in its messages. */
function brokenBy(error: unknown): CohortEnd {
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  const memory = /RESOURCE_EXHAUSTED|OOM when allocating|Array buffer allocation failed/.test(message);
  return { reason: 'failed', kind: memory ? 'out_of_memory' : 'error', message, ...(stack ? { stack } : {}) };
}
