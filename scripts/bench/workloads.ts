/** The networks that are timed: definitions beside this file, planned as the coordinator plans them. */

import { fileURLToPath } from 'node:url';
import { planSweep } from '../../src/coordinator/plan.ts';
import { loadDefinition, type LoadOptions } from '../../src/definition/load.ts';
import type { Params } from '../../src/definition/resolved.ts';
import { loadDataset } from '../../workers/data/load.ts';
import type { Program } from '../../workers/train/program.ts';
import type { Entrant } from '../../workers/train/stack.ts';

export interface Workload {
  readonly name: string;
  readonly dropout: boolean;
  readonly program: Program;
  /** Trials of the program, enough for the widest stack. */
  readonly entrants: readonly Entrant[];
}

/** What is wanted of a network, without and with dropout; undefined: nothing. */
export interface Goals {
  /** At least so many times as fast as `fit` of tf.layers. */
  readonly fit: readonly [number, number | undefined];
  /** At most so many times the time of JAX. */
  readonly jax: readonly [number, number | undefined];
}

export const NETWORKS: Readonly<Record<string, Goals>> = {
  '2-500-1': { fit: [120, 50], jax: [1, 1] },
  '2-5x5-1': { fit: [700, undefined], jax: [1, 1] },
  '784-256-128-10': { fit: [6, undefined], jax: [1.3, undefined] },
  '64-256-128-10': { fit: [20, undefined], jax: [1.3, 1] },
};

export function definitionFile(name: string): string {
  return fileURLToPath(new URL(`definitions/${name}.yaml`, import.meta.url));
}

/** A network without and with dropout. */
export async function loadWorkloads(name: string): Promise<readonly Workload[]> {
  const configs = await loadConfigs(definitionFile(name));
  return configs.map((config) => ({ name, dropout: config.params['dropout'] !== 'none', ...config }));
}

interface PlannedConfig extends Pick<Workload, 'program' | 'entrants'> {
  readonly params: Params;
}

/** Every config of a definition, with the trials of its replicates; these share the data. */
export async function loadConfigs(file: string, options?: LoadOptions): Promise<readonly PlannedConfig[]> {
  const { sweep } = await loadDefinition(file, options);
  const plan = planSweep(sweep);
  return sweep.configs.map(({ ordinal, params }) => {
    const program = plan.programs[plan.programOf(ordinal, 0)]!;
    const tasks = Array.from({ length: sweep.replicates.count }, (_, replicate) =>
      plan.task(replicate + 1, ordinal, replicate),
    ).filter((task) => 'data' in task);
    if ('trial' in program) throw new Error(`${file} must have a network, not a module that trains by itself`);
    const dataset = loadDataset(tasks[0]!.data);
    return { params, program, entrants: tasks.map((task) => ({ task, dataset })) };
  });
}
