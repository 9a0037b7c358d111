/** Calls a user's module and takes its model apart: layers, weights, and where each weight's first value comes from. */

import * as tf from '@tensorflow/tfjs-core';
import * as layersApi from '@tensorflow/tfjs-layers';
import type { LayersModel, LayerVariable } from '@tensorflow/tfjs-layers';
import type { ModelModule } from '../../../src/module-types.ts';
import { show } from '../../../src/definition/mistake.ts';
import { SweepError } from '../../../src/errors.ts';
import { tensorFlow } from '../../modules/tensorflow.ts';
import type { Tensor } from '../tensors.ts';
import { drawnBy, type Drawn } from './drawn.ts';

/** A layer as far as its insides concern us: properties that the types of tf.layers hide. */
export interface LayerInside {
  readonly name: string;
  readonly weights: readonly LayerVariable[];
  readonly inboundNodes: readonly unknown[];
  getClassName(): string;
  call(inputs: Tensor | Tensor[], kwargs: Readonly<Record<string, unknown>>): Tensor | Tensor[];
  readonly layers?: readonly LayerInside[];
  readonly layer?: LayerInside;
  readonly forwardLayer?: LayerInside;
  readonly backwardLayer?: LayerInside;
  readonly cell?: LayerInside;
  readonly cells?: readonly LayerInside[];
  readonly stateful?: boolean;
}

export interface ModuleWeight {
  /** `module.<index of the layer>.<weight>` */
  readonly name: string;
  readonly variable: LayerVariable;
  readonly shape: readonly number[];
  readonly trainable: boolean;
  readonly initial: Drawn | { readonly values: Float32Array };
  /** Added to the loss, from the weight; float32 []. */
  readonly penalty: ((weight: Tensor) => Tensor) | undefined;
  /** Applied after each update. */
  readonly constraint: ((weight: Tensor) => Tensor) | undefined;
}

export interface BuiltModel {
  readonly model: LayersModel;
  /** Every layer, those inside others after them; a layer's index names what belongs to it. */
  readonly layers: readonly LayerInside[];
  readonly weights: readonly ModuleWeight[];
}

export interface ModuleSource {
  readonly path: string;
  readonly create: ModelModule;
  readonly params: Readonly<Record<string, unknown>>;
}

/** A mistake in a user's module: `SweepError` of code `definition`. */
export function mistakeIn(path: string, message: string, hint?: string): SweepError {
  return new SweepError('definition', { position: { file: path }, message, ...(hint === undefined ? {} : { hint }) });
}

/** The same for what the module has thrown, with the stack of that. */
export function failureIn(path: string, message: string, error: unknown): SweepError {
  if (error instanceof SweepError) return error;
  const { message: said, stack } = error instanceof Error ? error : new Error(String(error));
  const mistake = mistakeIn(path, `${message}: ${said}`);
  return stack === undefined ? mistake : Object.assign(mistake, { stack });
}

/**
 * Built twice: what differs between the two was drawn by other means than an initializer, and could not be repeated.
 * Errors: `SweepError` of code `definition`.
 */
export function buildModel(source: ModuleSource): BuiltModel {
  const probe = buildOnce(source, 1);
  probe.weights.forEach(({ variable }) => variable.dispose());
  const built = buildOnce(source, 2);
  const form = ({ layers, weights }: BuiltModel): string =>
    JSON.stringify([layers.map((layer) => layer.getClassName()), weights.map(({ name, shape }) => [name, shape])]);
  if (form(probe) !== form(built)) {
    throw mistakeIn(source.path, 'must make the same model each time it is called with the same params');
  }
  built.weights.forEach((weight, index) => {
    const [before, now] = [probe.weights[index]!.initial, weight.initial];
    if ('values' in before !== 'values' in now) throw notRepeatable(source.path, weight);
    if ('values' in before && 'values' in now && !sameBits(before.values, now.values)) {
      throw notRepeatable(source.path, weight);
    }
  });
  // From here on values come from the training state.
  built.weights.forEach(({ variable }) => variable.dispose());
  return built;
}

function notRepeatable(path: string, { name }: ModuleWeight): SweepError {
  return mistakeIn(
    path,
    `initial values must be the same each time, but those of ${name} are drawn by other means than an initializer of tf.initializers`,
    'name an initializer of tf.initializers for it, which is given the seed of the trial',
  );
}

interface Added {
  readonly drawn: Drawn | undefined;
  /** Of the value it was made with: another one later means that the module has set it. */
  readonly dataId: object;
  readonly penalty: ModuleWeight['penalty'];
}

/** @param placeholder what weights are filled with that an initializer would draw */
export function buildOnce(source: ModuleSource, placeholder: number): BuiltModel {
  const { path, create, params } = source;
  const added = new Map<LayerVariable, Added>();
  const before = new Set(Object.keys(tf.engine().registeredVariables));
  const model = watchingWeights(added, placeholder, path, () => {
    const made = calling(path, () => create(tensorFlow, structuredClone(params)));
    if (!(made instanceof layersApi.LayersModel)) throw noModel(path, made);
    return made;
  });
  checkEnds(path, model);
  const layers = withInner(model.layers as unknown as readonly LayerInside[]);
  const weights = weightsOf(path, model, layers, added);
  const known = new Set(weights.map(({ variable }) => variable.name));
  const stray = Object.keys(tf.engine().registeredVariables).find((name) => !before.has(name) && !known.has(name));
  if (stray !== undefined) {
    throw mistakeIn(
      path,
      `every variable must be a weight of a layer, but ${stray} is none, and would not be trained`,
      'make it with this.addWeight in the build method of a layer',
    );
  }
  return { model, layers, weights };
}

