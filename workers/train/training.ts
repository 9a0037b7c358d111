/** Training, written once: `step`, `evaluate` and `epochEnd` as functions of named tensors with a leading axis K. */

import * as tf from '@tensorflow/tfjs-core';
import type { Part } from '../../src/metrics.ts';
import type { Ops } from '../backend/ops/ops.ts';
import { inPlace } from '../compile/index.ts';
import { clip } from './clipping.ts';
import { historyColumns, historyState, historyStep } from './history.ts';
import { outputWidth } from './encoding.ts';
import { foldsBias, type Layout } from './layout.ts';
import { lossFor, type Loss, type OutputValues } from './losses.ts';
import { joinSums, partMetrics, rowSums } from './metrics.ts';
import { layeredNetwork, type Network, type Prediction, type TrainingPass } from './network.ts';
import { drawMasks, dropoutPlaces, gradientNoise, type Draw } from './noise.ts';
import { isSingle, scalar } from './optimizers/optimizer.ts';
import { optimizerOf, type Optimizer } from './optimizers.ts';
import { FOLDED, parametersOf, type Parameters } from './parameters.ts';
import type { Program } from './program.ts';
import { evaluatedParts } from './reports.ts';
import type { Rows } from './rows.ts';
import { learningRate, plateauEnd, scheduleState } from './schedules.ts';
import { epochEnd, keepsWeights, stoppingState } from './stopping.ts';
import { trainingTargets } from './targets.ts';
import { choose, mapTensors, named, over, rowSum, under, type Place, type Tensor, type Tensors } from './tensors.ts';

/** Before the names of stored variables in a descent. */
const GRADIENT = 'gradient/';
/** Before the names of places among what steps take. */
const MASK = 'mask/';

/** Some rows of the evaluated parts, one below the other. */
export interface EvaluationPiece {
  readonly rows: Rows;
  /** Which of them belong to which part. */
  readonly sections: readonly Section[];
  /** What the network makes of them, where that is known. */
  readonly prediction?: Prediction;
}

export interface Section {
  readonly part: Part;
  readonly from: number;
  readonly size: number;
  /** [1, 1, size], of ones. */
  readonly present: Tensor;
  /** [1, 1, 1], rows of the whole part. */
  readonly count: Tensor;
}

/** What a step makes of its batch before it updates anything. */
export interface Pass extends Prediction {
  /** All that the update takes of it, by name: `gradient/...` as stored, with penalties; statistics; the loss's `witness`. */
  readonly descent: Tensors;
}

export interface Gradients {
  /** Data loss of the batch, [K, 1, 1]. */
  readonly dataLoss: Tensor;
  readonly activityPenalty: Tensor | undefined;
  /** Of data loss plus penalties, before noise and clipping; by variable. */
  readonly gradients: Tensors;
}

/**
 * State: see `stateEntries`. Hyperparameters: see `hyper.ts`.
 */
export interface Training {
  readonly program: Program;
  readonly network: Network;
  readonly parameters: Parameters;
  /** Names of hyperparameters to be given as [1, 1, 1] where all slots have the same: see `Optimizer.common`. */
  readonly common: readonly string[];
  /** What the first part of a step computes, to look at. */
  gradients(state: Tensors, batch: Rows, hyper: Tensors): Gradients;
  /**
   * What the next steps take that depends on their number only, by name. They must be of one epoch.
   * Numbers are [K, 1, steps], or [K, 1, 1] where they are the same in all steps; masks of dropout are
   * bool [K, steps, rows, units].
   */
  stepInputs(state: Tensors, hyper: Tensors, steps: number): Tensors;
  /**
   * The first half of a step. Its values are those of the step's own targets.
   * @param inputs those of the step: numbers [K, 1, 1], masks bool [K, rows, units]; worked out if not given
   */
  pass(state: Tensors, batch: Rows, hyper: Tensors, inputs?: Tensors): Pass;
  /**
   * What a loop over steps may begin with as the state's `loss_sum`, which is [K, 1, 1] between epochs: then a step adds its
   * witness number by number, and `sumOfWitness` is left to the end.
   */
  noWitness(slots: number): Tensor;
  /** The second half. */
  descend(state: Tensors, descent: Tensors, hyper: Tensors, inputs?: Tensors): Tensors;
  /** One update. */
  step(state: Tensors, batch: Rows, hyper: Tensors, inputs?: Tensors): Tensors;
  /** Metrics of all parts by name, each [K, 1, 1], without noise. */
  evaluate(state: Tensors, pieces: readonly EvaluationPiece[], hyper: Tensors): Tensors;
  /** Decides what the epoch's metrics mean for each slot, and begins the next one. */
  epochEnd(state: Tensors, metrics: Tensors, hyper: Tensors): Tensors;
  /** What a report holds after the metrics, each [K, 1, 1]; `steps` were made in the epoch. */
  layerHistory(state: Tensors, steps: Tensor): readonly Tensor[];
}

