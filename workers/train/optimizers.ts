/** The optimizer of a program: elementwise updates of one variable, with weight decay. Semantics: Keras. */

import * as tf from '@tensorflow/tfjs-core';
import { adam, adamax, nadam } from './optimizers/adam.ts';
import { number, type Optimizer } from './optimizers/optimizer.ts';
import { adagrad, rmsprop } from './optimizers/scaled.ts';
import { momentumSgd, sgd } from './optimizers/sgd.ts';
import type { OptimizerProgram } from './program.ts';
import { named } from './tensors.ts';

export type { Optimizer } from './optimizers/optimizer.ts';

export function optimizerOf(program: OptimizerProgram): Optimizer {
  const optimizer = plainOptimizer(program);
  return program.weight_decay ? withWeightDecay(optimizer) : optimizer;
}

function plainOptimizer(program: OptimizerProgram): Optimizer {
  switch (program.name) {
    case 'sgd':
      return program.momentum ? momentumSgd(program.nesterov) : sgd;
    case 'adam':
      return adam(program.amsgrad);
    case 'adamax':
      return adamax;
    case 'nadam':
      return nadam;
    case 'rmsprop':
      return rmsprop(program.momentum, program.centered);
    case 'adagrad':
      return adagrad;
  }
}

/** Decoupled: w -= lr * wd * w before the update, of every variable, and never clipped. */
function withWeightDecay(optimizer: Optimizer): Optimizer {
  return {
    ...optimizer,
    begin(step) {
      const { scalars, update } = optimizer.begin(step);
      const share = tf.mul(named(step.numbers, 'rate'), number(step.hyper, 'weight_decay'));
      return {
        scalars,
        // Not w * (1 - lr * wd): float32 keeps few digits of such a factor.
        update: (variable, gradient, slots) => update(tf.sub(variable, tf.mul(variable, share)), gradient, slots),
      };
    },
  };
}

/** `Optimizer.numbers` of a trial's hyperparameters, by their whole names. */
export function optimizerNumbers(
  program: OptimizerProgram,
  hyper: Readonly<Record<string, number>>,
): Readonly<Record<string, number>> {
  const numbers = optimizerOf(program).numbers((argument) => hyper[`optimizer.${argument}`]!);
  return Object.fromEntries(Object.entries(numbers).map(([name, value]) => [`optimizer.${name}`, value]));
}
