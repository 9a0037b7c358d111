/** Whole epochs as one function of named tensors: what is compiled, and what is run eagerly where nothing compiles. */

import * as tf from '@tensorflow/tfjs-core';
import { inPlace, loop } from '../compile/index.ts';
import { passesAhead } from './ahead.ts';
import type { Layout } from './layout.ts';
import { dropoutPlaces } from './noise.ts';
import { stepsPerEpoch, type Program } from './program.ts';
import { batchOf, evaluationPieces, wholeBatch } from './tables.ts';
import { mapTensors, named, over, under, type Tensor, type Tensors } from './tensors.ts';
import { sumOfWitness, type EvaluationPiece, type Pass, type Training } from './training.ts';

/** The kinds of tensors that go in and come out, each under a prefix of its own. */
export const STATE = 'state/';
export const HYPER = 'hyper/';
export const TABLE = 'table/';
/** What a step takes of the pass that was made ahead of it, in the loop's state only. */
const AHEAD = 'ahead/';

/** Inputs besides state, hyperparameters and tables. */
export interface Course {
  /** int32 scalar: epochs to train, unless a busy slot stops before. */
  readonly epochs: Tensor;
  /** float32 [epochs, K, columns], of any numbers: the reports are written into it. */
  readonly reports: Tensor;
  /** float32 [K, 1, 1]: 1 where a trial sits, 0 for a slot that only fills up. */
  readonly busy: Tensor;
  /** int32 [epochs, steps, K, batch]: see `batchIndices`. Absent where a batch is all rows. */
  readonly indices?: Tensor;
}

/** Metrics, then layer history, then these: the columns of a report. */
export const CLOSING_COLUMNS = ['status', 'kept_epoch'] as const;

/** Inputs and outputs whose leading dimension is the number of epochs. */
export const DYNAMIC = ['reports', 'indices'] as const;

/**
 * Trains and evaluates epoch after epoch. Takes `Course`, `state/...`, `hyper/...` and `table/...`; gives `state/...`,
 * `reports` and `done`, an int32 scalar: the epochs that were trained, of which the last is the first in which a busy
 * slot stopped.
 */
export function trainEpochs(training: Training, layout: Layout): (inputs: Tensors) => Tensors {
  const { program } = training;
  return (inputs) => {
    const hyper = under(HYPER, inputs);
    const pieces = evaluationPieces(program, under(TABLE, inputs), layout);
    const busy = named(inputs, 'busy');
    const running = (state: Tensors): Tensor => {
      const stopped = tf.mul(named(state, `${STATE}status`), busy);
      return tf.equal(tf.max(stopped), tf.zerosLike(tf.max(stopped)));
    };
    const state = under(STATE, inputs);
    const ahead = passesAhead(program, layout) ? passAhead(training, inputs) : undefined;
    const initial = {
      ...over(STATE, state),
      ...(ahead ? over(AHEAD, ahead(state).descent) : {}),
      reports: named(inputs, 'reports'),
      done: tf.scalar(0, 'int32'),
    };
    const epoch = (index: Tensor, before: Tensors): Tensors => {
      const trained = ahead
        ? training.descend(under(STATE, before), under(AHEAD, before), hyper)
        : trainEpoch(training, inputs, index, under(STATE, before));
      const next = ahead?.(trained);
      const metrics = training.evaluate(trained, next ? [next.piece, ...pieces] : pieces, hyper);
      const steps = tf.sub(updates(trained), updates(under(STATE, before)));
      const history = training.layerHistory(trained, steps);
      const ended = training.epochEnd(trained, metrics, hyper);
      const columns = [
        ...program.metrics.map((name) => named(metrics, name)),
        ...history,
        ...CLOSING_COLUMNS.map((name) => named(ended, name)),
      ];
      const report = tf.reshape(tf.concat(columns, 2), [-1, columns.length]);
      return {
        ...over(STATE, ended),
        ...(next ? over(AHEAD, next.descent) : {}),
        reports: withReport(named(before, 'reports'), index, report),
        done: tf.add(named(before, 'done'), tf.scalar(1, 'int32')),
      };
    };
    return loop(named(inputs, 'epochs'), initial, epoch, { while: running });
  };
}

/**
 * The reports with that of one epoch in its place: written over where they may be, since there are many of them.
 * @param reports [epochs, K, columns]
 * @param epoch int32 scalar
 * @param report [K, columns]
 */
function withReport(reports: Tensor, epoch: Tensor, report: Tensor): Tensor {
  const op = { name: 'ResourceScatterUpdate', types: { dtype: 'float32', Tindices: 'int32' } } as const;
  return inPlace(op, [reports], [epoch, report], ([before], [at, row]) => [
    tf.tensorScatterUpdate(before!, tf.reshape(at!, [1, 1]), tf.expandDims(row!, 0)),
  ])[0]!;
}