export function createTraining(program: Program, ops: Ops, layout: Layout, network?: Network): Training {
  const net = network ?? layeredNetwork(program, ops);
  const parameters = parametersOf(net.variables, layout, foldsBias(program, layout));
  const loss = requireLoss(program, net);
  const optimizer = optimizerOf(program.optimizer);
  const output = `layers.${program.layers.length - 1}`;
  const place = (hyper: Tensors): Place => ({ name: output, hyper, ops });
  const statisticsOf = (state: Tensors): Tensors => pick(state, net.statistics);

  /** Forward and back again; the gradients are of the data loss and the activity penalty. */
  function thereAndBack(
    state: Tensors,
    batch: Rows,
    hyper: Tensors,
    inputs?: Tensors,
  ): TrainingPass & { readonly rows: Rows } {
    const draw: Draw = { ops, t: named(state, 't'), hyper, masks: inputs && under(MASK, inputs) };
    const rows = { ...batch, ...trainingTargets(program, batch, draw) };
    const lossGradient = (values: OutputValues): Tensor => loss.gradient(values, rows.share, place(hyper));
    return { ...net.train(parameters.unpack(state), statisticsOf(state), rows, lossGradient, draw), rows };
  }

  /** Gradients as they are stored, with those of the penalties on weights. */
  function penalized(gradient: Tensors, state: Tensors, hyper: Tensors): Tensors {
    const { linear, signed } = net.penaltyStrengths(hyper);
    const slots = named(state, 't').shape[0]!;
    const packed = parameters.pack(gradient);
    const ofWeight = parameters.spread(linear, slots);
    const ofSign = parameters.spread(signed, slots);
    return Object.fromEntries(
      Object.entries(packed).map(([name, unpenalized]) => {
        const stored = named(state, name);
        let total = unpenalized;
        if (ofWeight[name]) total = plusProduct(total, ofWeight[name], stored);
        if (ofSign[name]) total = tf.add(total, tf.mul(tf.sign(stored), ofSign[name]));
        return [name, total];
      }),
    );
  }

  /** What the optimizer is given, as it is stored, and what is remembered of it. */
  function limited(gradient: Tensors, state: Tensors, hyper: Tensors): { gradient: Tensors; history: Tensors } {
    const { clip: limits, noise, layer_history: record } = program;
    const apart = limits.variable_norm || noise.gradients || record.gradient_norms;
    if (!apart) return { gradient: clip(program, gradient, hyper), history: {} };
    const { [FOLDED]: _both, ...raw } = parameters.unpack(gradient);
    const draw: Draw = { ops, t: named(state, 't'), hyper };
    const noisy = gradientNoise(draw, program, raw);
    const clipped = clip(program, noisy, hyper);
    return { gradient: parameters.pack(clipped), history: historyStep(program, state, noisy, clipped) };
  }

  function stepInputs(state: Tensors, hyper: Tensors, steps: number): Tensors {
    const draw: Draw = { ops, t: named(state, 't'), hyper };
    return {
      ...stepNumbers(state, hyper, steps),
      ...over(MASK, drawMasks(draw, dropoutPlaces(program), program.batch, steps)),
    };
  }

  /** Those of the updates. */
  function stepNumbers(state: Tensors, hyper: Tensors, steps: number): Tensors {
    const made = tf.add(perSlot(named(state, 't')), tf.range(0, steps, 1, 'float32'));
    const rate = learningRate(program, made, state, hyper);
    return optimizer.prepare({ t: tf.add(made, named(hyper, 'one')), rate, hyper });
  }

  function pass(state: Tensors, batch: Rows, hyper: Tensors, inputs?: Tensors): Pass {
    const { values, activityPenalty, rows, gradients, statistics } = thereAndBack(state, batch, hyper, inputs);
    const descent = {
      ...over(GRADIENT, penalized(gradients, state, hyper)),
      ...statistics,
      witness: witness(values, rows, hyper),
    };
    return { values, activityPenalty, descent };
  }

  function descend(state: Tensors, descent: Tensors, hyper: Tensors, numbers = stepNumbers(state, hyper, 1)): Tensors {
    const { gradient, history } = limited(under(GRADIENT, descent), state, hyper);
    const before = named(state, 't');
    const next: Tensors = {
      ...state,
      ...pick(descent, net.statistics),
      ...history,
      ...update(state, gradient, numbers, hyper),
      t: tf.add(before, tf.scalar(1, 'int32')),
      loss_sum: plusWitness(named(state, 'loss_sum'), named(descent, 'witness')),
    };
    if (!program.counts_steps) return next;
    // A trial whose budget ends inside the epoch stays as it is for the rest of it.
    const goesOn = tf.cast(tf.less(perSlot(before), named(hyper, 'steps')), 'float32');
    return Object.fromEntries(
      Object.entries(next).map(([name, value]) => [
        name,
        value === state[name] ? value : choose(goesOn, value, named(state, name), ops),
      ]),
    );
  }

  /** [K, rows, n] or [K, 1, n]: finite exactly where the batch's data loss is. */
  function witness(values: OutputValues, rows: Rows, hyper: Tensors): Tensor {
    const seen = loss.witness?.(values) ?? loss.rows(values, place(hyper));
    return hasWholeBatches(program) ? seen : rowSum(rows.present, seen);
  }

  /** New values of the stored variables, of what the optimizer keeps, and of its scalars. */
  function update(state: Tensors, gradient: Tensors, numbers: Tensors, hyper: Tensors): Tensors {
    const begun = optimizer.begin({ numbers, state, hyper });
    const next: Record<string, Tensor> = { ...begun.scalars };
    for (const { name } of parameters.stored) {
      const kept = optimizer.slots.map((slot) => named(state, `${name}/${slot.name}`));
      const updated = begun.update(named(state, name), named(gradient, name), kept);
      next[name] = updated.variable;
      optimizer.slots.forEach((slot, index) => (next[`${name}/${slot.name}`] = updated.slots[index]!));
    }
    return { ...next, ...constrained(next, hyper) };
  }

  /** The stored variables again, where layers have constraints. */
  function constrained(next: Tensors, hyper: Tensors): Tensors {
    if (!net.constrain) return {};
    const { [FOLDED]: _both, ...variables } = parameters.unpack(next);
    return parameters.pack({ ...variables, ...net.constrain(variables, hyper) });
  }

  return {
    program,
    network: net,
    parameters,
    common: (optimizer.common ?? []).map((name) => `optimizer.${name}`),
    gradients(state, batch, hyper) {
      const { values, rows, gradients, activityPenalty } = thereAndBack(state, batch, hyper);
      const dataLoss = tf.div(rowSum(rows.present, loss.rows(values, place(hyper))), rows.count);
      const total = parameters.unpack(penalized(gradients, state, hyper));
      return { dataLoss, activityPenalty, gradients: total };
    },
    noWitness(slots) {
      const rows = hasWholeBatches(program) ? program.batch : 1;
      return tf.zeros([slots, rows, loss.witness ? outputWidth(program) : 1]);
    },
    stepInputs,
    pass,
    descend,
    step: (state, batch, hyper, inputs) => descend(state, pass(state, batch, hyper, inputs).descent, hyper, inputs),
    evaluate(state, pieces, hyper) {
      const variables = parameters.unpack(state);
      const statistics = statisticsOf(state);
      const penalties = net.penalty(variables, hyper);
      const sums = new Map<Part, { sums: Tensors; count: Tensor }>();
      for (const { rows, sections, prediction } of pieces) {
        const { values, activityPenalty } = prediction ?? net.predict(variables, statistics, rows, hyper);
        const lossRows = loss.rows(values, place(hyper));
        for (const section of sections) {
          const own = sections.length === 1 ? values : mapTensors(values, (tensor) => sliceRows(tensor, section));
          const ownLoss = sections.length === 1 ? lossRows : sliceRows(lossRows, section);
          const fresh = {
            ...rowSums(program, own, ownLoss, section.present),
            ...(activityPenalty ? { activity_penalty: activityPenalty } : {}),
          };
          const before = sums.get(section.part);
          sums.set(section.part, { sums: before ? joinSums(before.sums, fresh) : fresh, count: section.count });
        }
      }
      const metrics = evaluatedParts(program).map((part) => {
        const found = sums.get(part);
        if (!found) throw new Error(`the ${part} part is evaluated but has no rows`);
        const { activity_penalty: active, ...rest } = found.sums;
        const total = active && penalties ? tf.add(active, penalties) : (active ?? penalties);
        return partMetrics(program, part, rest, found.count, total, hyper);
      });
      return Object.assign({}, ...metrics) as Tensors;
    },
    epochEnd(state, metrics, hyper) {
      const mean_training_loss = named(state, 'loss_sum');
      const stored = { parameters: pick(state, parameters.stored), statistics: statisticsOf(state) };
      const ended = epochEnd(program, state, { ...metrics, mean_training_loss }, hyper, stored, ops);
      const sums = ['loss_sum', ...Object.keys(historyState(program))];
      return {
        ...ended,
        ...plateauEnd(program, state, metrics, hyper),
        ...Object.fromEntries(sums.map((name) => [name, tf.zerosLike(named(state, name))])),
      };
    },
    layerHistory: (state, steps) => historyColumns(program, parameters.unpack(state), state, steps),
  };
}