function calling(path: string, create: () => unknown): unknown {
  try {
    return create();
  } catch (error) {
    throw failureIn(path, 'must make a model, but failed', error);
  }
}

function noModel(path: string, made: unknown): SweepError {
  if (made instanceof Promise) return mistakeIn(path, 'must return a model, but returned a promise of one');
  return mistakeIn(
    path,
    `must return a tf.layers model, but returned ${show(made)}`,
    'make it with the `tf` that the function is given',
  );
}

/** Weights are made with an initializer; layers forget which. */
function watchingWeights<T>(added: Map<LayerVariable, Added>, placeholder: number, path: string, build: () => T): T {
  const prototype = layersApi.layers.Layer.prototype as unknown as {
    addWeight: (...args: AddWeightArguments) => LayerVariable;
    addLoss: (losses: unknown) => void;
  };
  const { addWeight, addLoss } = prototype;
  prototype.addWeight = function (name, shape, dtype, initializer, regularizer, trainable, constraint, ...rest) {
    const drawn = initializer && drawnBy(initializer, shape);
    const used = drawn ? { apply: () => tf.fill([...shape], placeholder) } : initializer;
    const variable = addWeight.call(this, name, shape, dtype, used, undefined, trainable, constraint, ...rest);
    const penalty = regularizer ? (weight: Tensor): Tensor => regularizer.apply(weight) : undefined;
    added.set(variable, { drawn, dataId: variable.read().dataId, penalty });
    return variable;
  };
  prototype.addLoss = () => {
    throw mistakeIn(path, 'must have no layer with losses of its own (addLoss)', 'use a regularizer');
  };
  try {
    return build();
  } finally {
    Object.assign(prototype, { addWeight, addLoss });
  }
}

interface Applying {
  apply(x: Tensor): Tensor;
}
interface Initializing {
  apply(shape: readonly number[], dtype?: tf.DataType): Tensor;
}
type AddWeightArguments = [
  name: string,
  shape: readonly number[],
  dtype?: tf.DataType | null,
  initializer?: Initializing,
  regularizer?: Applying | null,
  trainable?: boolean,
  constraint?: Applying | null,
  ...rest: unknown[],
];

function checkEnds(path: string, { inputs, outputs }: LayersModel): void {
  if (inputs.length !== 1) throw mistakeIn(path, `the model must have one input, but has ${inputs.length}`);
  if (outputs.length !== 1) throw mistakeIn(path, `the model must have one output, but has ${outputs.length}`);
}

/** Layers with those inside them: of models, wrappers and recurrent layers. */
function withInner(layers: readonly LayerInside[]): readonly LayerInside[] {
  const all = layers.flatMap((layer): readonly LayerInside[] => {
    const { forwardLayer, backwardLayer, cell, cells = [] } = layer;
    // A bidirectional layer works with two copies of the one that it was given.
    const wrapped = forwardLayer ? undefined : layer.layer;
    const inner = [...(layer.layers ?? []), wrapped, forwardLayer, backwardLayer, cell, ...cells];
    return [layer, ...withInner(inner.filter((found) => found !== undefined))];
  });
  return [...new Set(all)];
}

function weightsOf(
  path: string,
  model: LayersModel,
  layers: readonly LayerInside[],
  added: ReadonlyMap<LayerVariable, Added>,
): readonly ModuleWeight[] {
  const trained = new Set<LayerVariable>(model.trainableWeights);
  const weights = new Map<LayerVariable, ModuleWeight>();
  layers.forEach((layer, index) => {
    const names = new Set<string>();
    for (const variable of layer.weights) {
      if (weights.has(variable)) continue;
      const own = variable.originalName.split('/').at(-1)!;
      let name = own;
      for (let copy = 2; names.has(name); copy += 1) name = `${own}_${copy}`;
      names.add(name);
      if (variable.dtype !== 'float32') {
        throw mistakeIn(path, `weights must be float32, but ${own} of the layer ${layer.name} is ${variable.dtype}`);
      }
      const { drawn, dataId, penalty } = added.get(variable)!;
      const isAsMade = variable.read().dataId === dataId;
      const { constraint } = variable;
      const trainable = trained.has(variable);
      weights.set(variable, {
        name: `module.${index}.${name}`,
        variable,
        shape: variable.shape as number[],
        trainable,
        initial: drawn && isAsMade ? drawn : { values: variable.read().dataSync<'float32'>().slice() },
        penalty: trainable ? penalty : undefined,
        constraint: trainable && constraint ? (weight) => constraint.apply(weight) : undefined,
      });
    }
  });
  return [...weights.values()];
}

function sameBits(a: Float32Array, b: Float32Array): boolean {
  return a.length === b.length && a.every((value, index) => Object.is(value, b[index]));
}