/** For `passesAhead`: from a state to the pass of its next step, and what that tells of the training part. */
function passAhead(
  training: Training,
  inputs: Tensors,
): (state: Tensors) => Pass & { readonly piece: EvaluationPiece } {
  const rows = wholeBatch(training.program, under(TABLE, inputs));
  const section = {
    part: 'train',
    from: 0,
    size: training.program.batch,
    present: rows.present,
    count: rows.count,
  } as const;
  return (state) => {
    const pass = training.pass(state, rows, under(HYPER, inputs));
    const prediction = { ...pass, values: { ...pass.values, target: rows.y } };
    return { ...pass, piece: { rows, sections: [section], prediction } };
  };
}

/**
 * The steps of an epoch, without its end.
 * @param inputs those of `trainEpochs`, of which it takes `hyper/...`, `table/...` and `indices`
 * @param index int32 scalar, the epoch's place in the call
 */
export function trainEpoch(training: Training, inputs: Tensors, index: Tensor, state: Tensors): Tensors {
  const { program } = training;
  const hyper = under(HYPER, inputs);
  const tables = under(TABLE, inputs);
  if (!inputs['indices']) return training.step(state, wholeBatch(program, tables), hyper);
  const [, ...shape] = inputs['indices'].shape as number[];
  const ofEpoch = tf.reshape(tf.gather(inputs['indices'], index), shape);
  const steps = stepsPerEpoch(program);
  const block = Math.min(steps, stepsDrawnAtOnce(program, named(state, 't').shape[0]!));
  /** `count` steps, at most a block, from `first` on. */
  const trainBlock = (first: Tensor | undefined, count: number | Tensor, before: Tensors): Tensors => {
    const inputsAt = byStep(training.stepInputs(before, hyper, block));
    const sum = named(before, 'loss_sum');
    const initial = { ...before, loss_sum: training.noWitness(sum.shape[0]!) };
    const trained = countedLoop(program, count, initial, (offset, each) => {
      const step = first ? tf.add(first, offset) : offset;
      const indices = tf.reshape(tf.gather(ofEpoch, step), shape.slice(1));
      return training.step(each, batchOf(tables, step, indices), hyper, inputsAt(offset));
    });
    return { ...trained, loss_sum: tf.add(sum, sumOfWitness(named(trained, 'loss_sum'))) };
  };
  if (block === steps) return trainBlock(undefined, steps, state);
  return loop(Math.ceil(steps / block), state, (at, each) => {
    const first = tf.mul(at, tf.scalar(block, 'int32'));
    const left = tf.sub(tf.scalar(steps, 'int32'), first);
    return trainBlock(first, tf.minimum(left, tf.scalar(block, 'int32')), each);
  });
}

/**
 * `loop` over steps, each of which adds 1 to `t`: so that is no state, but worked out of the step where something looks at
 * it. Not where a trial may stop before the others.
 */
function countedLoop(
  program: Program,
  count: number | Tensor,
  state: Tensors,
  body: (step: Tensor, state: Tensors) => Tensors,
): Tensors {
  if (program.counts_steps) return loop(count, state, body);
  const { t, ...others } = state;
  const trained = loop(count, others, (step, each) => {
    const { t: _next, ...next } = body(step, { ...each, t: tf.add(t!, step) });
    return next;
  });
  return { ...trained, t: tf.add(t!, typeof count === 'number' ? tf.scalar(count, 'int32') : count) };
}

/** Masks of dropout, in bytes, that are drawn at once at most. */
const MASK_BYTES = 1 << 22;

/** Drawn ahead where that is many: it changes no number, and costs less for many steps at once. */
function stepsDrawnAtOnce(program: Program, slots: number): number {
  const units = dropoutPlaces(program).reduce((sum, place) => sum + place.units, 0);
  return Math.max(1, Math.floor(MASK_BYTES / (slots * program.batch * units)));
}

/** From what all steps take, see `stepInputs`, to what one does. */
function byStep(inputs: Tensors): (step: Tensor) => Tensors {
  const isMask = (each: Tensor): boolean => each.rank === 4;
  const tables = mapTensors(inputs, (each) =>
    isMask(each) || each.shape[2] === 1 ? each : tf.transpose(each, [2, 0, 1]),
  );
  return (step) =>
    mapTensors(tables, (table, name) => {
      if (isMask(table)) return maskAt(table, step);
      return table === inputs[name] ? table : tf.reshape(tf.gather(table, step), [-1, 1, 1]);
    });
}

/** [K, rows, units] out of [K, steps, rows, units]. */
function maskAt(masks: Tensor, step: Tensor): Tensor {
  const [slots, , rows, units] = masks.shape as [number, number, number, number];
  if (slots > 1) return tf.gather(masks, step, 1);
  // Without the axis of slots: a compiled function takes what is gathered as it is.
  return tf.reshape(tf.gather(tf.reshape(masks, [-1, rows, units]), step), [slots, rows, units]);
}

/** Updates that each slot has made, float32 [K, 1, 1]. */
function updates(state: Tensors): Tensor {
  return tf.reshape(tf.cast(named(state, 't'), 'float32'), [-1, 1, 1]);
}