/** Finite where all of a witness is, [K, 1, 1]. */
export function sumOfWitness(witness: Tensor): Tensor {
  return tf.sum(witness, [1, 2], true);
}

function plusWitness(before: Tensor, seen: Tensor): Tensor {
  return tf.add(before, before.size === seen.size ? seen : sumOfWitness(seen));
}

/** Whether no batch has rows that only fill it up. */
function hasWholeBatches({ data, batch }: Program): boolean {
  return data.parts.train % batch === 0;
}

/** Numbers of a variable from which on it pays that a sum is made in place. */
const IN_PLACE_SIZE = 1 << 14;

/** sum + number * x, of a number per slot or one for each of `x`; a big one of a single slot in one pass over `sum`. */
function plusProduct(sum: Tensor, number: Tensor, x: Tensor): Tensor {
  const expand = ([before]: readonly Tensor[]): readonly Tensor[] => [tf.add(before!, tf.mul(x, number))];
  if (!isSingle(x) || number.size > 1 || x.size < IN_PLACE_SIZE) return expand([sum])[0]!;
  return inPlace({ name: 'ResourceApplyGradientDescent' }, [sum], [scalar(tf.neg(number)), x], expand)[0]!;
}

/** int32 [K] to float32 [K, 1, 1]. */
function perSlot(t: Tensor): Tensor {
  return tf.reshape(tf.cast(t, 'float32'), [-1, 1, 1]);
}

