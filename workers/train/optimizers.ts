/** Optimizers: elementwise updates of one variable, and what a slot keeps for them. Semantics: Keras. */

import * as tf from '@tensorflow/tfjs-core';
import type { OptimizerProgram } from './program.ts';
import { named, padded, type Tensor, type Tensors } from './tensors.ts';

export interface Optimizer {
  /** Moving quantities kept per variable and of its shape, such as `m` and `v`. */
  readonly slots: readonly OptimizerSlot[];
  /** Numbers kept per trial, [K, 1, 1]; in the state they are named `optimizer.<name>`. */
  readonly scalars: readonly { readonly name: string; readonly initial: number }[];
  /** Everything of one step that its variables share. */
  begin(step: OptimizerStep): StartedStep;
}

export interface OptimizerSlot {
  readonly name: string;
  /** A number, or the hyperparameter that holds it. */
  readonly initial: number | { readonly hyper: string };
}

export interface OptimizerStep {
  /** Updates made after this one (1 for the first), float32 [K, 1, 1]. */
  readonly t: Tensor;
  /** Learning rate, [K, 1, 1]. */
  readonly rate: Tensor;
  readonly state: Tensors;
  /** The optimizer's arguments and what `optimizerNumbers` makes of them. */
  readonly hyper: Tensors;
}

export interface StartedStep {
  /** New values by their names in the state. */
  readonly scalars: Tensors;
  readonly update: Update;
}

/** Of any shape, as long as it broadcasts with [K, 1, 1]. */
type Update = (variable: Tensor, gradient: Tensor, slots: readonly Tensor[]) => Updated;

export interface Updated {
  readonly variable: Tensor;
  readonly slots: readonly Tensor[];
}

export function optimizerOf(program: OptimizerProgram): Optimizer {
  const plain = plainOptimizer(program);
  return program.weight_decay ? withWeightDecay(plain) : plain;
}

function plainOptimizer(program: OptimizerProgram): Optimizer {
  switch (program.name) {
    case 'sgd':
      return sgd(program.momentum, program.nesterov);
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
      const share = tf.mul(step.rate, named(step.hyper, 'optimizer.weight_decay'));
      return {
        scalars,
        // Not w * (1 - lr * wd): float32 keeps few digits of such a factor.
        update: (variable, gradient, slots) => update(tf.sub(variable, tf.mul(variable, share)), gradient, slots),
      };
    },
  };
}

/** m = momentum * m - lr * g; w += m, or w += momentum * m - lr * g with Nesterov. */
function sgd(hasMomentum: boolean, nesterov: boolean): Optimizer {
  return {
    slots: hasMomentum ? slots('momentum') : [],
    scalars: [],
    begin: ({ rate, hyper }) => ({
      scalars: {},
      update: (variable, gradient, [velocity]) => {
        const scaled = tf.mul(rate, gradient);
        if (!velocity) return { variable: tf.sub(variable, scaled), slots: [] };
        const momentum = named(hyper, 'optimizer.momentum');
        const moved = tf.sub(tf.mul(momentum, velocity), scaled);
        const step = nesterov ? tf.sub(tf.mul(momentum, moved), scaled) : moved;
        return { variable: tf.add(variable, step), slots: [moved] };
      },
    }),
  };
}

/*
 * The moving averages below leave out their factor 1 - beta: m here is Keras' m / (1 - beta_1), v its v / (1 - beta_2).
 * The factors stand in one step size and one epsilon per trial instead: `optimizerNumbers`. Two ops less per variable.
 */

/** w -= lr * sqrt(1 - b2^t) / (1 - b1^t) * m / (sqrt(v) + eps): epsilon is not bias-corrected. */
function adam(amsgrad: boolean): Optimizer {
  return {
    slots: amsgrad ? slots('m', 'v', 'largest_v') : slots('m', 'v'),
    scalars: [],
    begin: ({ t, rate, hyper }) => {
      const [left1, left2] = oneMinusPowers(t, hyper, 'beta_1', 'beta_2');
      const size = tf.mul(rate, tf.div(tf.mul(number(hyper, 'step_scale'), tf.sqrt(left2!)), left1!));
      return {
        scalars: {},
        update: (variable, gradient, [m, v, largest]) => {
          const mean = moved(m!, gradient, number(hyper, 'beta_1'));
          const square = moved(v!, tf.mul(gradient, gradient), number(hyper, 'beta_2'));
          const kept = largest ? [mean, square, tf.maximum(largest, square)] : [mean, square];
          const root = tf.add(tf.sqrt(kept.at(-1)!), number(hyper, 'scaled_epsilon'));
          return { variable: tf.sub(variable, tf.div(tf.mul(size, mean), root)), slots: kept };
        },
      };
    },
  };
}

