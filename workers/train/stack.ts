/** A stack of trials that train together: its tensors, and whole epochs of all its slots in one call. */

import * as tf from '@tensorflow/tfjs-core';
import type { Backend } from '../backend/backend.ts';
import type { CompiledFunction } from '../compile/index.ts';
import type { Dataset } from '../data/dataset.ts';
import { sizeOf, type Checkpoint, type SlotState } from './checkpoint.ts';
import { compiled } from './compiled.ts';
import { CLOSING_COLUMNS, DYNAMIC, HYPER, STATE, TABLE, trainEpochs, type Course } from './epochs.ts';
import { constants, slotHyper, type SlotHyper } from './hyper.ts';
import { layoutOf, smallestStack, type Layout } from './layout.ts';
import type { Network } from './network.ts';
import { stepsPerEpoch, type Program, type TrialTask } from './program.ts';
import { layerColumns } from './reports.ts';
import { epochOrder } from './shuffle.ts';
import { batchIndices, createTables, type Tables } from './tables.ts';
import { STATUS } from './stopping.ts';
import { named, over, under, type Tensor, type Tensors } from './tensors.ts';
import { createTraining, stateEntries, type StateEntry, type Training } from './training.ts';

/** A trial with its data, as it enters a slot. */
export interface Entrant {
  readonly task: TrialTask;
  readonly dataset: Dataset;
  /** Where it goes on; absent for a trial that begins. */
  readonly from?: Pick<Checkpoint, 'epoch' | 'state'> | undefined;
}

/** A trial in a slot, with its numbers, which stay the same as long as it sits there. */
export interface Seated extends Entrant {
  readonly hyper: SlotHyper;
}

/** What one slot reached in an epoch. */
export interface SlotEpoch {
  readonly epoch: number;
  /** In the order of `program.metrics`; not finite where it was not finite. */
  readonly values: Float32Array;
  /** In the order of `layerColumns`. */
  readonly layers: Float32Array;
  /** See `STATUS`. */
  readonly status: number;
  /** The epoch whose metrics count as of now. */
  readonly keptEpoch: number;
}

/** What is to be in a slot: the trial that is in slot `from` now, a new one, or nothing. */
export type Seat = { readonly from: number } | { readonly enter: Entrant } | null;

export interface StackOptions {
  /** Other than the program's own, for comparisons. */
  readonly layout?: Layout;
  /** Runs op by op although the backend compiles, for comparisons. */
  readonly eager?: boolean;
  /** Of a program whose network a module makes. */
  readonly network?: Network | undefined;
}

export class Stack {
  readonly layout: Layout;
  /** What the state of a slot consists of. */
  readonly entries: readonly StateEntry[];
  readonly #program: Program;
  /** Of the compiled programs, together with the width and the data's stride. */
  readonly #key: string;
  readonly #training: Training;
  #compiles: boolean;
  #remark: string | undefined;
  readonly #train: (inputs: Tensors) => Tensors;
  readonly #constants: Tensors;
  #seated: readonly (Seated | null)[] = [];
  /** Epochs that each slot's trial has reached. */
  #epochs: readonly number[] = [];
  /** Those of `training.common` that all slots have had the same until now: what differs once makes another graph. */
  #common: readonly string[];
  #state: Tensors = {};
  #hyper: Tensors = {};
  #tables: Tables | undefined;

