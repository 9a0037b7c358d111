/** Optimizers against the formulas of Keras in double precision, over steps with random gradients. */

import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { loadBackend } from '../../workers/backend/backend.ts';
import type { BackendName } from '../../workers/protocol.ts';
import { compile, loop } from '../../workers/compile/index.ts';
import { formatProgram } from '../../workers/compile/format.ts';
import { optimizerOf } from '../../workers/train/optimizers.ts';
import type { OptimizerProgram } from '../../workers/train/program.ts';
import type { Tensors } from '../../workers/train/tensors.ts';
import { buildProgram } from './builders.ts';
import { hyperTensors, perSlot, type Numbers } from './hyper-tensors.ts';
import { expectSameBits, normals } from './slots.ts';

/** What one number of a variable becomes, step by step. Source: test/reference/keras/README.md. */
type Formula = (gradients: readonly number[], argument: (name: string) => number) => number;

/** The arguments of Keras' `Adam`, with epsilons and betas at which they show early. */
const MOMENTS = { beta_1: 0.8, beta_2: 0.95, epsilon: 1e-3 };

interface Case {
  readonly name: string;
  readonly program: OptimizerProgram;
  readonly numbers: Numbers;
  readonly formula: Formula;
}

const START = 0.7;
const STEPS = 12;

/** w after the steps `w -= step(g, t)`. */
function descend(gradients: readonly number[], step: (gradient: number, t: number) => number): number {
  return gradients.reduce((w, gradient, index) => w - step(gradient, index + 1), START);
}

function momentum(nesterov: boolean): Formula {
  return (gradients, argument) => {
    let m = 0;
    return descend(gradients, (g) => {
      m = argument('momentum') * m - argument('learning_rate') * g;
      return nesterov ? -(argument('momentum') * m - argument('learning_rate') * g) : -m;
    });
  };
}

function adam(amsgrad: boolean): Formula {
  return (gradients, argument) => {
    const [b1, b2] = [argument('beta_1'), argument('beta_2')];
    let [m, v, largest] = [0, 0, 0];
    return descend(gradients, (g, t) => {
      m += (g - m) * (1 - b1);
      v += (g * g - v) * (1 - b2);
      largest = amsgrad ? Math.max(largest, v) : v;
      const alpha = (argument('learning_rate') * Math.sqrt(1 - b2 ** t)) / (1 - b1 ** t);
      return (alpha * m) / (Math.sqrt(largest) + argument('epsilon'));
    });
  };
}

const adamax: Formula = (gradients, argument) => {
  const b1 = argument('beta_1');
  let [m, u] = [0, 0];
  return descend(gradients, (g, t) => {
    m += (g - m) * (1 - b1);
    u = Math.max(argument('beta_2') * u, Math.abs(g));
    return (argument('learning_rate') * m) / ((1 - b1 ** t) * (u + argument('epsilon')));
  });
};

const nadam: Formula = (gradients, argument) => {
  const [b1, b2] = [argument('beta_1'), argument('beta_2')];
  let [m, v, product] = [0, 0, 1];
  return descend(gradients, (g, t) => {
    const momentumAt = (step: number): number => b1 * (1 - 0.5 * 0.96 ** step);
    product *= momentumAt(t);
    m += (g - m) * (1 - b1);
    v += (g * g - v) * (1 - b2);
    const mean =
      (momentumAt(t + 1) * m) / (1 - product * momentumAt(t + 1)) + ((1 - momentumAt(t)) * g) / (1 - product);
    return (argument('learning_rate') * mean) / (Math.sqrt(v / (1 - b2 ** t)) + argument('epsilon'));
  });
};

function rmsprop(hasMomentum: boolean, centered: boolean): Formula {
  return (gradients, argument) => {
    let [v, a, m] = [0, 0, 0];
    return descend(gradients, (g) => {
      v += (g * g - v) * (1 - argument('rho'));
      a += (g - a) * (1 - argument('rho'));
      const step = (argument('learning_rate') * g) / Math.sqrt((centered ? v - a * a : v) + argument('epsilon'));
      if (!hasMomentum) return step;
      m = argument('momentum') * m + step;
      return m;
    });
  };
}

