/** Backends as they load, and the fingerprint of what bits depend on. */

import * as tf from '@tensorflow/tfjs-core';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { fingerprint, loadBackend } from '../../workers/backend/backend.ts';
import { warmUp } from '../../workers/backend/warm-up.ts';
import type { BackendName } from '../../workers/protocol.ts';

const NAMES = ['native', 'wasm', 'cpu'] as const satisfies BackendName[];

describe.each(NAMES)('%s', (name) => {
  test('loads, says its version and warms up', async () => {
    const backend = await loadBackend(name);
    expect(backend.name).toBe(name);
    expect(backend.version).toMatch(/^\d+\.\d+\.\d+/);
    warmUp(backend);
    const before = tf.memory().numTensors;
    warmUp(backend);
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('a fingerprint', () => {
  afterEach(() => {
    vi.unstubAllEnvs();
  });

  test('names the library, the layout and the JavaScript engine', async () => {
    const backend = await loadBackend('native');
    expect(fingerprint(backend, 'stacked')).toContain(`native ${backend.version}; onednn 0; products by oneDNN; `);
    expect(fingerprint(backend, 'stacked')).toMatch(/; v8 [^;]+; stacked$/);
  });

  test('differs between backends, layouts and the settings that change bits', async () => {
    const backend = await loadBackend('native');
    const found = [fingerprint(backend, 'stacked'), fingerprint(backend, 'flat')];
    vi.stubEnv('TF_ENABLE_ONEDNN_OPTS', '1');
    found.push(fingerprint(backend, 'stacked'));
    vi.stubEnv('TENSORFLOW_USE_CUSTOM_CONTRACTION_KERNEL', 'false');
    found.push(fingerprint(backend, 'stacked'));
    for (const name of ['wasm', 'cpu'] as const) found.push(fingerprint(await loadBackend(name), 'stacked'));
    expect(new Set(found).size).toBe(found.length);
  });
});
