/** The end of an epoch: divergence, early stopping, the epoch budget, and which epoch's weights are kept. */

import * as tf from '@tensorflow/tfjs-core';
import { goalOf, parseMetricName, type MetricName } from '../../src/metrics.ts';
import { variableShapes } from './network.ts';
import type { Program } from './program.ts';
import { choose, named, type Tensor, type Tensors } from './tensors.ts';

/** Values of `state.status`, per slot. */
export const STATUS = { running: 0, epochs: 1, early_stopping: 2, diverged: 3 } as const;

/** Names of the per-slot numbers [K, 1, 1] that this part of the state holds, with their values for a new trial. */
export function stoppingState(program: Program): Readonly<Record<string, number>> {
  return {
    epoch: 0,
    status: STATUS.running,
    kept_epoch: 0,
    ...(program.monitor ? { 'monitor.best': Infinity, 'monitor.wait': 0 } : {}),
    ...(program.keep_metric ? { 'keep.best': Infinity } : {}),
  };
}

/** Weights other than the newest are part of the state only where the program keeps such. */
export function keepsWeights(program: Program): boolean {
  return program.keep !== 'last';
}

/**
 * @param metrics the newly evaluated ones, and `mean_training_loss`, each [K, 1, 1]
 * @param hyper `epochs`; `patience`, `min_delta` where something is monitored; `keep.epoch` for that rule
 */
export function epochEnd(program: Program, state: Tensors, metrics: Tensors, hyper: Tensors): Tensors {
  const next: Record<string, Tensor> = {};
  const epoch = tf.add(named(state, 'epoch'), named(hyper, 'one'));
  next['epoch'] = epoch;
  const finite = tf.logicalAnd(finiteLosses(metrics), finiteVariables(program, state, hyper));

  let improved: Tensor | undefined;
  let stops: Tensor | undefined;
  if (program.monitor) {
    const value = lowerIsBetter(program.monitor, metrics);
    const best = named(state, 'monitor.best');
    improved = tf.less(value, tf.sub(best, named(hyper, 'min_delta')));
    const wait = tf.add(named(state, 'monitor.wait'), named(hyper, 'one'));
    next['monitor.best'] = tf.where(improved, value, best);
    next['monitor.wait'] = tf.where(improved, tf.zerosLike(wait), wait);
    stops = tf.logicalAnd(tf.logicalNot(improved), tf.greaterEqual(wait, named(hyper, 'patience')));
  }

  const status = (value: number): Tensor => tf.fill(epoch.shape, value);
  const exhausted = tf.greaterEqual(epoch, named(hyper, 'epochs'));
  let ended = tf.where(exhausted, status(STATUS.epochs), status(STATUS.running));
  if (stops) ended = tf.where(stops, status(STATUS.early_stopping), ended);
  next['status'] = tf.where(finite, ended, status(STATUS.diverged));

  const last = tf.logicalOr(exhausted, stops ?? tf.zerosLike(exhausted));
  // A trial that ends has a kept epoch, even where its rule never chose one: the metric was never a number, the epoch
  // was never reached.
  const none = tf.equal(named(state, 'kept_epoch'), tf.zerosLike(epoch));
  const chosen = tf.logicalOr(
    keptNow(program, state, metrics, hyper, { epoch, improved, stops, last }, next),
    tf.logicalAnd(last, none),
  );
  next['kept_epoch'] = tf.where(chosen, epoch, named(state, 'kept_epoch'));
  if (keepsWeights(program)) {
    const mask = tf.cast(chosen, 'float32');
    for (const { name } of variableShapes(program)) {
      next[`kept.${name}`] = choose(mask, named(state, name), named(state, `kept.${name}`));
    }
  }
  return { ...state, ...next };
}

interface EpochFacts {
  readonly epoch: Tensor;
  /** The monitored value is better than the best so far by `min_delta`; undefined where nothing is monitored. */
  readonly improved: Tensor | undefined;
  readonly stops: Tensor | undefined;
  /** No epoch follows. */
  readonly last: Tensor;
}

/** Whether this epoch takes the place of the kept one, bool [K, 1, 1]. */
function keptNow(
  program: Program,
  state: Tensors,
  metrics: Tensors,
  hyper: Tensors,
  { epoch, improved, stops, last }: EpochFacts,
  next: Record<string, Tensor>,
): Tensor {
  const always = tf.onesLike(last);
  switch (program.keep) {
    case 'last':
      return always;
    case 'best': {
      const value = lowerIsBetter(requireMetric(program.keep_metric), metrics);
      const best = named(state, 'keep.best');
      const better = tf.less(value, best);
      next['keep.best'] = tf.where(better, value, best);
      return better;
    }
    case 'before_trigger':
      return stops ? tf.logicalNot(stops) : always;
    case 'trigger_start':
      // The last improvement is where the wait began; without a trigger the budget's last epoch is kept.
      return stops && improved ? tf.logicalOr(improved, tf.logicalAnd(last, tf.logicalNot(stops))) : always;
    case 'epoch':
      return tf.equal(epoch, named(hyper, 'keep.epoch'));
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

/** All losses of the epoch, the training mean among them. */
function finiteLosses(metrics: Tensors): Tensor {
  return Object.entries(metrics)
    .filter(([name]) => name.endsWith('loss'))
    .map(([, value]) => tf.isFinite(value))
    .reduce((all, one) => tf.logicalAnd(all, one));
}

/** 0 * w is 0 for every finite w and NaN for every other: its sum is exact in any order. */
function finiteVariables(program: Program, state: Tensors, hyper: Tensors): Tensor {
  const zero = named(hyper, 'zero');
  return variableShapes(program)
    .map(({ name }) => tf.isFinite(tf.sum(tf.mul(named(state, name), zero), [1, 2], true)))
    .reduce((all, one) => tf.logicalAnd(all, one));
}