/** w -= lr / (1 - b1^t) * m / (u + eps), u = max(b2 * u, |g|). */
const adamax: Optimizer = {
  slots: slots('m', 'u'),
  scalars: [],
  begin: ({ t, rate, hyper }) => {
    const [left] = oneMinusPowers(t, hyper, 'beta_1');
    const size = tf.mul(rate, tf.div(number(hyper, 'step_scale'), left!));
    return {
      scalars: {},
      update: (variable, gradient, [m, u]) => {
        const mean = moved(m!, gradient, number(hyper, 'beta_1'));
        const largest = tf.maximum(tf.mul(u!, number(hyper, 'beta_2')), tf.abs(gradient));
        const step = tf.div(tf.mul(size, mean), tf.add(largest, number(hyper, 'epsilon')));
        return { variable: tf.sub(variable, step), slots: [mean, largest] };
      },
    };
  },
};

/**
 * w -= lr * (u' m / (1 - U u') + (1 - u) g / (1 - U)) / (sqrt(v / (1 - b2^t)) + eps), with u = b1 (1 - .96^t / 2),
 * u' the next one, U the product of all u so far. (A compiled `fit` of Keras 2.15 multiplies U too often.)
 */
const nadam: Optimizer = {
  slots: slots('m', 'v'),
  scalars: [{ name: 'momentum_product', initial: 1 }],
  begin: ({ t, rate, state, hyper }) => {
    const one = named(hyper, 'one');
    const beta1 = number(hyper, 'beta_1');
    const [leftDecay, left2] = oneMinusPowers(t, hyper, 'momentum_decay', 'beta_2');
    const decay = tf.mul(tf.sub(one, leftDecay!), named(hyper, 'half'));
    const momentum = tf.mul(beta1, tf.sub(one, decay));
    const nextMomentum = tf.mul(beta1, tf.sub(one, tf.mul(decay, number(hyper, 'momentum_decay'))));
    const product = tf.mul(named(state, 'optimizer.momentum_product'), momentum);
    // sqrt(v / (1 - b2^t)) is sqrt(v here) * spread: everything is divided by it.
    const spread = tf.sqrt(tf.div(number(hyper, 'one_minus_beta_2'), left2!));
    const size = tf.div(rate, tf.maximum(spread, named(hyper, 'zero')));
    const ofMean = tf.div(
      tf.mul(tf.mul(size, nextMomentum), number(hyper, 'one_minus_beta_1')),
      tf.sub(one, tf.mul(product, nextMomentum)),
    );
    const ofGradient = tf.div(tf.mul(size, tf.sub(one, momentum)), tf.sub(one, product));
    const epsilon = tf.div(number(hyper, 'epsilon'), tf.maximum(spread, named(hyper, 'zero')));
    return {
      scalars: { 'optimizer.momentum_product': product },
      update: (variable, gradient, [m, v]) => {
        const mean = moved(m!, gradient, beta1);
        const square = moved(v!, tf.mul(gradient, gradient), number(hyper, 'beta_2'));
        const ahead = tf.add(tf.mul(ofMean, mean), tf.mul(ofGradient, gradient));
        const step = tf.div(ahead, tf.add(tf.sqrt(square), epsilon));
        return { variable: tf.sub(variable, step), slots: [mean, square] };
      },
    };
  },
};

/** w -= lr * g / sqrt(v + eps), centred with v - a^2 for v; with momentum m = mu * m + that step, w -= m. */
function rmsprop(hasMomentum: boolean, centered: boolean): Optimizer {
  return {
    slots: slots('v', ...(centered ? ['a'] : []), ...(hasMomentum ? ['momentum'] : [])),
    scalars: [],
    begin: ({ rate, hyper }) => {
      const rho = number(hyper, 'rho');
      const size = tf.mul(rate, number(hyper, 'step_scale'));
      return {
        scalars: {},
        update: (variable, gradient, [v, ...rest]) => {
          const square = moved(v!, tf.mul(gradient, gradient), rho);
          const kept = [square];
          let variance = square;
          if (centered) {
            const mean = moved(rest.shift()!, gradient, rho);
            kept.push(mean);
            // A variance, which rounding must not make negative.
            variance = tf.relu(tf.sub(square, tf.mul(tf.mul(mean, mean), number(hyper, 'one_minus_rho'))));
          }
          let step = overRoot(tf.mul(size, gradient), tf.add(variance, number(hyper, 'scaled_epsilon')), hyper);
          if (hasMomentum) {
            step = moved(rest.shift()!, step, number(hyper, 'momentum'));
            kept.push(step);
          }
          return { variable: tf.sub(variable, step), slots: kept };
        },
      };
    },
  };
}

