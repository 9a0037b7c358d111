/** A stack of trials that train together: its tensors, and the eager loop that drives the training functions over an epoch. */

import * as tf from '@tensorflow/tfjs-core';
import type { Ops } from '../backend/ops/ops.ts';
import type { Dataset } from '../data/dataset.ts';
import { constants, slotHyper, type SlotHyper } from './hyper.ts';
import { initialVariable } from './initializers.ts';
import type { Program, TrialTask } from './program.ts';
import { epochOrder } from './shuffle.ts';
import { createTables, type Tables } from './tables.ts';
import { named, type Tensor, type Tensors } from './tensors.ts';
import { createTraining, stateEntries, type StateEntry, type Training } from './training.ts';

/** A trial with its data, as it enters a slot. */
export interface Entrant {
  readonly task: TrialTask;
  readonly dataset: Dataset;
}

/** A trial in a slot, with its numbers, which stay the same as long as it sits there. */
interface Seated extends Entrant {
  readonly hyper: SlotHyper;
}

/** What one slot reached in an epoch. */
export interface SlotEpoch {
  readonly epoch: number;
  /** In the order of `program.metrics`; not finite where it was not finite. */
  readonly values: Float32Array;
  /** See `STATUS`. */
  readonly status: number;
  /** The epoch whose metrics count as of now. */
  readonly keptEpoch: number;
}

/** A batched product of one matrix takes another kernel, with other bits: there are always two slots at least. */
export const SMALLEST_STACK = 2;

/** What is to be in a slot: the trial that is in slot `from` now, a new one, or nothing. */
export type Seat = { readonly from: number } | { readonly enter: Entrant } | null;

export class Stack {
  readonly #training: Training;
  readonly #program: Program;
  readonly #entries: readonly StateEntry[];
  readonly #constants: Tensors;
  #seated: readonly (Seated | null)[] = [];
  /** Epochs that each slot's trial has reached. */
  #epochs: readonly number[] = [];
  #state: Tensors = {};
  #hyper: Tensors = {};
  #tables: Tables | undefined;

