/** Finds layers of a user's model that draw random numbers by means that we do not know, or that do not run at all. */

import * as tf from '@tensorflow/tfjs-core';
import { PhiloxStream, streamKey } from '../../random/philox.ts';
import type { Ops } from '../../backend/ops/ops.ts';
import type { Network } from '../network.ts';
import type { Variable } from '../parameters.ts';
import type { Program, TrialTask } from '../program.ts';
import type { Tensors } from '../tensors.ts';
import { failureIn, mistakeIn, type BuiltModel, type LayerInside } from './build.ts';
import { MODULE_PLACE } from './pass.ts';

const ROWS = 3;

interface Seen {
  readonly layer: LayerInside;
  readonly values: Float32Array;
}

/**
 * Runs one step of training twice on the same numbers: a trial that gave others the second time could not be repeated.
 * Errors: `SweepError` of code `definition` that names the first such layer.
 */
export function checkRepeatable(path: string, built: BuiltModel, network: Network, program: Program, ops: Ops): void {
  const first = outputs(path, built, network, program, ops);
  const second = outputs(path, built, network, program, ops);
  const differing = first.find(({ values }, index) => {
    const again = second[index]?.values;
    return !again || values.some((value, at) => !Object.is(value, again[at]));
  });
  if (!differing) return;
  const { layer } = differing;
  throw mistakeIn(
    path,
    `a layer must give the same output for the same numbers, but ${layer.name} (${layer.getClassName()}) draws random ones by its own means`,
    'Dropout, SpatialDropout1D, AlphaDropout, GaussianNoise and GaussianDropout are given the seed of the trial',
  );
}

/** What each layer gave, in the order in which they ran. */
function outputs(path: string, built: BuiltModel, network: Network, program: Program, ops: Ops): readonly Seen[] {
  const seen: Seen[] = [];
  let running: LayerInside | undefined;
  const calls = built.layers.map((layer) => layer.call.bind(layer));
  built.layers.forEach((layer, index) => {
    layer.call = (inputs, kwargs) => {
      running = layer;
      const output = calls[index]!(inputs, kwargs);
      for (const tensor of [output].flat()) {
        // A copy: what is read may be in use still.
        seen.push({ layer, values: Float32Array.from(tensor.dataSync()) });
      }
      return output;
    };
  });
  try {
    tf.tidy(() => trainOnce(network, program, ops));
  } catch (error) {
    throw failureIn(path, `the model must run, but failed${running ? ` in ${running.name}` : ''}`, error);
  } finally {
    built.layers.forEach((layer, index) => (layer.call = calls[index]!));
  }
  return seen;
}

/** On numbers of no meaning. */
function trainOnce(network: Network, program: Program, ops: Ops): void {
  const stream = new PhiloxStream(streamKey('repeatable'));
  const task = { seed: 0, replicate: 0 } as TrialTask;
  const initial = (variables: readonly Variable[]): Tensors =>
    Object.fromEntries(
      variables.map((variable) => [variable.name, tf.tensor(network.initial(variable, task), [1, ...variable.shape])]),
    );
  const x = Float32Array.from({ length: ROWS * program.data.width }, () => stream.uniform());
  const rows = {
    x: tf.tensor3d(x, [1, ROWS, program.data.width]),
    y: tf.zeros([1, ROWS, 1]),
    share: tf.fill([1, ROWS, 1], 1 / ROWS),
    present: tf.ones([1, 1, ROWS]),
    count: tf.fill([1, 1, 1], ROWS),
  };
  const hyper = { [`${MODULE_PLACE}.stream`]: tf.tensor1d([1], 'int32') };
  const draw = { ops, t: tf.tensor1d([1], 'int32'), hyper };
  network.train(initial(network.variables), initial(network.statistics), rows, ({ z }) => tf.onesLike(z), draw);
}
