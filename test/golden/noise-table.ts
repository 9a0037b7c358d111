/** What Keras' noise layers make of ones, against a network's own noise and against the layers of a user's model. */

import * as tf from '@tensorflow/tfjs-core';
import * as layersApi from '@tensorflow/tfjs-layers';
import { z } from 'zod';
import type { Ops } from '../../workers/backend/ops/ops.ts';
import type { LayerInside } from '../../workers/train/module/build.ts';
import { exchangeLayer } from '../../workers/train/module/exchange.ts';
import { during, MODULE_PLACE, type Stage } from '../../workers/train/module/pass.ts';
import { addNoise, dropoutMasks, type Draw } from '../../workers/train/noise.ts';
import type { Comparer } from './comparer.ts';
import { compareMoments, compareShare, type TableRow } from './table.ts';

const rowSchema = z.object({
  layer: z.enum(['Dropout', 'GaussianNoise', 'GaussianDropout', 'AlphaDropout', 'SpatialDropout1D']),
  args: z.union([z.object({ rate: z.number() }), z.object({ stddev: z.number() })]),
  shape: z.array(z.number()),
  exact_mean: z.number(),
  exact_std: z.number(),
  /** All that there are. */
  values: z.array(z.number()).optional(),
  output_for_unit_normal_input: z.object({}).optional(),
  independent_masks: z.number().optional(),
});
type Row = z.infer<typeof rowSchema>;

export function noiseRows(json: unknown): readonly TableRow[] {
  return z
    .object({ layers: z.array(rowSchema) })
    .parse(json)
    .layers.flatMap((row): readonly TableRow[] => {
      const name = `${row.layer} ${strengthOf(row)}`;
      const inModule = {
        name: `${name} of a module`,
        check: (comparer: Comparer, ops: Ops) => check(comparer, row, (x) => moduleNoise(row, x, ops)),
      };
      const own = ownNoise(row);
      if (!own) return [inModule];
      return [{ name, check: (comparer: Comparer, ops: Ops) => check(comparer, row, (x) => own(x, ops)) }, inModule];
    });
}

function strengthOf({ args }: Row): number {
  return 'rate' in args ? args.rate : args.stddev;
}

function check(comparer: Comparer, row: Row, disturb: (x: tf.Tensor) => tf.Tensor): void {
  const outputs = (x: tf.Tensor): Float32Array => tf.tidy(() => disturb(x)).dataSync<'float32'>();
  const values = outputs(tf.ones(row.shape));
  const independent = row.independent_masks ?? values.length;
  compareMoments(comparer, values, { mean: row.exact_mean, std: row.exact_std }, independent);
  if (row.values) {
    const [dropped, kept] = row.values as [number, number];
    const nearest = (value: number): number => (value < (dropped + kept) / 2 ? dropped : kept);
    values.forEach((value) => comparer.compare('value', value, nearest(value), 1e-6 * Math.abs(kept)));
    const share = values.filter((value) => nearest(value) === dropped).length / values.length;
    compareShare(comparer, 'share of dropped values', share, strengthOf(row), independent);
  }
  if (row.independent_masks !== undefined) checkShared(comparer, values, row.shape);
  if (row.output_for_unit_normal_input) {
    compareMoments(comparer, outputs(tf.randomNormal(row.shape, 0, 1, 'float32', 1)), { mean: 0, std: 1 });
  }
}

/** One mask for all time steps of a channel. */
function checkShared(comparer: Comparer, values: Float32Array, shape: readonly number[]): void {
  const [, steps, channels] = shape as [number, number, number];
  values.forEach((value, i) => {
    const first = i - (Math.floor(i / channels) % steps) * channels;
    comparer.compare('value of a later time step', value, values[first]!, 0);
  });
}

/** As between the layers of a definition; undefined for what none can ask for. */
function ownNoise(row: Row): ((x: tf.Tensor, ops: Ops) => tf.Tensor) | undefined {
  const strength = strengthOf(row);
  const [rows, units] = row.shape as [number, number];
  switch (row.layer) {
    case 'Dropout':
      return (x, ops) => {
        const place = { name: 'layers.0', units };
        const dropout = dropoutMasks(drawOf(place.name, strength, ops), [place], rows).get(place.name);
        return tf.mul(tf.expandDims(x, 0), tf.mul(dropout!.mask, dropout!.scale));
      };
    case 'GaussianNoise':
      return (x, ops) => addNoise(drawOf('layers.0', strength, ops), 'layers.0', 'noise_after', tf.expandDims(x, 0));
    default:
      return undefined;
  }
}

function moduleNoise({ layer, args }: Row, x: tf.Tensor, ops: Ops): tf.Tensor {
  const { layers } = layersApi;
  const strength = 'rate' in args ? { rate: args.rate, stddev: 0 } : { rate: 0, stddev: args.stddev };
  const made = {
    Dropout: () => layers.dropout(strength),
    GaussianNoise: () => layers.gaussianNoise(strength),
    GaussianDropout: () => layers.gaussianDropout(strength),
    AlphaDropout: () => layers.alphaDropout(strength),
    SpatialDropout1D: () => layers.spatialDropout1d(strength),
  }[layer]() as unknown as LayerInside;
  const stage: Stage = { pass: undefined, cells: [] };
  exchangeLayer('golden', made, 0, stage);
  const rows = {
    x,
    y: x,
    share: tf.fill([1, x.shape[0]!, 1], 1 / x.shape[0]!),
    present: tf.ones([1, 1, x.shape[0]!]),
    count: tf.fill([1, 1, 1], x.shape[0]!),
  };
  const draw = drawOf(MODULE_PLACE, 0, ops);
  const pass = { values: new Map(), rows, draw, written: new Map(), drawn: new Map<number, number>() };
  return during(stage, pass, () => made.call(x, { training: true })) as tf.Tensor;
}

/** Of one slot. */
function drawOf(place: string, strength: number, ops: Ops): Draw {
  return {
    ops,
    t: tf.tensor1d([3], 'int32'),
    hyper: {
      'dropout.stream': tf.tensor1d([7], 'int32'),
      [`${place}.stream`]: tf.tensor1d([20_26], 'int32'),
      [`${place}.dropout.threshold`]: tf.tensor3d([Math.round(strength * 0x10000)], [1, 1, 1], 'int32'),
      [`${place}.dropout.scale`]: tf.fill([1, 1, 1], 1 / (1 - strength)),
      [`${place}.noise_after`]: tf.fill([1, 1, 1], strength),
    },
  };
}
