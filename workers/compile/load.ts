/** Loads a graph into the native library and runs it. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { NativeBackend } from './binding.ts';
import type { Graph } from './nodes.ts';
import { savedModelOf, TAG } from './saved-model.ts';

/** A graph with a session of its own. */
export interface LoadedGraph {
  /** Inputs and outputs in the graph's order. Errors: those that TensorFlow raises while it runs. */
  run(inputs: readonly Tensor[]): readonly Tensor[];
  dispose(): void;
}

export function loadGraph(graph: Graph, backend: NativeBackend): LoadedGraph {
  const session = loadSession(savedModelOf(graph), backend);
  const inputNames = graph.inputs.join();
  const outputNames = graph.outputs.join();
  return {
    run: (inputs) =>
      backend.binding
        .runSavedModel(session, backend.getInputTensorIds(inputs), inputNames, outputNames)
        .map((metadata) => backend.createOutputTensor(metadata)),
    dispose: () => backend.binding.deleteSavedModel(session),
  };
}

/** TensorFlow reads saved models from folders only: this one lives as long as it reads. */
function loadSession(savedModel: Uint8Array, backend: NativeBackend): number {
  const folder = mkdtempSync(path.join(tmpdir(), 'tfjs-compile-'));
  try {
    writeFileSync(path.join(folder, 'saved_model.pb'), savedModel);
    return backend.binding.loadSavedModel(folder, TAG);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
