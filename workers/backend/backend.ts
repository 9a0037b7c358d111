/** Loads the numerical backend of a thread: native TensorFlow, WebAssembly, or plain JavaScript. */

import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs-core';
import { SweepError } from '../../src/errors.ts';
import type { BackendName } from '../protocol.ts';
import { registerCpuKernels } from './kernels/cpu.ts';
import { registerNativeKernels } from './kernels/native.ts';
import { hasOneDnnProducts, isPortable, registerOneDnnProducts } from './kernels/products.ts';
import { registerWasmKernels } from './kernels/wasm.ts';
import { nativeOps } from './ops/native.ts';
import type { Ops } from './ops/ops.ts';
import { portableOps } from './ops/portable.ts';

export interface Backend {
  readonly name: BackendName;
  readonly ops: Ops;
  /** Version of the numerical library. */
  readonly version: string;
  /** What multiplies matrices, on native. */
  readonly products?: 'oneDNN' | 'Eigen';
}

const require = createRequire(import.meta.url);

/**
 * Makes `name` the backend of this thread's TensorFlow.js.
 * Errors: `SweepError` of code `backend` when it cannot be loaded.
 */
export async function loadBackend(name: BackendName): Promise<Backend> {
  tf.enableProdMode(); // no checks of arguments on every op, no advertisement for another backend
  try {
    if (name === 'native') return await loadNative();
    if (name === 'wasm') await loadWasm();
    else loadCpu();
  } catch (error) {
    throw new SweepError('backend', {
      message: `the ${name} backend must load, but: ${error instanceof Error ? error.message : String(error)}`,
      hint: name === 'native' ? 'run `nightsweep setup`, or choose `--backend wasm`' : 'run `nightsweep doctor`',
    });
  }
  await tf.setBackend(name);
  return { name, ops: portableOps, version: tf.version_core };
}

/** Loads the native library alone, for the TensorFlow.js that will be loaded around it. */
export function loadLibrary(): void {
  restoreUtilFunctions();
  const manifest = require.resolve('@tensorflow/tfjs-node/package.json');
  const requireThere = createRequire(manifest);
  const { find } = requireThere('@mapbox/node-pre-gyp') as { readonly find: (manifest: string) => string };
  requireThere(find(manifest));
}

async function loadNative(): Promise<Backend> {
  restoreUtilFunctions();
  require('@tensorflow/tfjs-node');
  await tf.setBackend('tensorflow');
  const oneDnn = hasOneDnnProducts();
  if (!tf.getKernel(tf.SearchSorted, 'tensorflow')) {
    registerNativeKernels();
    if (oneDnn) registerOneDnnProducts();
  }
  const version = String(nativeBinding().TF_Version);
  return { name: 'native', ops: nativeOps, version, products: oneDnn ? 'oneDNN' : 'Eigen' };
}

interface NativeBinding {
  readonly TF_Version: string;
}

function nativeBinding(): NativeBinding {
  const backend: unknown = tf.backend();
  if (typeof backend === 'object' && backend !== null && 'binding' in backend) {
    const { binding } = backend;
    if (typeof binding === 'object' && binding !== null && 'TF_Version' in binding) return binding as NativeBinding;
  }
  throw new Error('TensorFlow registered no native binding');
}

/** tfjs-node 4.22 calls two functions that Node 23 took out of `util`. */
function restoreUtilFunctions(): void {
  const util = require('node:util') as Record<string, unknown>;
  util['isNullOrUndefined'] ??= (value: unknown) => value === null || value === undefined;
  util['isArray'] ??= Array.isArray;
}

function loadCpu(): void {
  require('@tensorflow/tfjs-backend-cpu');
  registerCpuKernels();
}

async function loadWasm(): Promise<void> {
  const wasm = require('@tensorflow/tfjs-backend-wasm') as typeof import('@tensorflow/tfjs-backend-wasm');
  const entry = require.resolve('@tensorflow/tfjs-backend-wasm');
  wasm.setWasmPaths(entry.slice(0, entry.lastIndexOf('/') + 1));
  wasm.setThreadsCount(1); // results must not depend on the machine's number of cores
  if (!tf.getKernel(tf.Conv2DBackpropFilter, 'wasm')) registerWasmKernels();
  await Promise.resolve();
}

/** The class of vector instructions that TensorFlow's generated kernels differ by. */
function instructionClass(): string {
  try {
    const flags = readFileSync('/proc/cpuinfo', 'utf8');
    for (const name of ['avx512f', 'avx2', 'avx', 'sse4_2']) if (flags.includes(` ${name} `)) return name;
  } catch {
    // not Linux: the architecture is all that is known
  }
  return process.arch;
}

/** Raised whenever a change of ours may alter bits. */
const NUMERICS = 6;

/** All that a trial's bits depend on besides its definition. */
export function fingerprint(backend: Backend, layout: string): string {
  const parts = [
    `numerics ${NUMERICS}`,
    `${backend.name} ${backend.version}`,
    ...(backend.name === 'native'
      ? [
          `onednn ${process.env['TF_ENABLE_ONEDNN_OPTS'] ?? 'default'}`,
          `products by ${backend.products}`,
          isPortable() ? 'portable' : instructionClass(),
        ]
      : []),
    `v8 ${process.versions.v8}`,
    layout,
  ];
  return parts.join('; ');
}
