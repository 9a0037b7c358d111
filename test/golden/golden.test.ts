/** What Keras recorded must come out of our training functions, on every backend, in every layout, eagerly and compiled. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { loadBackend, type Backend } from '../../workers/backend/backend.ts';
import type { BackendName } from '../../workers/protocol.ts';
import { layoutsOf, type Layout } from '../../workers/train/layout.ts';
import { isWeighted } from '../../workers/train/program.ts';
import type { GoldenCase } from './case.ts';
import { Comparer } from './comparer.ts';
import { readGolden } from './read.ts';
import { compareWithKeras, differingBits, replay, type Results } from './replay.ts';

const FOLDER = join(import.meta.dirname, '../reference/keras');

const all = readdirSync(FOLDER)
  .filter((file) => file.endsWith('.json'))
  .sort()
  .map((file) => readGolden(JSON.parse(readFileSync(join(FOLDER, file), 'utf8'))));
const cases = all.filter((one): one is GoldenCase => 'program' in one);
const rows = all.flatMap((one) => ('rows' in one ? one.rows : []));
const checks = rows.flatMap((row) => ('check' in row ? [row] : []));

/** In every layout, or in the program's first alone. */
function replaysOf(layouts: 'all' | 'first'): readonly { name: string; layout: Layout; golden: GoldenCase }[] {
  return cases.flatMap((golden) => {
    const possible = layoutsOf(golden.program);
    const wanted = layouts === 'all' ? possible : possible.slice(0, 1);
    return wanted.map((layout) => ({ name: golden.name, layout, golden }));
  });
}

test.each(replaysOf('all'))('$name, $layout, is what Keras computed, eagerly and compiled', async (one) => {
  const { golden, layout } = one;
  const { ops } = await loadBackend('native');
  const eager = replay(golden, ops, layout, 'eager');
  expectKeras(golden, eager);
  const compiled = replay(golden, ops, layout, 'compiled');
  expectKeras(golden, compiled);
  if (layout !== 'single') expect(differingBits(eager, compiled)).toEqual([]);
});

describe.each(['wasm', 'cpu'] satisfies BackendName[])('on %s', (backendName) => {
  let backend: Backend;
  beforeAll(async () => {
    backend = await loadBackend(backendName);
  });

  test.each(replaysOf('first'))('$name is what Keras computed', ({ golden, layout }) => {
    expectKeras(golden, replay(golden, backend.ops, layout, 'eager'));
  });
});

function expectKeras(golden: GoldenCase, results: Results): void {
  const { first, values } = compareWithKeras(golden, results);
  expect(first).toBeUndefined();
  expect(values).toBeGreaterThan(2 * golden.steps);
}

test.each(checks)('$name is what Keras has', async (row) => {
  const { ops } = await loadBackend('native');
  const comparer = new Comparer();
  row.check(comparer, ops);
  expect(comparer.result().first).toBeUndefined();
  expect(comparer.result().values).toBeGreaterThan(1);
});

test('every loss, optimizer, constraint and normalization that a definition offers has a case, but for convolutions', () => {
  const layers = cases.flatMap(({ program }) => program.layers);
  const found = {
    losses: cases.map(({ program }) => program.loss),
    optimizers: cases.map(({ program }) => program.optimizer.name),
    constraints: layers.flatMap((layer) => (isWeighted(layer) ? [layer.constraint] : [])),
    normalizations: layers.map(({ normalization }) => normalization),
    activations: layers.map(({ activation }) => activation),
  };
  expect(Object.fromEntries(Object.entries(found).map(([kind, names]) => [kind, distinct(names)])))
    .toMatchInlineSnapshot(`
    {
      "activations": "elu leaky_relu linear relu selu sigmoid softmax tanh",
      "constraints": "max_norm min_max_norm non_neg none unit_norm",
      "losses": "binary_crossentropy categorical_crossentropy hinge huber kl_divergence mae mse msle poisson sparse_categorical_crossentropy squared_hinge",
      "normalizations": "batch_normalization layer_normalization none",
      "optimizers": "adagrad adam adamax nadam rmsprop sgd",
    }
  `);
});

function distinct(names: readonly (string | null)[]): string {
  return [...new Set(names.map((name) => name ?? 'none'))].sort().join(' ');
}

test('what is refused is known, with its reason', () => {
  const refused = [...all, ...rows].flatMap((one) => ('refused' in one ? [`${one.name}: ${one.refused}`] : []));
  expect(refused).toMatchInlineSnapshot(`
    [
      "quirk-binary-crossentropy-on-softmax: a Keras peculiarity that a definition refuses",
      "EarlyStopping: baseline never reached: a definition has no \`baseline\`",
      "EarlyStopping: baseline reached late: a definition has no \`baseline\`",
      "EarlyStopping: warm-up hides the best epoch: a definition has no \`start_from_epoch\`",
      "EarlyStopping: flat from the first monitored epoch: a definition has no \`start_from_epoch\`",
    ]
  `);
});