function pick(state: Tensors, entries: readonly { readonly name: string }[]): Tensors {
  return Object.fromEntries(entries.map(({ name }) => [name, named(state, name)]));
}

function sliceRows(tensor: Tensor, { from, size }: Section): Tensor {
  const [slots, , width] = tensor.shape as [number, number, number];
  return tf.slice(tensor, [0, from, 0], [slots, size, width]);
}

function requireLoss(program: Program, { activation }: Network): Loss {
  const loss = lossFor(program.loss, activation);
  if (!loss) throw new Error(`no program has the loss ${program.loss} on the output activation ${activation}`);
  return loss;
}

export interface StateEntry {
  readonly name: string;
  readonly dtype: 'float32' | 'int32';
  /** Without the leading K. */
  readonly shape: readonly number[];
  /** The value of a new trial: a number, one of its hyperparameters, or what the network says. */
  readonly initial: number | { readonly hyper: string } | 'network';
}

/** Everything that the state consists of, in a fixed order. */
export function stateEntries({ program, network, parameters }: Training): readonly StateEntry[] {
  const optimizer: Optimizer = optimizerOf(program.optimizer);
  const keeps = keepsWeights(program);
  const variables = parameters.stored.flatMap(({ name, shape }): StateEntry[] => [
    { name, dtype: 'float32', shape, initial: 'network' },
    ...optimizer.slots.map((slot): StateEntry => ({
      name: `${name}/${slot.name}`,
      dtype: 'float32',
      shape,
      initial: slot.initial,
    })),
    ...(keeps ? [{ name: `kept.${name}`, dtype: 'float32', shape, initial: 'network' } as const] : []),
  ]);
  const statistics = network.statistics.flatMap(({ name, shape, initial }): StateEntry[] => [
    { name, dtype: 'float32', shape, initial },
    ...(keeps ? [{ name: `kept.${name}`, dtype: 'float32', shape, initial } as const] : []),
  ]);
  const numbers = {
    loss_sum: 0,
    ...Object.fromEntries(optimizer.scalars.map(({ name, initial }) => [`optimizer.${name}`, initial])),
    ...scheduleState(program),
    ...historyState(program),
    ...stoppingState(program),
  };
  return [
    { name: 't', dtype: 'int32', shape: [], initial: 0 },
    ...variables,
    ...statistics,
    ...Object.entries(numbers).map(([name, initial]): StateEntry => ({
      name,
      dtype: 'float32',
      shape: [1, 1],
      initial,
    })),
  ];
}
