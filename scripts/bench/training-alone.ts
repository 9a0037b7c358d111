/** Training without evaluation and ends of epochs, compiled or op by op: what the cost of a step is measured on. */

import * as tf from '@tensorflow/tfjs-core';
import type { Backend } from '../../workers/backend/backend.ts';
import { compile, loop, type CompiledFunction } from '../../workers/compile/index.ts';
import { HYPER, STATE, TABLE, trainEpoch } from '../../workers/train/epochs.ts';
import { slotHyper } from '../../workers/train/hyper.ts';
import type { Layout } from '../../workers/train/layout.ts';
import { stepsPerEpoch, type Program } from '../../workers/train/program.ts';
import { epochOrder } from '../../workers/train/shuffle.ts';
import {
  commonNumbers,
  constantTensors,
  initialStack,
  slotTensors,
  type Entrant,
  type Seated,
} from '../../workers/train/stack.ts';
import { batchIndices, createTables } from '../../workers/train/tables.ts';
import { named, over, under, type Tensor, type Tensors } from '../../workers/train/tensors.ts';
import { createTraining, stateEntries, type Training } from '../../workers/train/training.ts';
import type { Side } from './interleaved.ts';

export interface AloneOptions {
  readonly layout: Layout;
  /** Op by op instead of compiled. */
  readonly eager: boolean;
}

export class TrainingAlone implements Side {
  readonly name: string;
  readonly slots: number;
  readonly stepsPerEpoch: number;
  readonly #program: Program;
  readonly #entrants: readonly Entrant[];
  readonly #eager: boolean;
  readonly #train: (inputs: Tensors) => Tensors;
  readonly #inputs: Tensors;
  /** By number of epochs. */
  readonly #courses = new Map<number, Tensors>();
  #compiled: CompiledFunction | undefined;

  /** @param entrants one for each slot, all with the same data set */
  constructor(program: Program, backend: Backend, entrants: readonly Entrant[], { layout, eager }: AloneOptions) {
    this.name = `${eager ? 'eager' : 'compiled'} ${layout} ${entrants.length}`;
    this.slots = entrants.length;
    this.stepsPerEpoch = stepsPerEpoch(program);
    this.#program = program;
    this.#entrants = entrants;
    this.#eager = eager;
    const training = createTraining(program, backend.ops, layout);
    const datasets = entrants.map(({ dataset }) => dataset);
    const seated = entrants.map(({ task, dataset }): Seated => ({
      task,
      dataset,
      hyper: slotHyper(program, task, dataset),
    }));
    const slots = seated.map(({ hyper }) => hyper);
    this.#train = trainAlone(training);
    this.#inputs = {
      ...over(STATE, initialState(training, seated)),
      ...over(HYPER, { ...constantTensors(program), ...slotTensors(slots, commonNumbers(training.common, slots)) }),
      ...over(TABLE, createTables(program, datasets, layout).tensors),
    };
  }

  /** Trains from the first weights; the trained ones are thrown away. */
  train(epochs: number): void {
    tf.dispose(Object.values(this.trained(epochs)));
  }

  /** The state after so many epochs: new tensors, the caller's. */
  trained(epochs: number): Tensors {
    const inputs = { ...this.#inputs, ...this.#course(epochs) };
    if (this.#eager) return tf.tidy(() => this.#train(inputs));
    this.#compiled ??= compile(this.#train, inputs, {
      dynamic: inputs['indices'] ? ['indices'] : [],
      inPlace: true,
    });
    return this.#compiled.run(inputs);
  }

  dispose(): void {
    this.#compiled?.dispose();
    tf.dispose([this.#inputs, ...this.#courses.values()]);
  }

  /** How many epochs, and the rows of their batches where an epoch has several. */
  #course(epochs: number): Tensors {
    const known = this.#courses.get(epochs);
    if (known) return known;
    const { batch, data } = this.#program;
    const course: Record<string, Tensor> = { epochs: tf.scalar(epochs, 'int32') };
    if (batch < data.parts.train) {
      const orders = Array.from({ length: epochs }, (_, epoch) =>
        this.#entrants.map(({ task }) => epochOrder(task.seed, task.replicate, epoch + 1, data.parts.train)),
      );
      const shape = [epochs, this.stepsPerEpoch, this.slots, batch];
      course['indices'] = tf.tensor(batchIndices(this.#program, orders, 0), shape, 'int32');
    }
    this.#courses.set(epochs, course);
    return course;
  }
}

/** The two loops of `trainEpochs` around nothing but `step`; gives the state. */
function trainAlone(training: Training): (inputs: Tensors) => Tensors {
  return (inputs) =>
    loop(named(inputs, 'epochs'), under(STATE, inputs), (index, state) => trainEpoch(training, inputs, index, state));
}

function initialState(training: Training, seated: readonly Seated[]): Tensors {
  const state = stateEntries(training).map((entry): [string, Tensor] => {
    const values = initialStack(entry, training, seated);
    return [entry.name, tf.tensor(values, [seated.length, ...entry.shape], entry.dtype)];
  });
  return Object.fromEntries(state);
}
