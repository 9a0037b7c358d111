/** Exported networks are the trained ones: tf.layers predicts with them what the engine does, and reaches the recorded metrics. */

import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as tf from '@tensorflow/tfjs-core';
import { loadLayersModel } from '@tensorflow/tfjs-layers';
import { ready, type Dataset as H5Dataset, File, type Group } from 'h5wasm/node';
import { beforeAll, expect, test, vi } from 'vitest';
import { exportModel } from '../../src/export/model.ts';
import { predictionsOf } from '../../src/export/predictions.ts';
import { loadBackend } from '../../workers/backend/backend.ts';
import { emptyFolder } from '../empty-folder.ts';
import { DEFINITIONS, partOf, trainDefinition, type Trained } from './trained.ts';

const folder = emptyFolder();
const all: Trained[] = [];
beforeAll(async () => {
  const backend = await loadBackend('native');
  for (const name of DEFINITIONS) all.push(...(await trainDefinition(name, backend)));
});

test('the trials that they are of keep their last epoch, their best, their first, and those about a stop', () => {
  const kept = all.map(({ name, end }) => [name, end.kept_epoch === end.epochs ? 'last' : 'earlier']);
  expect(Object.fromEntries(kept)).toMatchInlineSnapshot(`
    {
      "digits convolution": "earlier",
      "digits global_pooling": "earlier",
      "digits pixels": "earlier",
      "houses elu": "earlier",
      "houses leaky_relu": "earlier",
      "houses softplus": "earlier",
      "module row": "last",
      "module ways": "last",
      "moons margin before_trigger": "earlier",
      "moons margin last": "last",
      "moons margin trigger_start": "earlier",
      "moons probability before_trigger": "earlier",
      "moons probability last": "last",
      "moons probability trigger_start": "earlier",
    }
  `);
});

test('tf.layers predicts what the engine predicts', async () => {
  const differences: [string, number][] = [];
  for (const trained of all) {
    const at = join(folder, `${trained.name} tfjs`);
    if (hasElu(trained)) {
      await expect(exportModel(opened(trained), 'tfjs', at)).rejects.toThrow(
        'tf.layers has elu with alpha 1 only, but the network has it with 0.7 (export it for Keras)',
      );
      continue;
    }
    await exportModel(opened(trained), 'tfjs', at);
    const model = await loadLayersModel(`file://${join(at, 'model.json')}`);
    const { inputs, rows } = partOf(trained);
    const [, ...shape] = model.inputs[0]!.shape;
    const output = model.predict(tf.tensor(inputs, [rows, ...(shape as number[])])) as tf.Tensor;
    differences.push([trained.name, largestDifference(output.dataSync<'float32'>(), trained.predict(inputs))]);
  }
  expect(differences.filter(([, difference]) => !(difference < 1e-6))).toEqual([]);
  expect(differences).toHaveLength(all.length - 1);
});

test('the weights reach the metrics that were recorded of the kept epoch', () => {
  const wrong: unknown[] = [];
  for (const trained of all) {
    for (const part of ['train', 'validation', 'test'] as const) {
      for (const [metric, value] of Object.entries(measured(trained, part))) {
        const recorded = trained.metrics[`${part}_${metric}`]!;
        if (!(Math.abs(value - recorded) <= 1e-6 * Math.max(1, Math.abs(recorded)))) {
          wrong.push([trained.name, part, metric, value, recorded]);
        }
      }
    }
  }
  expect(wrong).toEqual([]);
});

test('Keras files hold the topology and the weights, number for number', async () => {
  await ready;
  for (const trained of all) {
    const at = kerasFolder(trained);
    await exportModel(opened(trained), 'keras', at);
    const h5 = new File(join(at, 'model.h5'), 'r');
    const attribute = (entity: File | Group, key: string): unknown => entity.attrs[key]!.value;
    expect(JSON.parse(attribute(h5, 'model_config') as string)).toEqual(trained.layersModel.topology);
    const weights = h5.get('model_weights') as Group;
    expect(attribute(weights, 'layer_names')).toEqual(trained.layersModel.layers.map((layer) => layer.name));
    for (const layer of trained.layersModel.layers) {
      const own = weights.get(layer.name) as Group;
      expect([...(attribute(own, 'weight_names') as string[])]).toEqual(layer.weights.map((weight) => weight.name));
      for (const { name: path, shape, values } of layer.weights) {
        const dataset = own.get(path) as H5Dataset;
        expect(dataset.shape).toEqual(shape);
        expect(dataset.value).toEqual(values);
      }
    }
    h5.close();
    expect(JSON.parse(readFileSync(join(at, 'preprocessing.json'), 'utf8'))).toEqual(trained.preprocessing);
  }
});

