/** Runs a cohort in a worker: chunks of epochs, ends of trials, and free slots filled from the backlog. */

import type {
  AttemptEnd,
  CohortEnd,
  CohortEvent,
  CohortTask,
  EpochRow,
  ResumePoint,
} from '../src/executor/executor.ts';
import { fingerprint, type Backend } from './backend/backend.ts';
import type { Dataset, DataSpec } from './data/dataset.ts';
import { BestObjectives } from './best-objectives.ts';
import { CheckpointPace } from './checkpoint-pace.ts';
import { columnsOf, reportable, type Columns } from './columns.ts';
import { brokenBy, endOf, failedBy, timedOut } from './endings.ts';
import { Recorder } from './recording.ts';
import {
  decodeCheckpoint,
  encodeCheckpoint,
  sizeOf,
  type Checkpoint,
  type CheckpointForm,
} from './train/checkpoint.ts';
import type { Network } from './train/network.ts';
import type { TrialTask } from './train/program.ts';
import { layerRows } from './train/reports.ts';
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
  /** May take the buffers to transfer away: nobody here needs them any more. */
  readonly post: (event: CohortEvent, transfer?: readonly ArrayBuffer[]) => void;
  /** What the program's module makes; undefined for a program of layers. */
  readonly network?: Network | undefined;
  /** Identifies the worker in `attempts`. */
  readonly worker: number;
  /** Of all cohorts of this thread. */
  readonly best?: BestObjectives;
}

/** A trial in a slot. */
interface Seated {
  readonly task: TrialTask;
  readonly dataset: Dataset;
  readonly recorder: Recorder;
  readonly startedAt: number;
  /** Seconds in the slots of the attempts that it goes on from. */
  readonly secondsBefore: number;
  /** Where it goes on, until the stack has it. */
  from: Checkpoint | undefined;
  /** Why it begins anew although it had a checkpoint. */
  readonly refusal: string | undefined;
  /** Of its newest checkpoint. */
  savedEpoch: number;
  lastLoss: number | undefined;
  /** The stack's remark has been posted, or there is none. */
  noted: boolean;
  /** Rows since its newest checkpoint. */
  rows: EpochRow[];
}

export class Cohort {
  readonly #task: CohortTask;
  readonly #host: CohortHost;
  readonly #stack: Stack;
  readonly #columns: Columns;
  readonly #fingerprint: string;
  readonly #form: CheckpointForm;
  /** Bytes of a slot's checkpoint, but for its header. */
  readonly #checkpointBytes: number;
  readonly #pace: CheckpointPace;
  readonly #best: BestObjectives;
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
    this.#fingerprint = fingerprint(host.backend, this.#stack.layout);
    this.#form = { metrics: task.program.metrics, entries: this.#stack.entries };
    this.#checkpointBytes = this.#stack.entries.reduce((sum, entry) => sum + sizeOf(entry) * 4, 0);
    this.#pace = new CheckpointPace(task.checkpointSeconds, performance.now());
    this.#best = host.best ?? new BestObjectives();
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
    const { backend, worker } = this.#host;
    const { metrics } = this.#task.program;
    this.#host.post({ type: 'cohort_started', worker, backend: backend.name, fingerprint: this.#fingerprint, metrics });
    try {
      for (;;) {
        await messages();
        if (this.#stopped) {
          this.#save();
          return { reason: 'stopped' };
        }
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
      const { trial } = entrant.task;
      this.#host.post({
        type: 'trial_started',
        trial,
        slot,
        width: Math.max(smallestStack(this.#stack.layout), slots.length),
        layout: this.#stack.layout,
        company: slots.flatMap((other, at) => (other && at !== slot ? [other.task.trial] : [])),
        resumed_from: entrant.from?.epoch ?? 0,
      });
      if (entrant.refusal !== undefined) this.#host.post({ type: 'trial_noted', trial, note: entrant.refusal });
    }
    this.#stack.seat(seats);
    for (const entrant of entrants) entrant.from = undefined;
    this.#slots = slots;
  }

  /** Loads a trial's data; a trial whose data cannot be had fails alone. */
  #prepare({ resume, ...task }: TrialTask): Seated | undefined {
    const { objective, sign } = this.#columns;
    try {
      const dataset = this.#host.dataset(task.data);
      const found = resume && this.#checkpoint(resume);
      const from = typeof found === 'string' ? undefined : found;
      return {
        task,
        dataset,
        recorder: new Recorder(this.#task.program.record, objective, sign, from?.recorder),
        startedAt: performance.now(),
        secondsBefore: from?.seconds ?? 0,
        from,
        refusal: typeof found === 'string' ? `began anew, since its checkpoint cannot be used: ${found}` : undefined,
        savedEpoch: from?.epoch ?? 0,
        lastLoss: from?.lastLoss ?? undefined,
        noted: false,
        rows: [],
      };
    } catch (error) {
      this.#host.post({ type: 'trial_ended', trial: task.trial, end: failedBy(error), seconds: 0, metrics: [] });
      return undefined;
    }
  }

