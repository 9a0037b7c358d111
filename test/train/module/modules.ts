/** Networks of modules for the tests: a program around a function that makes a tf.layers model. */

import * as tf from '@tensorflow/tfjs-core';
import type { ModelModule } from '../../../src/module-types.ts';
import type { Backend } from '../../../workers/backend/backend.ts';
import { slotHyper } from '../../../workers/train/hyper.ts';
import { moduleNetwork } from '../../../workers/train/module/network.ts';
import type { Network } from '../../../workers/train/network.ts';
import type { Draw } from '../../../workers/train/noise.ts';
import type { Program } from '../../../workers/train/program.ts';
import type { Rows } from '../../../workers/train/rows.ts';
import type { Tensors } from '../../../workers/train/tensors.ts';
import { buildDataset, buildProgram, buildTask, type ProgramOptions } from '../builders.ts';

export const MODULE = { path: '/models/net.ts', sha256: 'ab', params: '{}' };

export function moduleProgram(options: ProgramOptions = {}): Program {
  const width = options.width ?? 3;
  const program = buildProgram({ width, layers: [{ activation: 'sigmoid' }], ...options });
  return { ...program, layers: [], module: options.module ?? MODULE };
}

/** What a trial begins with, by name, each with a leading 1. */
export function firstValues(
  network: Network,
  program: Program,
  replicate = 0,
): { variables: Tensors; statistics: Tensors } {
  const task = buildTask(program, { replicate });
  const values = (of: Network['variables']): Tensors =>
    Object.fromEntries(
      of.map((variable) => [variable.name, tf.tensor(network.initial(variable, task), [1, ...variable.shape])]),
    );
  return { variables: values(network.variables), statistics: values(network.statistics) };
}

/** The first `present` training rows, and `padding` rows that repeat the first one. */
export function batchOf(program: Program, present: number, padding = 0): Rows {
  const { features, targets, width } = buildDataset(program);
  const rows = Array.from({ length: present + padding }, (_, i) => (i < present ? i : 0));
  const weights = rows.map((_, i) => (i < present ? 1 : 0));
  return {
    x: tf.tensor3d(
      rows.flatMap((row) => Array.from(features.subarray(row * width, (row + 1) * width))),
      [1, rows.length, width],
    ),
    y: tf.tensor3d(
      rows.map((row) => targets[row]!),
      [1, rows.length, 1],
    ),
    share: tf.tensor3d(
      weights.map((weight) => weight / present),
      [1, rows.length, 1],
    ),
    present: tf.tensor3d(weights, [1, 1, rows.length]),
    count: tf.tensor3d([present], [1, 1, 1]),
  };
}

export function drawOf(program: Program, backend: Backend, t = 0): Draw {
  const { streams } = slotHyper(program, buildTask(program, {}), buildDataset(program));
  const hyper = Object.fromEntries(
    Object.entries(streams).map(([name, value]) => [name, tf.tensor1d([value], 'int32')]),
  );
  return { ops: backend.ops, t: tf.tensor1d([t], 'int32'), hyper };
}

export function networkOf(backend: Backend, create: ModelModule, options: ProgramOptions = {}) {
  const program = moduleProgram(options);
  return { program, network: moduleNetwork(program, backend.ops, create) };
}
