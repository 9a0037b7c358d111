/** Stochastic gradient descent, with and without momentum. */

import * as tf from '@tensorflow/tfjs-core';
import { inPlace } from '../../compile/index.ts';
import { named, type Tensor } from '../tensors.ts';
import { asUpdated, isSingle, noNumbers, number, rateAlone, scalar, zeroSlots, type Optimizer } from './optimizer.ts';

/** w -= lr * g */
export const sgd: Optimizer = {
  slots: [],
  scalars: [],
  numbers: noNumbers,
  prepare: rateAlone,
  begin: ({ numbers }) => ({
    scalars: {},
    update: (variable, gradient) => ({
      variable: tf.sub(variable, tf.mul(named(numbers, 'rate'), gradient)),
      slots: [],
    }),
  }),
};

/** m = momentum * m - lr * g; w += m, or w += momentum * m - lr * g with Nesterov. */
export function momentumSgd(nesterov: boolean): Optimizer {
  const op = { name: 'ResourceApplyKerasMomentum', attributes: { use_nesterov: nesterov } };
  const apply = (targets: readonly Tensor[], args: readonly Tensor[]): readonly Tensor[] => {
    const [variable, velocity] = targets as [Tensor, Tensor];
    const [rate, gradient, momentum] = args as [Tensor, Tensor, Tensor];
    const scaled = tf.mul(rate, gradient);
    const moved = tf.sub(tf.mul(momentum, velocity), scaled);
    const step = nesterov ? tf.sub(tf.mul(momentum, moved), scaled) : moved;
    return [tf.add(variable, step), moved];
  };
  return {
    slots: zeroSlots('momentum'),
    scalars: [],
    numbers: noNumbers,
    prepare: rateAlone,
    begin: ({ numbers, hyper }) => ({
      scalars: {},
      update(variable, gradient, [velocity]) {
        const targets = [variable, velocity!];
        const rate = named(numbers, 'rate');
        const momentum = number(hyper, 'momentum');
        if (!isSingle(variable)) return asUpdated(apply(targets, [rate, gradient, momentum]));
        return asUpdated(inPlace(op, targets, [scalar(rate), gradient, scalar(momentum)], apply));
      },
    }),
  };
}
