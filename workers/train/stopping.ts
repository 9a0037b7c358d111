/** The end of an epoch: divergence, early stopping, the epoch budget, and which epoch's weights are kept. */

import * as tf from '@tensorflow/tfjs-core';
import { goalOf, parseMetricName, type MetricName } from '../../src/metrics.ts';
import type { Ops } from '../backend/ops/ops.ts';
import { MONITOR_STATE, watch } from './early-stopping.ts';
import type { Program } from './program.ts';
import { dot, named, type Tensor, type Tensors } from './tensors.ts';

/** Values of `state.status`, per slot. */
export const STATUS = { running: 0, epochs: 1, early_stopping: 2, diverged: 3 } as const;

/** Names of the per-slot numbers [K, 1, 1] that this part of the state holds, with their values for a new trial. */
export function stoppingState(program: Program): Readonly<Record<string, number>> {
  return {
    epoch: 0,
    status: STATUS.running,
    kept_epoch: 0,
    ...(program.monitor ? MONITOR_STATE : {}),
    ...(program.keep_metric ? { 'keep.best': Infinity } : {}),
  };
}

/** Weights other than the newest are part of the state only where the program keeps such. */
export function keepsWeights(program: Program): boolean {
  return program.keep !== 'last';
}

/** Tensors of the state, by name, whose values a kept epoch must keep, too. */
export interface StoredTensors {
  readonly parameters: Tensors;
  /** Such as moving means. */
  readonly statistics: Tensors;
}

/**
 * @param metrics the newly evaluated ones, and `mean_training_loss`, each [K, 1, 1]
 * @param hyper `epochs`; `patience`, `min_delta`, `every` where something is monitored; `keep.epoch` for that rule
 * @param stored of any shapes [K, ...]; copies of the kept epoch are named `kept.<name>`
 */
export function epochEnd(
  program: Program,
  state: Tensors,
  metrics: Tensors,
  hyper: Tensors,
  stored: StoredTensors,
  ops: Ops,
): Tensors {
  const epoch = tf.add(named(state, 'epoch'), named(hyper, 'one'));
  const exhausted = tf.greaterEqual(epoch, named(hyper, 'epochs'));
  const watched = program.monitor
    ? watch(program.trigger, { epoch, value: lowerIsBetter(program.monitor, metrics), exhausted }, state, hyper)
    : undefined;
  const stops = watched?.stops;
  const all = { ...stored.parameters, ...stored.statistics };
  const finite = tf.logicalAnd(finiteLosses(metrics), finiteTensors(Object.values(all), hyper));
  const last = stops ? tf.logicalOr(exhausted, stops) : exhausted;

  const choice = keptNow(program, state, metrics, hyper, { epoch, restarts: watched?.restarts, stops, last });
  // A trial that ends has a kept epoch, even where its rule never chose one: the metric was never a number, the epoch
  // was never reached.
  const none = tf.equal(named(state, 'kept_epoch'), tf.zerosLike(epoch));
  const chosen = tf.logicalOr(choice.chosen, tf.logicalAnd(last, none));
  return {
    ...state,
    ...watched?.state,
    ...choice.state,
    epoch,
    status: statusOf({ finite, exhausted, stops }),
    kept_epoch: tf.where(chosen, epoch, named(state, 'kept_epoch')),
    ...(keepsWeights(program) ? keptCopies(all, state, tf.reshape(chosen, [-1]), ops) : {}),
  };
}

function statusOf(ends: {
  readonly finite: Tensor;
  readonly exhausted: Tensor;
  readonly stops: Tensor | undefined;
}): Tensor {
  const status = (value: number): Tensor => tf.fill(ends.exhausted.shape, value);
  let ended = tf.where(ends.exhausted, status(STATUS.epochs), status(STATUS.running));
  if (ends.stops) ended = tf.where(ends.stops, status(STATUS.early_stopping), ended);
  return tf.where(ends.finite, ended, status(STATUS.diverged));
}

/** @param chosen bool [K] */
function keptCopies(stored: Tensors, state: Tensors, chosen: Tensor, ops: Ops): Tensors {
  return Object.fromEntries(
    Object.entries(stored).map(([name, value]) => [
      `kept.${name}`,
      ops.choose(chosen, value, named(state, `kept.${name}`)),
    ]),
  );
}

interface EpochFacts {
  readonly epoch: Tensor;
  /** The waiting for a trigger begins anew; undefined where nothing is monitored, as `stops`. */
  readonly restarts: Tensor | undefined;
  readonly stops: Tensor | undefined;
  /** No epoch follows. */
  readonly last: Tensor;
}

/** Whether this epoch takes the place of the kept one, bool [K, 1, 1], and what the rule remembers. */
function keptNow(
  program: Program,
  state: Tensors,
  metrics: Tensors,
  hyper: Tensors,
  { epoch, restarts, stops, last }: EpochFacts,
): { readonly chosen: Tensor; readonly state?: Tensors } {
  const always = tf.onesLike(last);
  switch (program.keep) {
    case 'last':
      return { chosen: always };
    case 'best': {
      const value = lowerIsBetter(requireMetric(program.keep_metric), metrics);
      const best = named(state, 'keep.best');
      const better = tf.less(value, best);
      return { chosen: better, state: { 'keep.best': tf.where(better, value, best) } };
    }
    case 'before_trigger':
      return { chosen: stops ? tf.logicalNot(stops) : always };
    case 'trigger_start':
      // Without a trigger the budget's last epoch is kept.
      return {
        chosen: stops && restarts ? tf.logicalOr(restarts, tf.logicalAnd(last, tf.logicalNot(stops))) : always,
      };
    case 'epoch':
      return { chosen: tf.equal(epoch, named(hyper, 'keep.epoch')) };
  }
}

function requireMetric(metric: MetricName | null): MetricName {
  if (!metric) throw new Error('a program that keeps the best epoch names its metric');
  return metric;
}

/** The metric, negated where higher is better. */
export function lowerIsBetter(name: MetricName, metrics: Tensors): Tensor {
  const parsed = parseMetricName(name);
  const value = named(metrics, name);
  return parsed && goalOf(parsed.metric) === 'maximize' ? tf.neg(value) : value;
}

/** All losses of the epoch, the training mean among them. A loss with its penalties is finite only where its data loss is. */
function finiteLosses(metrics: Tensors): Tensor {
  return Object.entries(metrics)
    .filter(([name]) => name.endsWith('loss') && !name.endsWith('data_loss'))
    .map(([, value]) => tf.isFinite(value))
    .reduce((all, one) => tf.logicalAnd(all, one));
}

/** 0 * w is 0 for every finite w and NaN for every other: its sum is exact in any order. */
function finiteTensors(tensors: readonly Tensor[], hyper: Tensors): Tensor {
  const zero = named(hyper, 'zero');
  return tensors
    .map((tensor) => tf.isFinite(dot(tensor, tf.broadcastTo(zero, [1, ...tensor.shape.slice(1)]))))
    .reduce((all, one) => tf.logicalAnd(all, one));
}
