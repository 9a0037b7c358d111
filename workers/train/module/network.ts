/** A user's tf.layers model as a network: the given weights, gradients by TensorFlow.js, and our random numbers. K is 1. */

import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel, LayerVariable } from '@tensorflow/tfjs-layers';
import type { Ops } from '../../backend/ops/ops.ts';
import { PhiloxStream, streamKey } from '../../random/philox.ts';
import { ACTIVATIONS } from '../activations.ts';
import { augment } from '../augment.ts';
import { outputWidth } from '../encoding.ts';
import { initialValues } from '../initializers.ts';
import { lossFor, type OutputValues } from '../losses.ts';
import type { Network } from '../network.ts';
import type { Draw } from '../noise.ts';
import type { Variable } from '../parameters.ts';
import type { Program, TrialTask } from '../program.ts';
import type { Rows } from '../rows.ts';
import { named, type Tensor, type Tensors } from '../tensors.ts';
import { buildModel, mistakeIn, type BuiltModel, type ModuleSource, type ModuleWeight } from './build.ts';
import { exchangeLayer, stripActivation } from './exchange.ts';
import { during, exchangeWeight, type Stage } from './pass.ts';
import { checkRepeatable } from './repeatable.ts';

/**
 * Errors: `SweepError` of code `definition` when the module is no model that this program can train.
 * @param create the module's default export
 */
export function moduleNetwork(program: Program, ops: Ops, create: ModuleSource['create']): Network {
  const { path, params } = program.module!;
  const built = buildModel({ path, create, params: JSON.parse(params) as ModuleSource['params'] });
  const stage: Stage = { pass: undefined, cells: [] };
  checkShapes(path, built.model, program);
  const activation = stripActivation(path, built.model);
  if (!lossFor(program.loss, activation)) throw unfitting(path, program, activation);
  built.layers.forEach((layer, index) => exchangeLayer(path, layer, index, stage));
  built.weights.forEach(({ variable }) => exchangeWeight(variable, stage));
  // The model alone: how images are augmented is our business.
  checkRepeatable(path, built, networkOf({ ...program, augment: null }, built, activation, ops, stage), program, ops);
  return networkOf(program, built, activation, ops, stage);
}

function networkOf(
  program: Program,
  { model, weights }: BuiltModel,
  activation: Network['activation'],
  ops: Ops,
  stage: Stage,
): Network {
  const trained = weights.filter(({ trainable }) => trainable);
  const fixed = weights.filter(({ trainable }) => !trainable);

  /** The model's output before its activation, [1, rows, outputs], and what layers have written, by name. */
  function run(values: ReadonlyMap<LayerVariable, Tensor>, rows: Rows, draw: Draw | undefined): [Tensor, Tensors] {
    const written = new Map<LayerVariable, Tensor>();
    const pass = { values, rows, draw, written, drawn: new Map<number, number>() };
    const [, count] = rows.x.shape as [number, number, number];
    const x = tf.reshape(rows.x, [count, ...(model.inputs[0]!.shape.slice(1) as number[])]);
    const output = during(stage, pass, () => model.apply(x, { training: draw !== undefined })) as Tensor;
    const fresh = fixed.flatMap((weight) => {
      const value = written.get(weight.variable);
      return value ? [[weight.name, tf.reshape(value, [1, ...storedShape(weight)])] as const] : [];
    });
    written.forEach((value) => value.dispose());
    return [tf.reshape(output, [1, ...output.shape]), Object.fromEntries(fresh)];
  }

  function outputOf(z: Tensor, rows: Rows, hyper: Tensors): OutputValues {
    return { z, output: ACTIVATIONS[activation].apply(z, { name: 'module', hyper, ops }), target: rows.y };
  }

  function constrainWeights(variables: Tensors): Tensors {
    return Object.fromEntries(
      trained.flatMap(({ name, shape, constraint }) => {
        if (!constraint) return [];
        const value = named(variables, name);
        return [[name, tf.reshape(constraint(tf.reshape(value, [...shape])), value.shape)]];
      }),
    );
  }

  return {
    activation,
    variables: trained.map(variableOf),
    statistics: fixed.map((weight) => ({ ...variableOf(weight), initial: 'network' as const })),
    initial: ({ name }, task) =>
      initialWeight(
        weights.find((weight) => weight.name === name)!,
        task,
      ),
    penalty: (variables) => {
      const total = penaltyOf(trained, weightValues(trained, variables));
      return total && tf.reshape(total, [1, 1, 1]);
    },
    penaltyStrengths: () => ({ linear: {}, signed: {} }),
    constrain: trained.some(({ constraint }) => constraint) ? constrainWeights : undefined,
    predict(variables, statistics, rows, hyper) {
      const values = weightValues(weights, { ...variables, ...statistics });
      const [z] = run(values, rows, undefined);
      return { values: outputOf(z, rows, hyper), activityPenalty: undefined };
    },
    train(variables, statistics, rows, lossGradient, draw) {
      const values = weightValues(weights, { ...variables, ...statistics });
      const disturbed = program.augment ? { ...rows, x: augment(program, rows.x, draw) } : rows;
      const held: Tensor[] = [];
      const hold = (tensor: Tensor): number => held.push(tf.keep(tensor.clone())) - 1;
      let names: readonly string[] = [];
      const forward = (): tf.Scalar => {
        const [z, fresh] = run(values, disturbed, draw);
        hold(z);
        names = Object.keys(fresh);
        Object.values(fresh).forEach(hold);
        const loss = pushed(z, (detached) => lossGradient(outputOf(detached, rows, draw.hyper)));
        const penalty = penaltyOf(trained, values);
        return (penalty ? tf.add(loss, penalty) : loss) as tf.Scalar;
      };
      const tensors = trained.map(({ variable }) => values.get(variable)!);
      const { grads } = tf.engine().gradients(forward, tensors, undefined, true);
      const [z, ...fresh] = held.map((tensor) => tensor.clone());
      tf.dispose(held);
      return {
        values: outputOf(z!, rows, draw.hyper),
        activityPenalty: undefined,
        gradients: Object.fromEntries(
          trained.map((weight, index) => {
            const shape = [1, ...storedShape(weight)];
            const gradient = grads[index] as Tensor | undefined;
            return [weight.name, gradient ? tf.reshape(gradient, shape) : tf.zeros(shape)];
          }),
        ),
        statistics: Object.fromEntries(names.map((name, index) => [name, fresh[index]!])),
      };
    },
  };
}