  /** The checkpoint, or why it cannot be used here. */
  #checkpoint({ epoch, fingerprint: found, bytes }: ResumePoint): Checkpoint | string {
    if (found !== this.#fingerprint) return `its fingerprint must be "${this.#fingerprint}", but is "${found}"`;
    const checkpoint = decodeCheckpoint(bytes, this.#form);
    if (typeof checkpoint === 'string' || checkpoint.epoch === epoch) return checkpoint;
    return `it must be of epoch ${epoch}, but is of epoch ${checkpoint.epoch}`;
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
      const done: Ending[] = [];
      this.#slots.forEach((seated, slot) => {
        if (!seated) return;
        for (const epoch of reached[slot]!) this.#record(seated, epoch);
        const last = reached[slot]!.at(-1)!;
        if (last.status !== STATUS.running) done.push({ seated, slot, end: endOf(last, seated.lastLoss) });
      });
      this.#end(done);
      ended = done.length > 0;
    }
    this.#end(this.#overdue());
    const seated = this.#slots.filter((each) => each !== null);
    if (this.#pace.isDue(performance.now(), seated.length * this.#checkpointBytes)) this.#save();
    else for (const each of seated) this.#postProgress(each, []);
  }

  /** Trials whose time is up. */
  #overdue(): readonly Ending[] {
    const limit = this.#task.limits?.seconds ?? Infinity;
    return this.#slots.flatMap((seated, slot): Ending[] => {
      if (!seated || secondsOf(seated) < limit) return [];
      return [{ seated, slot, end: timedOut(limit, seated.recorder.last?.epoch ?? 0, seated.lastLoss) }];
    });
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

  /** Checkpoints of all trials that have got on since their last ones, with the rows up to there. */
  #save(): void {
    if (this.#pace.isOff) return;
    const started = performance.now();
    const saved = this.#slots.flatMap((seated, slot) => {
      const epoch = seated?.recorder.last?.epoch;
      return seated && epoch !== undefined && epoch > seated.savedEpoch ? [{ seated, slot, epoch }] : [];
    });
    const checkpoints = this.#checkpoints(saved);
    saved.forEach(({ seated, epoch }, index) => {
      this.#postProgress(seated, seated.rows.splice(0), checkpoints[index]);
      seated.savedEpoch = epoch;
    });
    this.#pace.made(started, performance.now());
  }

  #checkpoints(of: readonly Pick<Ending, 'seated' | 'slot'>[]): readonly Uint8Array<ArrayBuffer>[] {
    if (of.length === 0) return [];
    const states = this.#stack.states(of.map(({ slot }) => slot));
    return of.map(({ seated }, index) => {
      const recorder = seated.recorder.state!;
      const { epoch } = recorder.last;
      const lastLoss = seated.lastLoss ?? null;
      const checkpoint = { epoch, seconds: secondsOf(seated), lastLoss, recorder, state: states[index]! };
      return encodeCheckpoint(checkpoint, this.#form);
    });
  }

  #postProgress(seated: Seated, rows: readonly EpochRow[], checkpoint?: Uint8Array<ArrayBuffer>): void {
    const { last } = seated.recorder;
    if (!last) return;
    const { trial } = seated.task;
    const { remark } = this.#stack;
    if (remark !== undefined && !seated.noted) this.#host.post({ type: 'trial_noted', trial, note: remark });
    seated.noted = true;
    const train_loss = last.values[this.#columns.trainLoss] ?? null;
    const event: CohortEvent = { type: 'progress', trial, epoch: last.epoch, train_loss, rows };
    if (checkpoint) this.#host.post({ ...event, checkpoint }, [checkpoint.buffer]);
    else this.#host.post(event);
  }

  /** Frees the slots of trials that have ended. Their state can be read as long as nothing runs or is seated. */
  #end(endings: readonly Ending[]): void {
    const best = endings.filter((ending) => this.#mayBeBest(ending));
    const checkpoints = this.#checkpoints(best);
    for (const ending of endings) {
      const { seated, slot, end } = ending;
      const { recorder, task } = seated;
      this.#postProgress(seated, [...seated.rows, ...recorder.finish()]);
      const row = end.state === 'failed' ? recorder.last : recorder.kept;
      const metrics = row?.values ?? [];
      const event: CohortEvent = { type: 'trial_ended', trial: task.trial, end, seconds: secondsOf(seated), metrics };
      const checkpoint = checkpoints[best.indexOf(ending)];
      if (checkpoint) this.#host.post({ ...event, checkpoint }, [checkpoint.buffer]);
      else this.#host.post(event);
      this.#stack.leave(slot);
      this.#slots[slot] = null;
      this.#refused = false;
    }
  }

  #mayBeBest({ seated, end }: Ending): boolean {
    const { objective, sign } = this.#columns;
    const value = end.state === 'completed' ? seated.recorder.kept?.values[objective] : undefined;
    return typeof value === 'number' && this.#best.reaches(this.#task.program.objective, value, sign);
  }
}

/** A trial in a slot that ends now. */
interface Ending {
  readonly seated: Seated;
  readonly slot: number;
  readonly end: AttemptEnd;
}

/** In a slot, over all attempts that went on from each other. */
function secondsOf({ secondsBefore, startedAt }: Seated): number {
  return secondsBefore + (performance.now() - startedAt) / 1000;
}

/** Lets messages of the coordinator in. */
function messages(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