/** w -= lr * g / sqrt(acc + eps), acc = acc + g^2. */
const adagrad: Optimizer = {
  slots: [{ name: 'accumulator', initial: { hyper: 'optimizer.initial_accumulator_value' } }],
  scalars: [],
  begin: ({ rate, hyper }) => ({
    scalars: {},
    update: (variable, gradient, [accumulator]) => {
      const sum = tf.add(accumulator!, tf.mul(gradient, gradient));
      const step = overRoot(tf.mul(rate, gradient), tf.add(sum, number(hyper, 'epsilon')), hyper);
      return { variable: tf.sub(variable, step), slots: [sum] };
    },
  }),
};

function slots(...names: readonly string[]): readonly OptimizerSlot[] {
  return names.map((name) => ({ name, initial: 0 }));
}

function number(hyper: Tensors, name: string): Tensor {
  return named(hyper, `optimizer.${name}`);
}

/** beta * old + fresh. */
function moved(old: Tensor, fresh: Tensor, beta: Tensor): Tensor {
  return tf.add(tf.mul(old, beta), fresh);
}

/** a / sqrt(b). TensorFlow's optimiser must not see the two together: it would make a less exact Rsqrt of them. */
function overRoot(a: Tensor, b: Tensor, hyper: Tensors): Tensor {
  return tf.div(a, tf.maximum(tf.sqrt(b), named(hyper, 'zero')));
}

/** 1 - base^t of the numbers of these names, each [K, 1, 1], in one exponential for all. */
function oneMinusPowers(t: Tensor, hyper: Tensors, ...names: readonly string[]): readonly Tensor[] {
  const logs = names.map((name) => number(hyper, `log_${name}`));
  const exponents = tf.mul(t, logs.length === 1 ? logs[0]! : tf.concat(logs, 1));
  const powers = padded(exponents, (x) => tf.neg(tf.expm1(x)));
  return logs.length === 1 ? [powers] : tf.split(powers, logs.length, 1);
}

/** How the momentum of Nadam grows towards beta_1. Source: Dozat, "Incorporating Nesterov Momentum into Adam". */
const NADAM_DECAY = 0.96;

/**
 * What the updates need besides the optimizer's arguments, by name, in double precision: an exact 1 - beta or log beta
 * is not to be had from a beta in float32.
 * @param hyper a trial's hyperparameters
 */
export function optimizerNumbers(
  program: OptimizerProgram,
  hyper: Readonly<Record<string, number>>,
): Readonly<Record<string, number>> {
  const argument = (name: string): number => hyper[`optimizer.${name}`]!;
  const numbers: Record<string, number> = {};
  const put = (name: string, value: number): void => {
    numbers[`optimizer.${name}`] = value;
  };
  switch (program.name) {
    case 'adam': {
      const root = Math.sqrt(1 - argument('beta_2'));
      put('log_beta_1', Math.log(argument('beta_1')));
      put('log_beta_2', Math.log(argument('beta_2')));
      put('step_scale', (1 - argument('beta_1')) / root);
      put('scaled_epsilon', argument('epsilon') / root);
      break;
    }
    case 'adamax':
      put('log_beta_1', Math.log(argument('beta_1')));
      put('step_scale', 1 - argument('beta_1'));
      break;
    case 'nadam':
      put('log_beta_2', Math.log(argument('beta_2')));
      put('one_minus_beta_1', 1 - argument('beta_1'));
      put('one_minus_beta_2', 1 - argument('beta_2'));
      put('momentum_decay', NADAM_DECAY);
      put('log_momentum_decay', Math.log(NADAM_DECAY));
      break;
    case 'rmsprop':
      put('one_minus_rho', 1 - argument('rho'));
      put('step_scale', 1 / Math.sqrt(1 - argument('rho')));
      put('scaled_epsilon', argument('epsilon') / (1 - argument('rho')));
      break;
    case 'sgd':
    case 'adagrad':
      break;
  }
  return numbers;
}