const adagrad: Formula = (gradients, argument) => {
  let sum = argument('initial_accumulator_value');
  return descend(gradients, (g) => {
    sum += g * g;
    return (argument('learning_rate') * g) / Math.sqrt(sum + argument('epsilon'));
  });
};

const decay = { weight_decay: false } as const;
const rho = { rho: 0.8, epsilon: 1e-3 };
const CASES: readonly Case[] = [
  {
    name: 'sgd',
    program: { name: 'sgd', momentum: false, nesterov: false, ...decay },
    numbers: {},
    formula: (gradients, argument) => descend(gradients, (g) => argument('learning_rate') * g),
  },
  ...[false, true].map((nesterov): Case => ({
    name: nesterov ? 'sgd with Nesterov momentum' : 'sgd with momentum',
    program: { name: 'sgd', momentum: true, nesterov, ...decay },
    numbers: { momentum: 0.7 },
    formula: momentum(nesterov),
  })),
  ...[false, true].map((amsgrad): Case => ({
    name: amsgrad ? 'adam with amsgrad' : 'adam',
    program: { name: 'adam', amsgrad, ...decay },
    numbers: MOMENTS,
    formula: adam(amsgrad),
  })),
  {
    name: 'adam without memory',
    program: { name: 'adam', amsgrad: false, ...decay },
    numbers: { beta_1: 0, beta_2: 0, epsilon: 0.1 },
    formula: adam(false),
  },
  { name: 'adamax', program: { name: 'adamax', ...decay }, numbers: MOMENTS, formula: adamax },
  { name: 'nadam', program: { name: 'nadam', ...decay }, numbers: MOMENTS, formula: nadam },
  ...[
    [false, false],
    [true, false],
    [false, true],
    [true, true],
  ].map(([hasMomentum, centered]): Case => ({
    name: `rmsprop${hasMomentum ? ' with momentum' : ''}${centered ? ', centred' : ''}`,
    program: { name: 'rmsprop', momentum: hasMomentum!, centered: centered!, ...decay },
    numbers: hasMomentum ? { ...rho, momentum: 0.6 } : rho,
    formula: rmsprop(hasMomentum!, centered!),
  })),
  {
    name: 'adagrad',
    program: { name: 'adagrad', ...decay },
    numbers: { initial_accumulator_value: 0.2, epsilon: 1e-3 },
    formula: adagrad,
  },
];

const rateOf = (slot: number): number => 0.02 * (1 + (slot % 5));

/** The arguments by the names of hyperparameters. */
function slotNumbers(numbers: Numbers, slot: number): Numbers {
  const all = { ...numbers, learning_rate: rateOf(slot), weight_decay: 0.3 };
  return Object.fromEntries(Object.entries(all).map(([name, value]) => [`optimizer.${name}`, value]));
}

/**
 * A variable [K, ...shape] after all steps.
 * @param gradients of one step, [K, ...shape]
 * @param spread whether the slots differ in how many updates they made before
 */
function train(
  program: OptimizerProgram,
  numbers: Numbers,
  slots: readonly number[],
  shape: readonly number[],
  gradients: (step: number) => tf.Tensor,
  spread = false,
): tf.Tensor {
  const optimizer = optimizerOf(program);
  const own = slots.map((slot) => slotNumbers(numbers, slot));
  const hyper = hyperTensors(buildProgram({ optimizer: program }), own);
  const full = [slots.length, ...shape];
  let variable: tf.Tensor = tf.fill(full, START);
  let kept: readonly tf.Tensor[] = optimizer.slots.map(({ initial }) =>
    typeof initial === 'number' ? tf.fill(full, initial) : tf.fill(full, own[0]![initial.hyper]!),
  );
  let state: Tensors = Object.fromEntries(
    optimizer.scalars.map(({ name, initial }) => [`optimizer.${name}`, tf.fill([slots.length, 1, 1], initial)]),
  );
  for (let step = 1; step <= STEPS; step += 1) {
    const t = perSlot(slots.map((slot) => step + (spread ? 7 * slot : 0)));
    const prepared = optimizer.prepare({ t, rate: hyper['optimizer.learning_rate']!, hyper });
    const begun = optimizer.begin({ numbers: prepared, state, hyper });
    const updated = begun.update(variable, gradients(step), kept);
    state = { ...state, ...begun.scalars };
    variable = updated.variable;
    kept = updated.slots;
  }
  return variable;
}