  constructor(program: Program, backend: Backend, options: StackOptions = {}) {
    this.#program = program;
    this.layout = options.layout ?? layoutOf(program);
    this.#key = JSON.stringify([program, this.layout]);
    this.#training = createTraining(program, backend.ops, this.layout, options.network);
    this.#compiles = backend.name === 'native' && !options.eager;
    this.#train = trainEpochs(this.#training, this.layout);
    this.entries = stateEntries(this.#training);
    this.#common = this.#training.common;
    this.#constants = constantTensors(program);
  }

  /** Why a module's model runs op by op although the backend compiles; known after the first epoch. */
  get remark(): string | undefined {
    return this.#remark;
  }

  /** Slots, idle ones included. */
  get width(): number {
    return this.#seated.length;
  }

  /**
   * Rearranges the stack; its width becomes that of `seats`, but never below the layout's smallest. Results do not
   * depend on it.
   */
  seat(seats: readonly Seat[]): void {
    const padded = [...seats];
    while (padded.length < smallestStack(this.layout)) padded.push(null);
    const entrants = padded.flatMap((seat) => (seat && 'enter' in seat ? [seat.enter] : []));
    const newcomers = entrants.map((entrant): Seated => {
      const { task, dataset } = entrant;
      return { ...entrant, hyper: slotHyper(this.#program, task, dataset) };
    });
    const before = this.#seated.length;
    let entered = 0;
    const sources = padded.map((seat) => {
      if (!seat) return undefined;
      if ('from' in seat) return seat.from;
      entered += 1;
      return before + entered - 1;
    });
    // An idle slot repeats the first busy one: harmless numbers that nobody reads.
    const filler = sources.find((source) => source !== undefined) ?? 0;
    const next = tf.tidy(() =>
      this.#gather(
        newcomers,
        sources.map((source) => source ?? filler),
      ),
    );

    // What they went on from is not needed any more.
    const everybody = [...this.#seated, ...newcomers.map(({ from: _, ...newcomer }) => newcomer)];
    const epochs = [...this.#epochs, ...newcomers.map(({ from }) => from?.epoch ?? 0)];
    this.#seated = sources.map((source) => (source === undefined ? null : everybody[source]!));
    this.#epochs = sources.map((source) => (source === undefined ? 0 : epochs[source]!));
    this.#replaceState(next);
    this.#rebuildInputs();
  }

  /**
   * Trains and evaluates every slot for `epochs` epochs, or fewer: up to the first in which a busy slot stops.
   * Gives each slot's epochs in order; none for an idle slot. A slot that stopped is idle from then on; its weights
   * can be read until the next call of `seat` or `run`.
   */
  run(epochs: number): readonly (readonly SlotEpoch[])[] {
    const columns = this.#program.metrics.length + layerColumns(this.#program).length + CLOSING_COLUMNS.length;
    const course = tf.tidy(() => {
      const made: Course = {
        epochs: tf.scalar(epochs, 'int32'),
        reports: tf.zeros([epochs, this.width, columns]),
        busy: tf.tensor(
          this.#seated.map((seated) => (seated ? 1 : 0)),
          [this.width, 1, 1],
        ),
        ...this.#indices(epochs),
      };
      return { ...made };
    });
    const inputs = {
      ...over(STATE, this.#state),
      ...over(HYPER, this.#hyper),
      ...over(TABLE, this.#tables!.tensors),
      ...course,
    };
    const { reports, done, ...state } = this.#run(inputs);
    const values = reports!.dataSync<'float32'>();
    const [reached] = done!.dataSync();
    tf.dispose([reports!, done!, ...Object.values(course)]);
    this.#replaceState(under(STATE, state));
    const first = this.#epochs;
    this.#epochs = first.map((epoch) => epoch + reached!);
    const trained = this.#seated.map((seated, slot) => {
      if (!seated) return [];
      return Array.from({ length: reached! }, (_, index): SlotEpoch => {
        const at = (index * this.width + slot) * columns;
        return this.#slotEpoch(first[slot]! + index + 1, values.subarray(at, at + columns));
      });
    });
    this.#seated = this.#seated.map((seated, slot) =>
      trained[slot]!.at(-1)?.status === STATUS.running ? seated : null,
    );
    return trained;
  }

  #run(inputs: Tensors): Tensors {
    const graph = this.#compiles ? this.#compiled(inputs) : undefined;
    return graph ? graph.run(inputs) : tf.tidy(() => this.#train(inputs));
  }

  /** Undefined for a module's model that does what no graph can. */
  #compiled(inputs: Tensors): CompiledFunction | undefined {
    const key = `${this.#key} ${this.width} ${this.#tables!.stride} ${this.#common.join()}`;
    const options = { dynamic: DYNAMIC.filter((name) => inputs[name]), inPlace: true };
    try {
      return compiled(key, this.#train, inputs, options);
    } catch (error) {
      if (!this.#program.module) throw error;
      this.#compiles = false;
      this.#remark = `runs op by op, since it cannot be compiled: ${error instanceof Error ? error.message : String(error)}`;
      return undefined;
    }
  }

  #replaceState(next: Tensors): void {
    const kept = new Set(Object.values(next));
    for (const tensor of Object.values(this.#state)) if (!kept.has(tensor)) tensor.dispose();
    this.#state = next;
  }

  #slotEpoch(epoch: number, report: Float32Array): SlotEpoch {
    const metrics = this.#program.metrics.length;
    const closing = report.length - CLOSING_COLUMNS.length;
    return {
      epoch,
      values: report.subarray(0, metrics),
      layers: report.subarray(metrics, closing),
      status: report[closing]!,
      keptEpoch: report[closing + 1]!,
    };
  }

  /** The numbers of a slot's variables: the newest, or those of the kept epoch where the program keeps such. */
  weights(slot: number, which: '' | 'kept.' = ''): Readonly<Record<string, Float32Array>> {
    return tf.tidy(() => {
      const stored = this.#training.parameters.stored.map(({ name }) => which + name);
      if (!stored.every((name) => this.#state[name])) return {};
      const unpacked = this.#training.parameters.unpack(this.#state, which);
      return Object.fromEntries(
        this.#training.network.variables.map(({ name }) => {
          const values = named(unpacked, name).dataSync<'float32'>();
          const size = values.length / this.width;
          return [name, values.slice(slot * size, (slot + 1) * size)];
        }),
      );
    });
  }

  /**
   * Everything that these slots have to be given to go on elsewhere. Views of larger arrays: to be copied by who keeps
   * them. Of a slot that stopped: its last state, until the next call of `seat` or `run`.
   */
  states(slots: readonly number[]): readonly SlotState[] {
    const states = slots.map((): Record<string, Float32Array | Int32Array> => ({}));
    for (const entry of this.entries) {
      const size = sizeOf(entry);
      const values = named(this.#state, entry.name).dataSync() as Float32Array | Int32Array;
      slots.forEach((slot, index) => (states[index]![entry.name] = values.subarray(slot * size, (slot + 1) * size)));
    }
    return states;
  }

  /** Makes the slot idle although its trial has not stopped. */
  leave(slot: number): void {
    this.#seated = this.#seated.with(slot, null);
  }

  dispose(): void {
    for (const tensors of [this.#state, this.#hyper, this.#constants]) tf.dispose(Object.values(tensors));
    this.#tables?.dispose();
  }

  #gather(newcomers: readonly Seated[], sources: readonly number[]): Tensors {
    const indices = tf.tensor1d([...sources], 'int32');
    const state: Record<string, Tensor> = {};
    for (const entry of this.entries) {
      const { name, dtype, shape } = entry;
      const parts: Tensor[] = this.#state[name] ? [named(this.#state, name)] : [];
      if (newcomers.length > 0) {
        const fresh = initialStack(entry, this.#training, newcomers);
        parts.push(tf.tensor(fresh, [newcomers.length, ...shape], dtype));
      }
      state[name] = tf.gather(parts.length > 1 ? tf.concat(parts, 0) : parts[0]!, indices);
    }
    return state;
  }

  #rebuildInputs(): void {
    const filler = this.#seated.find((entrant) => entrant !== null);
    if (!filler) return;
    const entrants = this.#seated.map((entrant) => entrant ?? filler);
    const datasets = entrants.map(({ dataset }) => dataset);
    if (!datasets.every((dataset) => dataset === this.#tables?.shared)) {
      this.#tables?.dispose();
      this.#tables = undefined;
      this.#tables = createTables(this.#program, datasets, this.layout);
    }
    for (const [name, tensor] of Object.entries(this.#hyper)) if (!this.#constants[name]) tensor.dispose();
    const slots = entrants.map(({ hyper }) => hyper);
    this.#common = commonNumbers(this.#common, slots);
    this.#hyper = { ...this.#constants, ...slotTensors(slots, this.#common) };
  }

  /** The rows of the next epochs' batches; nothing where a batch is all rows. */
  #indices(epochs: number): { readonly indices?: Tensor } {
    const { batch, data } = this.#program;
    const rows = data.parts.train;
    if (batch >= rows) return {};
    const filler = this.#seated.find((entrant) => entrant !== null)!;
    const orders = Array.from({ length: epochs }, (_, epoch) =>
      this.#seated.map((entrant, slot) => {
        const { task } = entrant ?? filler;
        return epochOrder(task.seed, task.replicate, this.#epochs[slot]! + epoch + 1, rows);
      }),
    );
    const shape = [epochs, stepsPerEpoch(this.#program), this.width, batch];
    return { indices: tf.tensor(batchIndices(this.#program, orders, this.#tables!.stride), shape, 'int32') };
  }
}

/** The numbers that all slots share, by name. */
export function constantTensors(program: Program): Tensors {
  return Object.fromEntries(
    Object.entries(constants(program)).map(([name, value]) => [name, tf.fill([1, 1, 1], value)]),
  );
}

/** Those of the names whose number is the same in all slots. */
export function commonNumbers(names: readonly string[], slots: readonly SlotHyper[]): readonly string[] {
  return names.filter((name) => slots.every(({ numbers }) => numbers[name] === slots[0]!.numbers[name]));
}

/**
 * The numbers of each slot, stacked, by name.
 * @param common names of numbers that the slots share: [1, 1, 1] instead of [K, 1, 1]
 */
export function slotTensors(slots: readonly SlotHyper[], common: readonly string[] = []): Tensors {
  const stacked = (kind: keyof SlotHyper, shape: readonly number[], dtype: 'float32' | 'int32'): [string, Tensor][] =>
    Object.keys(slots[0]![kind]).map((name) => {
      const meant = common.includes(name) ? slots.slice(0, 1) : slots;
      const values = meant.map((slot) => slot[kind][name]!);
      return [name, tf.tensor(values, [values.length, ...shape], dtype)];
    });
  return Object.fromEntries([
    ...stacked('numbers', [1, 1], 'float32'),
    ...stacked('thresholds', [1, 1], 'int32'),
    ...stacked('streams', [], 'int32'),
  ]);
}

/** The values of one state entry for trials that begin or go on. */
export function initialStack(
  entry: StateEntry,
  training: Training,
  newcomers: readonly Seated[],
): Float32Array | Int32Array {
  const { name, dtype, initial } = entry;
  const size = sizeOf(entry);
  const stack = new (dtype === 'int32' ? Int32Array : Float32Array)(size * newcomers.length);
  newcomers.forEach(({ task, hyper, from }, slot) => {
    const at = slot * size;
    if (from) stack.set(from.state[name]!, at);
    else if (typeof initial === 'number') stack.fill(initial, at, at + size);
    else if (initial === 'network') stack.set(initialValues(task, training, name), at);
    else stack.fill(hyper.numbers[initial.hyper]!, at, at + size);
  });
  return stack;
}

/** The first values of stored variables or of a statistic, or of the copy of them that is kept. */
function initialValues(task: TrialTask, { network, parameters }: Training, name: string): Float32Array {
  const isMeant = (each: { readonly name: string }): boolean => name === each.name || name === `kept.${each.name}`;
  const variables = parameters.stored.find(isMeant)?.variables ?? network.statistics.filter(isMeant);
  const values = variables.map((variable) => network.initial(variable, task));
  const all = new Float32Array(values.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const each of values) {
    all.set(each, at);
    at += each.length;
  }
  return all;
}
