/** One run through a user's model: which values its weights have, and what its layers draw and leave behind. */

import * as tf from '@tensorflow/tfjs-core';
import type { LayerVariable } from '@tensorflow/tfjs-layers';
import { streamKey } from '../../random/philox.ts';
import type { Draw } from '../noise.ts';
import type { Rows } from '../rows.ts';
import { named, type Tensor } from '../tensors.ts';

/** The stream that all layers of a module draw from, each at a place of its own. */
export const MODULE_PLACE = 'module';

export interface Pass {
  /** By weight, each of its own shape. */
  readonly values: ReadonlyMap<LayerVariable, Tensor>;
  readonly rows: Rows;
  /** Absent when evaluating. */
  readonly draw: Draw | undefined;
  /** New values of weights that are no variables, such as moving means; kept. */
  readonly written: Map<LayerVariable, Tensor>;
  /** How often each place has drawn. */
  readonly drawn: Map<number, number>;
}

/** What the exchanged layers of one model look at; a pass is there only while the model runs. */
export interface Stage {
  pass: Pass | undefined;
  /** Recurrent cells that keep their masks of a pass. */
  readonly cells: MaskedCell[];
}

export interface MaskedCell {
  dropoutMask: Tensor | Tensor[] | null;
  recurrentDropoutMask: Tensor | Tensor[] | null;
}

/** Runs `body` with a pass on the stage. */
export function during<T>(stage: Stage, pass: Pass, body: () => T): T {
  stage.pass = pass;
  try {
    return body();
  } finally {
    stage.pass = undefined;
    for (const cell of stage.cells) {
      for (const mask of ['dropoutMask', 'recurrentDropoutMask'] as const) {
        // Some recurrent layers forget to ask for new ones.
        if (cell[mask]) tf.dispose(cell[mask]);
        cell[mask] = null;
      }
    }
  }
}

/** Makes weights take their values from the pass. */
export function exchangeWeight(variable: LayerVariable, stage: Stage): void {
  const passing = (): Pass => {
    if (!stage.pass) throw new Error(`the weight ${variable.name} was asked for outside a pass`);
    return stage.pass;
  };
  variable.read = () => passing().written.get(variable) ?? passing().values.get(variable)!;
  variable.write = (value) => {
    const { written } = passing();
    written.get(variable)?.dispose();
    written.set(variable, tf.keep(value.clone()));
    return variable;
  };
}

/** int32 [1], different for each layer and for each of its draws in one step. */
function nextStream({ draw, drawn }: Pass, layer: number): Tensor {
  const time = drawn.get(layer) ?? 0;
  drawn.set(layer, time + 1);
  const place = streamKey(MODULE_PLACE, layer, time)[0] | 0;
  return tf.add(named(draw!.hyper, `${MODULE_PLACE}.stream`), tf.scalar(place, 'int32'));
}

/** 1 where a number is kept, which is with probability 1 - `rate`, else 0. */
export function keepMask(pass: Pass, layer: number, rate: number, shape: readonly number[]): Tensor {
  const [rows, units] = asMatrix(shape);
  const threshold = tf.tensor3d([Math.round(rate * 0x10000)], [1, 1, 1], 'int32');
  const { ops, t } = pass.draw!;
  const [mask] = ops.keepMasks({ streams: nextStream(pass, layer), t, steps: 1, rows }, [{ units, threshold }]);
  return tf.cast(tf.reshape(mask!, [...shape]), 'float32');
}

/** Standard normal numbers. */
export function normal(pass: Pass, layer: number, shape: readonly number[]): Tensor {
  const [rows, units] = asMatrix(shape);
  const seeds = tf.stack([nextStream(pass, layer), pass.draw!.t], 1);
  return tf.reshape(pass.draw!.ops.normal(seeds, rows, units), [...shape]);
}

function asMatrix([rows = 1, ...rest]: readonly number[]): readonly [number, number] {
  return [rows, rest.reduce((product, length) => product * length, 1)];
}