/** Large at first, so that a maximum over the past shows, and smaller later. */
function gradientsOf(slots: readonly number[], shape: readonly number[]): (step: number) => tf.Tensor {
  return (step) => normals(slots, `gradient ${step}`, shape, step < 4 ? 1.5 : 0.4);
}

describe.each(['native', 'wasm', 'cpu'] satisfies BackendName[])('on %s', (backendName) => {
  beforeAll(async () => {
    await loadBackend(backendName);
  });

  describe.each(CASES)('$name', ({ program, numbers, formula }) => {
    const argument = (slot: number) => (name: string) => slotNumbers(numbers, slot)[`optimizer.${name}`]!;

    test.each([
      ['stacked', [0, 1, 2], [2, 3]],
      // What a user's module may have: the kernel of a convolution.
      ['of a single slot', [1], [2, 2, 3, 2]],
    ] as const)('is what its formula says, %s', (_layout, slots, shape) => {
      tf.tidy(() => {
        const gradients = gradientsOf(slots, shape);
        const found = train(program, numbers, slots, shape, gradients).dataSync();
        const steps = Array.from({ length: STEPS }, (_, index) => gradients(index + 1).dataSync());
        const size = found.length / slots.length;
        found.forEach((value, i) => {
          const own = steps.map((step) => step[i]!);
          expect(value).toBeCloseTo(formula(own, argument(slots[Math.floor(i / size)]!)), 5);
        });
      });
    });

    test('decays weights before the update and apart from it', () => {
      tf.tidy(() => {
        const shape = [1, 4];
        const gradients = gradientsOf([2, 3], shape);
        const share = [2, 3].map((slot) => rateOf(slot) * 0.3);
        const decayed = train({ ...program, weight_decay: true }, numbers, [2, 3], shape, gradients).dataSync();
        const plain = train(program, numbers, [2, 3], shape, gradients).dataSync();
        const steps = Array.from({ length: STEPS }, (_, index) => gradients(index + 1).dataSync());
        decayed.forEach((value, i) => {
          const factor = 1 - share[i < 4 ? 0 : 1]!;
          // Every step takes its share of what is there, and then moves by what depends on gradients alone.
          const partial = (count: number): number =>
            formula(
              steps.slice(0, count).map((step) => step[i]!),
              argument(i < 4 ? 2 : 3),
            );
          let w = START;
          for (let step = 1; step <= STEPS; step += 1) w = w * factor + partial(step) - partial(step - 1);
          expect(value).toBeCloseTo(w, 5);
          expect(value).not.toBeCloseTo(plain[i]!, 3);
        });
      });
    });

    test('has the same bits in every slot, whenever it began', () => {
      expectSameBits((slots) =>
        train({ ...program, weight_decay: true }, numbers, slots, [3, 1], gradientsOf(slots, [3, 1]), true),
      );
    });
  });
});

test('a centred RMSprop survives gradients that do not vary', async () => {
  await loadBackend('native');
  tf.tidy(() => {
    const program = { name: 'rmsprop', momentum: false, centered: true, weight_decay: false } as const;
    const numbers = { rho: 0.05, epsilon: 1e-7 };
    const gradients = tf.reshape(tf.linspace(1000, 1100, 100), [2, 1, 50]);
    const values = train(program, numbers, [0, 1], [1, 50], () => gradients).dataSync();
    expect(values.every(Number.isFinite)).toBe(true);
  });
});