test('the example in Node makes of rows what the engine makes of them', async () => {
  for (const trained of ofEachTarget()) {
    const at = join(folder, `${trained.name} example`);
    await exportModel(opened(trained), 'tfjs', at);
    const code = exampleOf('js', at).replace(/^import tf .*$/m, 'const { tf } = globalThis;');
    const file = join(at, 'example.mjs');
    writeFileSync(file, `${code}\nexport { predict };\n`);
    vi.stubGlobal('tf', { ...tf, loadLayersModel });
    const example = (await import(file)) as { predict: (rows: unknown) => unknown };
    expect(example.predict(rowsOf(trained))).toEqual(meaningsOf(trained));
  }
});

/** A Python that has Keras, where there is one. */
const python = process.env['NIGHTSWEEP_PYTHON'] ?? 'python3';
const findsKeras = "import importlib.util, sys; sys.exit(not all(map(importlib.util.find_spec, ['keras', 'h5py'])))";
const hasKeras = spawnSync(python, ['-c', findsKeras]).status === 0;

/** TensorFlow takes its time to start. */
const SLOW = { timeout: 300_000 };

test.skipIf(!hasKeras)('Keras predicts what the engine predicts', SLOW, async () => {
  for (const trained of all) {
    const at = kerasFolder(trained);
    mkdirSync(at, { recursive: true });
    await exportModel(opened(trained), 'keras', at);
    const { inputs, rows } = partOf(trained);
    const inRows = (numbers: Float32Array): number[][] =>
      Array.from({ length: rows }, (_, row) => {
        const width = numbers.length / rows;
        return [...numbers.subarray(row * width, (row + 1) * width)];
      });
    const outputs = inRows(trained.predict(inputs));
    writeFileSync(join(at, 'case.json'), JSON.stringify({ inputs: inRows(inputs), outputs }));
  }
  const script = fileURLToPath(new URL('check_keras.py', import.meta.url));
  const { stdout, stderr, status } = spawnSync(python, [script, folder], { encoding: 'utf8' });
  expect([status, status === 0 ? '' : stderr]).toEqual([0, '']);
  const { keras, differences, failures } = JSON.parse(stdout) as {
    keras: string;
    differences: Record<string, number>;
    failures: Record<string, string>;
  };
  console.log(keras, differences);
  // Keras 3 counts the nodes of a model inside a model differently from those who write Keras 2's files.
  expect(Object.keys(failures)).toEqual(keras.startsWith('2.') ? [] : ['module ways keras']);
  expect(Object.keys(differences)).toHaveLength(all.length - Object.keys(failures).length);
  expect(Math.max(...Object.values(differences))).toBeLessThan(1e-5);
});

test.skipIf(!hasKeras)('the example in Python makes of rows what the engine makes of them', SLOW, async () => {
  const asked = ofEachTarget();
  const codes: string[] = [];
  for (const trained of asked) {
    const at = kerasFolder(trained);
    await exportModel(opened(trained), 'keras', at);
    writeFileSync(join(at, 'rows.json'), JSON.stringify(rowsOf(trained)));
    codes.push(
      exampleOf('python', at),
      `rows = json.load(open(${JSON.stringify(join(at, 'rows.json'))}))`,
      'print(json.dumps([value if isinstance(value, str) else float(value) for value in predict(rows)]))',
    );
  }
  const { stdout, stderr, status } = spawnSync(python, ['-c', codes.join('\n')], { encoding: 'utf8' });
  expect([status, status === 0 ? '' : stderr]).toEqual([0, '']);
  const printed = stdout.trimEnd().split('\n');
  expect(printed.map((line): unknown => JSON.parse(line))).toEqual(asked.map(meaningsOf));
});

/** A network of numbers, with gaps and categories; one of images; one of two classes. */
function ofEachTarget(): Trained[] {
  const names = ['houses leaky_relu', 'digits pixels', 'moons probability last', 'moons margin last'];
  return all.filter(({ name }) => names.includes(name));
}

