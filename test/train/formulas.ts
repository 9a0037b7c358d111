/** Activations and losses as their documentation writes them, in double precision. */

import type { ActivationName, LossName } from '../../src/definition/resolved.ts';

export type Row = readonly number[];

/** Of one row. Source: the documentation of Keras. */
export const ACTIVATION_FORMULAS: Readonly<Record<ActivationName, (z: Row, alpha: number) => Row>> = {
  linear: (z) => z,
  relu: (z) => z.map((x) => Math.max(x, 0)),
  tanh: (z) => z.map(Math.tanh),
  sigmoid: (z) => z.map((x) => 1 / (1 + Math.exp(-x))),
  softmax: (z) => {
    const sum = z.reduce((total, x) => total + Math.exp(x), 0);
    return z.map((x) => Math.exp(x) / sum);
  },
  elu: (z, alpha) => z.map((x) => (x > 0 ? x : alpha * Math.expm1(x))),
  selu: (z) => z.map((x) => 1.0507009873554805 * (x > 0 ? x : 1.6732632423543772 * Math.expm1(x))),
  leaky_relu: (z, alpha) => z.map((x) => (x > 0 ? x : alpha * x)),
  softplus: (z) => z.map((x) => Math.log1p(Math.exp(x))),
  softsign: (z) => z.map((x) => x / (1 + Math.abs(x))),
};
const E = 1e-7;
const mean = (values: Row): number => values.reduce((sum, value) => sum + value, 0) / values.length;
const sum = (values: Row): number => mean(values) * values.length;
const clip = (x: number, low: number, high: number): number => Math.min(Math.max(x, low), high);

/** Of one row. Source: test/reference/keras/README.md. */
export const LOSS_FORMULAS: Readonly<Record<LossName, (p: Row, y: Row, delta: number) => number>> = {
  mse: (p, y) => mean(p.map((value, i) => (value - y[i]!) ** 2)),
  mae: (p, y) => mean(p.map((value, i) => Math.abs(value - y[i]!))),
  msle: (p, y) => mean(p.map((value, i) => (grown(value) - grown(y[i]!)) ** 2)),
  huber: (p, y, delta) =>
    mean(
      p.map((value, i) => {
        const error = Math.abs(value - y[i]!);
        return error <= delta ? error ** 2 / 2 : delta * error - delta ** 2 / 2;
      }),
    ),
  poisson: (p, y) => mean(p.map((value, i) => value - y[i]! * Math.log(value + E))),
  binary_crossentropy: (p, y) =>
    mean(
      p.map((value, i) => {
        const q = clip(value, E, 1 - E);
        return -(y[i]! * Math.log(q + E) + (1 - y[i]!) * Math.log(1 - q + E));
      }),
    ),
  categorical_crossentropy: (p, y) => sum(p.map((value, i) => -y[i]! * Math.log(value))),
  sparse_categorical_crossentropy: (p, y) => sum(p.map((value, i) => -y[i]! * Math.log(value))),
  kl_divergence: (p, y) =>
    sum(p.map((value, i) => clip(y[i]!, E, 1) * Math.log(clip(y[i]!, E, 1) / clip(value, E, 1)))),
  hinge: (p, y) => mean(p.map((value, i) => Math.max(1 - y[i]! * value, 0))),
  squared_hinge: (p, y) => mean(p.map((value, i) => Math.max(1 - y[i]! * value, 0) ** 2)),
};
const grown = (value: number): number => Math.log(1 + Math.max(value, E));
