/** Loads a backend in a process of its own, since native code may crash; prints what it found as one line of JSON. */

import * as tf from '@tensorflow/tfjs-core';
import { fingerprint, loadBackend } from '../../../workers/backend/backend.ts';

const name = process.argv[2] === 'native' ? 'native' : 'wasm';
const backend = await loadBackend(name);
const [product] = tf.matMul([[1, 2]], [[3], [4]]).dataSync();
if (product !== 11) throw new Error(`[1 2] times [3 4] must be 11, but the ${name} backend found ${product}`);
process.stdout.write(
  `${JSON.stringify({ version: backend.version, fingerprint: fingerprint(backend, 'any layout') })}\n`,
);