/** A scalar whose gradient with respect to `z` is what `gradient` says; its own value means nothing. */
function pushed(z: Tensor, gradient: (z: Tensor) => Tensor): Tensor {
  const push = tf.customGrad((given, save) => {
    const dz = gradient(given as Tensor);
    (save as tf.GradSaveFunc)([dz]);
    return { value: tf.zeros([]), gradFunc: (_dy, saved) => saved[0]! };
  });
  return push(z);
}

function penaltyOf(weights: readonly ModuleWeight[], values: ReadonlyMap<LayerVariable, Tensor>): Tensor | undefined {
  const terms = weights.flatMap(({ penalty, variable }) => (penalty ? [penalty(values.get(variable)!)] : []));
  return terms.length === 0 ? undefined : terms.reduce((sum, term) => tf.add(sum, term));
}

/** Each weight in its own shape, from tensors [1, ...stored shape] by name. */
function weightValues(weights: readonly ModuleWeight[], tensors: Tensors): ReadonlyMap<LayerVariable, Tensor> {
  const isWasm = tf.getBackend() === 'wasm';
  return new Map(
    weights.map(({ name, shape, variable }) => {
      const value = tf.reshape(named(tensors, name), [...shape]);
      // The fused kernels of wasm judge a bias by the shape that its numbers were made with: they need a copy.
      return [variable, isWasm && shape.length === 1 ? tf.tile(value, [1]) : value];
    }),
  );
}

/** State has two axes at least after the slots': per-slot numbers are [1, 1, 1]. */
function storedShape({ shape }: ModuleWeight): readonly number[] {
  return shape.length >= 2 ? shape : [...Array.from({ length: 2 - shape.length }, () => 1), ...shape];
}

function variableOf(weight: ModuleWeight): Variable {
  return { name: weight.name, shape: storedShape(weight) };
}

/** Of a trial that begins: what the module has set, or drawn from the trial's stream of that name. */
function initialWeight({ name, shape, initial }: ModuleWeight, task: TrialTask): Float32Array {
  if ('values' in initial) return initial.values;
  const columns = shape.at(-1) ?? 1;
  const size = shape.reduce((product, length) => product * length, 1);
  const stream = new PhiloxStream(streamKey(task.seed, 'weights', task.replicate, name));
  return initialValues(initial.initializer, [size / columns, columns], stream);
}

function checkShapes(path: string, model: LayersModel, program: Program): void {
  const shown = (shape: readonly (number | null)[]): string => `[${shape.map(String).join(', ')}]`;
  const input = model.inputs[0]!.shape;
  const numbers = input.slice(1).reduce<number>((product, length) => product * (length ?? 0), 1);
  if (numbers !== program.data.width) {
    throw mistakeIn(
      path,
      `the model's input must have ${program.data.width} numbers a row, as the data have, but its shape is ${shown(input)}`,
    );
  }
  const output = model.outputs[0]!.shape;
  const width = outputWidth(program);
  if (output.length !== 2 || output[1] !== width) {
    throw mistakeIn(
      path,
      `the model's output must be [null, ${width}] for ${program.loss}, but its shape is ${shown(output)}`,
    );
  }
}

function unfitting(path: string, { loss }: Program, activation: string): Error {
  const wanted = loss === 'binary_crossentropy' ? 'sigmoid' : 'softmax';
  const found = activation === 'linear' ? 'none that the loss knows' : activation;
  return mistakeIn(path, `the model must end in the activation ${wanted} for ${loss}, but found ${found}`);
}
