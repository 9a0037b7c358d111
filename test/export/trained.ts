/** Trains every config of a definition of `test/fixtures/networks` in this thread, and takes the networks as they are exported. */

import { fileURLToPath } from 'node:url';
import { planSweep } from '../../src/coordinator/plan.ts';
import { loadDefinition } from '../../src/definition/load.ts';
import { isOwnSweep, type ResolvedConfig } from '../../src/definition/resolved.ts';
import type { AttemptEnd } from '../../src/executor/executor.ts';
import { kerasModel } from '../../src/export/keras-model.ts';
import type { LayersModel } from '../../src/export/layers-model.ts';
import { preprocessingOf, type Preprocessing } from '../../src/export/preprocessing.ts';
import type { NamedWeights } from '../../src/export/trained-model.ts';
import type { Backend } from '../../workers/backend/backend.ts';
import type { Dataset } from '../../workers/data/dataset.ts';
import { buildDataset, loadTable } from '../../workers/data/load.ts';
import type { Table } from '../../workers/data/table.ts';
import { moduleLayersModel } from '../../workers/model/module-model.ts';
import { openNetwork } from '../../workers/model/open-network.ts';
import type { Program, TrialTask } from '../../workers/train/program.ts';

export const DEFINITIONS = ['digits', 'houses', 'moons', 'module'] as const;

export interface Trained {
  /** Definition and params. */
  readonly name: string;
  readonly config: ResolvedConfig;
  readonly end: Extract<AttemptEnd, { state: 'completed' }>;
  /** Recorded metrics of the kept epoch, by name. */
  readonly metrics: Readonly<Record<string, number | null>>;
  readonly table: Table;
  readonly dataset: Dataset;
  readonly preprocessing: Preprocessing;
  readonly weights: readonly NamedWeights[];
  readonly layersModel: LayersModel;
  /** By the engine. */
  readonly predict: (inputs: Float32Array) => Float32Array;
}

export async function trainDefinition(name: (typeof DEFINITIONS)[number], backend: Backend): Promise<Trained[]> {
  const { sweep } = await loadDefinition(fileURLToPath(new URL(`../fixtures/networks/${name}.yaml`, import.meta.url)));
  if (isOwnSweep(sweep)) throw new Error('its trials must be networks');
  const plan = planSweep(sweep);
  const all: Trained[] = [];
  for (const config of sweep.configs) {
    const { ordinal, params } = config;
    const program = plan.programs[plan.programOf(ordinal, 0)] as Program;
    const task = plan.task(1, ordinal, 0) as TrialTask;
    all.push({
      name: [name, ...Object.values(params)].join(' '),
      config,
      ...(await train(backend, config, program, task)),
    });
  }
  return all;
}

async function train(
  backend: Backend,
  config: ResolvedConfig,
  program: Program,
  task: TrialTask,
): Promise<Omit<Trained, 'name' | 'config'>> {
  let ended: Pick<Trained, 'end' | 'metrics'> | undefined;
  const { weights, predict } = await openNetwork(backend, { program, task, checkpoint: null }, (event) => {
    if (event.type !== 'trial_ended' || event.end.state !== 'completed') return;
    const { end, metrics } = event;
    ended = { end, metrics: Object.fromEntries(program.metrics.map((metric, index) => [metric, metrics[index]!])) };
  });
  const table = loadTable(task.data);
  const dataset = buildDataset(task.data, table);
  return {
    ...ended!,
    table,
    dataset,
    preprocessing: preprocessingOf(task.data, table, dataset, config.train.loss.name),
    weights,
    layersModel: program.module
      ? await moduleLayersModel(program.module, weights)
      : kerasModel(program, task.hyper, weights),
    predict,
  };
}

/** The rows of a part, or all, as the network's inputs, and their encoded targets. */
export function partOf({ dataset }: Pick<Trained, 'dataset'>, part?: 'train' | 'validation' | 'test') {
  const { width, features, targets, parts, rows } = dataset;
  const indices = part ? [...parts[part]] : Array.from({ length: rows }, (_, row) => row);
  const inputs = Float32Array.from(indices.flatMap((row) => [...features.subarray(row * width, (row + 1) * width)]));
  return { rows: indices.length, inputs, targets: indices.map((row) => targets[row]!) };
}