/** Several steps of an optimizer as one function, in which the gradient changes with the variable; and its first inputs. */
function descent(
  program: OptimizerProgram,
  numbers: Tensors,
  slots: readonly number[],
): { readonly run: (inputs: Tensors) => Tensors; readonly initial: Tensors } {
  const optimizer = optimizerOf(program);
  const shape = [slots.length, 3, 4];
  const kept = optimizer.slots.map(({ name }) => name);
  const initial = {
    ...numbers,
    gradient: normals(slots, 'gradient', shape.slice(1)),
    variable: tf.fill(shape, START),
    t: perSlot(slots.map((slot) => 5 * slot)),
    ...Object.fromEntries(kept.map((name) => [name, tf.zeros(shape)])),
  };
  const run = (inputs: Tensors): Tensors => {
    const names = ['variable', 't', ...kept];
    return loop(STEPS, Object.fromEntries(names.map((name) => [name, inputs[name]!])), (_index, state) => {
      const t = tf.add(state['t']!, inputs['one']!);
      const prepared = optimizer.prepare({ t, rate: inputs['optimizer.learning_rate']!, hyper: inputs });
      const { update } = optimizer.begin({ numbers: prepared, state, hyper: inputs });
      const gradient = tf.mul(inputs['gradient']!, state['variable']!);
      const updated = update(
        state['variable']!,
        gradient,
        kept.map((name) => state[name]!),
      );
      const next = Object.fromEntries(kept.map((name, index) => [name, updated.slots[index]!]));
      return { ...next, variable: updated.variable, t };
    });
  };
  return { run, initial };
}

/** Compiled with variables that may be overwritten: what comes out of it, and the program. */
function runInPlace({ run, initial }: ReturnType<typeof descent>): { readonly variable: tf.Tensor; text: string } {
  const compiled = compile(run, initial, { inPlace: true });
  const { variable } = compiled.run(initial);
  compiled.dispose();
  return { variable: variable!, text: formatProgram(compiled.program) };
}

const ADAM = { name: 'adam', amsgrad: false, weight_decay: false } as const;

test('compiled for a single slot, momentum overwrites the variable, to the same end', async () => {
  await loadBackend('native');
  const program = { name: 'sgd', momentum: true, nesterov: true, weight_decay: false } as const;
  const numbers = hyperTensors(buildProgram({ optimizer: program }), [slotNumbers({ momentum: 0.7 }, 0)]);
  const made = descent(program, numbers, [0]);
  const { variable, text } = runInPlace(made);
  const eager = made.run(made.initial)['variable']!.dataSync();
  variable.dataSync().forEach((value, i) => expect(value).toBeCloseTo(eager[i]!, 5));
  expect(text).toContain('ResourceApplyKerasMomentum(');
});

test.each([
  ['a single slot', [0]],
  ['a stack', [0, 1, 2]],
] as const)(
  'compiled for %s that has its betas in common, Adam overwrites its averages, to the same bits',
  async (_, slots) => {
    await loadBackend('native');
    const program = buildProgram({ optimizer: ADAM });
    const own = hyperTensors(
      program,
      slots.map((slot) => slotNumbers(MOMENTS, slot)),
    );
    const common = Object.fromEntries(
      Object.entries(MOMENTS).map(([name, value]) => [`optimizer.${name}`, perSlot([value])]),
    );
    const made = descent(ADAM, { ...own, ...common }, slots);
    const { variable, text } = runInPlace(made);
    expect(text).toContain('ResourceApplyAdam(');
    const bits = (tensor: tf.Tensor): string => new Uint32Array(tensor.dataSync<'float32'>().slice().buffer).join();
    expect(bits(made.run(made.initial)['variable']!)).toEqual(bits(variable));

    const apart = descent(ADAM, own, slots);
    expect(bits(apart.run(apart.initial)['variable']!)).toEqual(bits(variable));
  },
);
