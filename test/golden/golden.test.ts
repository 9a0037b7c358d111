/** Recorded Keras trajectories must come out of our training functions, on every backend. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { loadBackend, type Backend } from '../../workers/backend/backend.ts';
import type { BackendName } from '../../workers/protocol.ts';
import { readCase, type GoldenCase } from './case.ts';
import { replay } from './replay.ts';

const FOLDER = join(import.meta.dirname, '../reference/keras');

const cases = readdirSync(FOLDER)
  .filter((file) => file.endsWith('.json'))
  .sort()
  .map((file) => readCase(JSON.parse(readFileSync(join(FOLDER, file), 'utf8'))));
const supported = cases.filter((one): one is GoldenCase => !('skipped' in one));

describe.each(['native', 'wasm', 'cpu'] satisfies BackendName[])('on %s', (name) => {
  let backend: Backend;
  beforeAll(async () => {
    backend = await loadBackend(name);
  });

  test.each(supported.map((golden) => [golden.name, golden] as const))('%s is what Keras computed', (_name, golden) => {
    const { first, wrong, values } = replay(golden, backend.ops);
    expect(first).toBeUndefined();
    expect(wrong).toBe(0);
    expect(values).toBeGreaterThan(golden.steps);
  });
});

test('every kind of layer, loss, optimizer, penalty and clipping that a definition offers has a case that passes', () => {
  const required = [
    ...['relu', 'tanh', 'sigmoid', 'linear', 'softmax-out'].map((name) => `act-${name}`),
    ...['relu', 'tanh'].map((name) => `deep-${name}`),
    ...['l1', 'l2', 'l1-l2'].map((name) => `reg-kernel-${name}`),
    ...['value', 'norm', 'norm-momentum', 'global-norm'].map((name) => `clip-${name}`),
    ...['mse', 'binary-crossentropy', 'categorical-crossentropy'].map((name) => `loss-${name}`),
    ...['sgd', 'sgd-momentum', 'adam'].map((name) => `opt-${name}`),
  ];
  const passed = new Set(supported.map(({ name }) => name));
  expect(required.filter((name) => !passed.has(name))).toEqual([]);
});

test('what is skipped is known, with its reason', () => {
  const skipped = cases.flatMap((one) => ('skipped' in one ? [`${one.name}: ${one.skipped}`] : []));
  expect(skipped).toMatchInlineSnapshot(`
    [
      "act-elu: activation elu: not yet",
      "act-leaky-relu: activation leaky_relu: not yet",
      "act-selu: activation selu: not yet",
      "bn-momentum-90: layer type batch_normalization: not yet",
      "bn-momentum-99: layer type batch_normalization: not yet",
      "con-max-norm: constraints: not yet",
      "con-min-max-norm-rate: constraints: not yet",
      "con-min-max-norm: constraints: not yet",
      "con-non-neg: constraints: not yet",
      "con-unit-norm: constraints: not yet",
      "initializers: a table, no trajectory",
      "ln-default: layer type layer_normalization: not yet",
      "loss-hinge: loss hinge: not yet",
      "loss-huber: loss huber: not yet",
      "loss-kl-divergence: loss kl_divergence: not yet",
      "loss-mae: loss mae: not yet",
      "loss-msle: loss msle: not yet",
      "loss-poisson: loss poisson: not yet",
      "loss-sparse-categorical-crossentropy: loss sparse_categorical_crossentropy: not yet",
      "loss-squared-hinge: loss squared_hinge: not yet",
      "noise-layers: a table, no trajectory",
      "opt-adagrad: optimizer adagrad: not yet",
      "opt-adam-amsgrad: amsgrad: not yet",
      "opt-adamax: optimizer adamax: not yet",
      "opt-adamw: optimizer adamw: not yet",
      "opt-nadam: optimizer nadam: not yet",
      "opt-rmsprop-momentum-centered: optimizer rmsprop: not yet",
      "opt-rmsprop: optimizer rmsprop: not yet",
      "opt-sgd-weight-decay: decoupled weight decay: not yet",
      "quirk-binary-crossentropy-on-softmax: a Keras peculiarity that a definition refuses",
      "reg-activity-l1: activity penalties: not yet",
      "reg-activity-l2: activity penalties: not yet",
      "reg-bias-l2: bias penalties: not yet",
      "schedules: a table, no trajectory",
    ]
  `);
});