  constructor(program: Program, ops: Ops) {
    this.#program = program;
    this.#training = createTraining(program, ops);
    this.#entries = stateEntries(program);
    this.#constants = Object.fromEntries(
      Object.entries(constants(program)).map(([name, value]) => [name, tf.fill([1, 1, 1], value)]),
    );
  }

  /** Slots, idle ones included. */
  get width(): number {
    return this.#seated.length;
  }

  /** Rearranges the stack; its width becomes that of `seats`, but never below 2. Results do not depend on it. */
  seat(seats: readonly Seat[]): void {
    const padded = [...seats];
    while (padded.length < SMALLEST_STACK) padded.push(null);
    const entrants = padded.flatMap((seat) => (seat && 'enter' in seat ? [seat.enter] : []));
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
        entrants,
        sources.map((source) => source ?? filler),
      ),
    );

    const previous = { seated: this.#seated, epochs: this.#epochs };
    this.#seated = padded.map((seat) => {
      if (!seat) return null;
      if ('from' in seat) return previous.seated[seat.from] ?? null;
      const { task, dataset } = seat.enter;
      return { task, dataset, hyper: slotHyper(this.#program, task, dataset) };
    });
    this.#epochs = padded.map((seat) => (seat && 'from' in seat ? previous.epochs[seat.from]! : 0));
    this.#replaceState(next);
    this.#rebuildInputs(previous.seated);
  }

  /** Trains every slot for one epoch and evaluates it. Idle slots give undefined. */
  runEpoch(): readonly (SlotEpoch | undefined)[] {
    const tables = this.#tables!;
    const { batch, data, metrics } = this.#program;
    const rows = data.parts.train;
    const hyper = this.#hyper;
    if (batch >= rows) {
      this.#advance((state) => this.#training.step(state, tables.whole, hyper));
    } else {
      const orders = this.#orders(rows);
      for (let from = 0; from < rows; from += batch) {
        const count = Math.min(batch, rows - from);
        this.#advance((state) =>
          this.#training.step(state, tables.batch(sliceOrders(orders, from, count), count, batch), hyper),
        );
      }
    }
    let report: Tensor | undefined;
    this.#advance((state) => {
      const evaluated = this.#training.evaluate(state, tables.evaluation, hyper);
      const next = this.#training.epochEnd(state, evaluated, hyper);
      const columns = [
        ...metrics.map((name) => named(evaluated, name)),
        named(next, 'status'),
        named(next, 'kept_epoch'),
      ];
      report = tf.keep(tf.concat(columns, 1));
      return next;
    });
    const values = report!.dataSync<'float32'>();
    report!.dispose();
    const columns = metrics.length + 2;
    this.#epochs = this.#epochs.map((epoch) => epoch + 1);
    return this.#seated.map((entrant, slot) => {
      if (!entrant) return undefined;
      const row = values.slice(slot * columns, (slot + 1) * columns);
      return {
        epoch: this.#epochs[slot]!,
        values: row.subarray(0, metrics.length),
        status: row[metrics.length]!,
        keptEpoch: row[metrics.length + 1]!,
      };
    });
  }

  /** The numbers of a slot's variables: the newest, or those of the kept epoch where the program keeps such. */
  weights(slot: number, which: '' | 'kept.' = ''): Readonly<Record<string, Float32Array>> {
    return Object.fromEntries(
      this.#entries
        .filter(({ name, initial }) => initial === 'initializer' && this.#state[which + name])
        .map(({ name }) => {
          const values = named(this.#state, which + name).dataSync<'float32'>();
          const size = values.length / this.width;
          return [name, values.slice(slot * size, (slot + 1) * size)];
        }),
    );
  }

  dispose(): void {
    for (const tensors of [this.#state, this.#hyper, this.#constants]) tf.dispose(Object.values(tensors));
    this.#tables?.dispose();
  }

  #gather(entrants: readonly Entrant[], sources: readonly number[]): Tensors {
    const indices = tf.tensor1d([...sources], 'int32');
    const state: Record<string, Tensor> = {};
    for (const entry of this.#entries) {
      const { name, dtype, shape } = entry;
      const parts: Tensor[] = this.#state[name] ? [named(this.#state, name)] : [];
      if (entrants.length > 0) {
        parts.push(tf.tensor(initialStack(entry, this.#entries, entrants), [entrants.length, ...shape], dtype));
      }
      state[name] = tf.gather(parts.length > 1 ? tf.concat(parts, 0) : parts[0]!, indices);
    }
    return state;
  }

  #rebuildInputs(before: readonly (Seated | null)[]): void {
    const filler = this.#seated.find((entrant) => entrant !== null);
    if (!filler) return;
    const entrants = this.#seated.map((entrant) => entrant ?? filler);
    const datasets = entrants.map(({ dataset }) => dataset);
    const previous = new Set(before.flatMap((entrant) => (entrant ? [entrant.dataset] : [])));
    const unchanged = previous.size === 1 && datasets.every((dataset) => previous.has(dataset));
    if (!unchanged || !this.#tables) {
      this.#tables?.dispose();
      this.#tables = createTables(this.#program, datasets);
    }
    for (const [name, tensor] of Object.entries(this.#hyper)) if (!this.#constants[name]) tensor.dispose();
    const hyper: Record<string, Tensor> = { ...this.#constants };
    const stack = (kind: keyof SlotHyper, shape: readonly number[], dtype: 'float32' | 'int32'): void => {
      for (const name of Object.keys(filler.hyper[kind])) {
        const values = entrants.map((entrant) => entrant.hyper[kind][name]!);
        hyper[name] = tf.tensor(values, [values.length, ...shape], dtype);
      }
    };
    stack('numbers', [1, 1], 'float32');
    stack('thresholds', [1, 1], 'int32');
    stack('streams', [], 'int32');
    this.#hyper = hyper;
  }

  #orders(rows: number): readonly Int32Array[] {
    return this.#seated.map((entrant, slot) => {
      const { task } = entrant ?? this.#seated.find((other) => other !== null)!;
      return epochOrder(task.seed, task.replicate, this.#epochs[slot]! + 1, rows);
    });
  }

  #advance(apply: (state: Tensors) => Tensors): void {
    const before = this.#state;
    this.#replaceState(tf.tidy(() => apply(before)));
  }

  #replaceState(next: Tensors): void {
    const kept = new Set(Object.values(next));
    for (const tensor of Object.values(this.#state)) if (!kept.has(tensor)) tensor.dispose();
    this.#state = next;
  }
}

/** Rows `from` to `from + count` of each slot's order, slot by slot. */
function sliceOrders(orders: readonly Int32Array[], from: number, count: number): Int32Array {
  const slice = new Int32Array(orders.length * count);
  orders.forEach((order, slot) => slice.set(order.subarray(from, from + count), slot * count));
  return slice;
}

/** The values of one state entry for trials that begin. */
function initialStack(
  entry: StateEntry,
  entries: readonly StateEntry[],
  entrants: readonly Entrant[],
): Float32Array | Int32Array {
  const size = entry.shape.reduce((product, length) => product * length, 1);
  const stack =
    entry.dtype === 'int32' ? new Int32Array(size * entrants.length) : new Float32Array(size * entrants.length);
  const { initial } = entry;
  entrants.forEach(({ task }, slot) => {
    if (typeof initial === 'number') {
      stack.fill(initial, slot * size, (slot + 1) * size);
      return;
    }
    const source = initial === 'initializer' ? entry : entries.find(({ name }) => name === initial.copyOf)!;
    const [rows, columns] = source.shape as [number, number];
    stack.set(initialVariable(task, { name: source.name, shape: [rows, columns] }), slot * size);
  });
  return stack;
}
