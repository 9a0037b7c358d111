/** Two threads must never meet a new attribute name at the same time: warming up names all that there are. */

import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { loadBackend } from '../../workers/backend/backend.ts';
import { warmUp } from '../../workers/backend/warm-up.ts';

type Execute = (op: string, attributes: readonly { readonly name: string }[], ...rest: readonly unknown[]) => unknown;

function namesInSources(): readonly string[] {
  const package_ = dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-node/package.json'));
  const ours = ['ops', 'kernels'].map((folder) => join(import.meta.dirname, '../../workers/backend', folder));
  const folders = [join(package_, 'dist'), join(package_, 'dist/kernels'), ...ours];
  const sources = folders.flatMap((folder) =>
    readdirSync(folder)
      .filter((file) => /(?<!_test)\.(js|ts)$/.test(file))
      .map((file) => readFileSync(join(folder, file), 'utf8')),
  );
  const patterns = [
    /\bname: '(\w+)',\s*type\b/g,
    /createTensorsTypeOpAttr\)?\('(\w+)'/g,
    /\btype\('(\w+)'/g,
    /\b(\w+): INT(?:16|32)\b/g,
  ];
  return [
    ...new Set(sources.flatMap((text) => patterns.flatMap((pattern) => [...text.matchAll(pattern)].map((m) => m[1]!)))),
  ];
}

test('every attribute that a kernel of tfjs-node or an op of ours names is named', async () => {
  const backend = await loadBackend('native');
  const native = tf.backend() as unknown as { executeSingleOutput?: Execute };
  const original = native.executeSingleOutput!;
  const named = new Set<string>();
  native.executeSingleOutput = function execute(op, attributes, ...rest) {
    for (const { name } of attributes) named.add(name);
    return original.call(this, op, attributes, ...rest);
  };
  try {
    warmUp(backend);
  } finally {
    Reflect.deleteProperty(native, 'executeSingleOutput');
  }
  const wanted = namesInSources();
  expect(wanted.length).toBeGreaterThan(40);
  expect(wanted.filter((name) => !named.has(name))).toEqual([]);
});

test('it leaves no tensors behind and costs nothing on backends without the library', async () => {
  const backend = await loadBackend('native');
  const before = tf.memory().numTensors;
  warmUp(backend);
  expect(tf.memory().numTensors).toBe(before);
  expect(() => warmUp({ ...backend, name: 'cpu' })).not.toThrow();
});