/** A block of the documentation, for a model in that folder, without its last line, which prints. */
function exampleOf(language: 'js' | 'python', at: string): string {
  const text = readFileSync(new URL('../../docs/models.md', import.meta.url), 'utf8');
  const [, code = ''] = new RegExp(`\\n\`\`\`${language}\\n(.*?)\\n\`\`\``, 's').exec(text) ?? [];
  const lines = code.replaceAll(/houses-export\/\w+/g, at).split('\n');
  expect(lines.pop()).toMatch(/^(console\.log|print)\(predict\(/);
  return lines.join('\n');
}

/** All rows as a file has them: numbers and labels by column, null where there is none. */
function rowsOf({ table }: Trained): Record<string, number | string | null>[] {
  return Array.from({ length: table.rows }, (_, row) =>
    Object.fromEntries(
      table.columns.map((column) => {
        if (column.kind === 'category') return [column.name, column.labels[column.codes[row]!] ?? null];
        const value = column.values[row]!;
        return [column.name, Number.isNaN(value) ? null : value];
      }),
    ),
  );
}

/** What the engine's outputs mean: labels, or prices to a hundredth. */
function meaningsOf(trained: Trained): unknown[] {
  const { inputs, rows } = partOf(trained);
  const outputs = trained.predict(inputs);
  const width = outputs.length / rows;
  const { row } = predictionsOf(trained.preprocessing.target);
  return Array.from({ length: rows }, (_, index) => {
    const [prediction] = row(outputs.subarray(index * width, (index + 1) * width));
    return typeof prediction === 'string' ? prediction : expect.closeTo(prediction!, 2);
  });
}

function kerasFolder({ name }: Trained): string {
  return join(folder, `${name} keras`);
}

function hasElu({ config: { model } }: Trained): boolean {
  return (
    'layers' in model &&
    model.layers.some(
      (layer) => 'activation' in layer && layer.activation.name === 'elu' && layer.activation['alpha'] !== 1,
    )
  );
}

function opened(trained: Trained): Parameters<typeof exportModel>[0] {
  return {
    model: { ...trained, sweep: trained.name, replicate: 0, keptEpoch: 1, source: 'trained_again', differences: [] },
    layersModel: () => Promise.resolve(trained.layersModel),
  };
}

function largestDifference(a: Float32Array, b: Float32Array): number {
  expect(a.length).toBe(b.length);
  return a.reduce((largest, value, index) => Math.max(largest, Math.abs(value - b[index]!)), 0);
}

/** Loss without penalties and accuracy of a part, by their textbook formulas from the predictions. */
function measured(trained: Trained, part: 'train' | 'validation' | 'test'): Readonly<Record<string, number>> {
  const { inputs, targets, rows } = partOf(trained, part);
  const outputs = trained.predict(inputs);
  const width = outputs.length / rows;
  const mean = (of: (output: readonly number[], target: number) => number): number =>
    targets.reduce((sum, target, row) => sum + of([...outputs.subarray(row * width, (row + 1) * width)], target), 0) /
    rows;
  const { scale } = trained.dataset.targetScale;
  const inOwnUnit = (): Record<string, number> => ({
    mse: mean(([output = 0], target) => ((output - target) * scale) ** 2),
    mae: mean(([output = 0], target) => Math.abs(output - target) * scale),
  });
  switch (trained.config.train.loss.name) {
    case 'categorical_crossentropy':
      return {
        data_loss: mean((p, target) => -Math.log(p[target]!)),
        accuracy: mean((p, target) => Number(p.indexOf(Math.max(...p)) === target)),
      };
    case 'binary_crossentropy':
      return {
        data_loss: mean(([p = 0], target) => -Math.log(target === 1 ? p : 1 - p)),
        accuracy: mean(([p = 0], target) => Number(p > 0.5 === (target === 1))),
      };
    case 'hinge':
      return {
        data_loss: mean(([score = 0], target) => Math.max(0, 1 - (target === 1 ? 1 : -1) * score)),
        accuracy: mean(([score = 0], target) => Number(score > 0 === (target === 1))),
      };
    default:
      return { data_loss: mean(([output = 0], target) => (output - target) ** 2), ...inOwnUnit() };
  }
}
