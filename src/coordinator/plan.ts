/** From a resolved sweep to what workers run: the programs, which trial belongs to which, and every trial's task. */

import type { ConfigExtent } from '../../db/sweep-rows.ts';
import { canonicalJson } from '../definition/hash.ts';
import {
  isOwnSweep,
  type AnySweep,
  type OwnSweep,
  type ResolvedConfig,
  type ResolvedSweep,
} from '../definition/resolved.ts';
import { SweepError } from '../errors.ts';
import type { Part } from '../metrics.ts';
import { DatasetCache } from '../../workers/data/cache.ts';
import { datasetKey } from '../../workers/data/dataset-key.ts';
import type { DataShape, Dataset, DataSpec } from '../../workers/data/dataset.ts';
import { dataShape } from '../../workers/data/load.ts';
import { dataSpec } from '../../workers/data/spec.ts';
import type { OwnProgram, OwnTask } from '../../workers/modules/own-task.ts';
import { streamKey } from '../../workers/random/philox.ts';
import { planTrial } from '../../workers/train/plan.ts';
import { lastEpoch, type TrialData } from '../../workers/train/plan-hyper.ts';
import type { Program, TrialTask } from '../../workers/train/program.ts';

export interface SweepPlan {
  readonly programs: readonly (Program | OwnProgram)[];
  /** Index into `programs`. */
  programOf(config: number, replicate: number): number;
  extentOf(config: number): ConfigExtent;
  /** `trial` is the database's id. */
  task(trial: number, config: number, replicate: number): TrialTask | OwnTask;
}

interface Material extends TrialData {
  readonly spec: DataSpec;
}

/**
 * Loads each distinct data set once, to check it and to learn its shape; tasks are made when they are asked for.
 * Errors: `SweepError` of code `data` or `definition`.
 */
export function planSweep(sweep: AnySweep): SweepPlan {
  if (isOwnSweep(sweep)) return planOwnSweep(sweep);
  const material = materialOf(sweep);
  const programs: Program[] = [];
  const indices = new Map<string, number>();
  const plan = (config: ResolvedConfig, replicate: number) => {
    const data = material(config, replicate);
    return planTrial(config, replicate, sweep, data.spec, data);
  };
  const indexOf = (program: Program): number => {
    const key = canonicalJson(program);
    const known = indices.get(key);
    if (known !== undefined) return known;
    indices.set(key, programs.length);
    return programs.push(program) - 1;
  };
  // A config's program changes from replicate to replicate only with the shape of its data.
  const table = sweep.configs.map((config) => {
    const byShape = new Map<DataShape, number>();
    return Array.from({ length: sweep.replicates.count }, (_, replicate) => {
      const { shape } = material(config, replicate);
      const index = byShape.get(shape) ?? indexOf(plan(config, replicate).program);
      byShape.set(shape, index);
      return index;
    });
  });
  return {
    programs,
    programOf: (config, replicate) => table[config]![replicate]!,
    extentOf: (ordinal) => {
      const config = sweep.configs[ordinal]!;
      const shapes = table[ordinal]!.map((_, replicate) => material(config, replicate).shape);
      return {
        lastEpoch: Math.max(...table[ordinal]!.map((program) => lastEpoch(config.train, programs[program]!))),
        rows: fewestRows(shapes),
      };
    },
    task: (trial, config, replicate) => ({ trial, ...plan(sweep.configs[config]!, replicate).task }),
  };
}

/** A program for each module; its trials have nothing else in common. */
function planOwnSweep({ seed, configs, objective, record, parameters }: OwnSweep): SweepPlan {
  const modules = new Map(configs.map(({ trial: { sha256, module } }) => [sha256, module]));
  const indices = new Map([...modules.keys()].map((sha256, index) => [sha256, index]));
  return {
    programs: [...modules].map(([sha256, path]) => ({
      version: 1,
      trial: { path, sha256 },
      objective: objective.metric,
      sign: objective.goal === 'maximize' ? -1 : 1,
      record: record.epochs,
      parameters,
    })),
    programOf: (config) => indices.get(configs[config]!.trial.sha256)!,
    extentOf: () => ({ lastEpoch: 1, rows: null }),
    task(trial, config, replicate) {
      const [word] = streamKey(seed, 'trial', replicate);
      return { trial, seed: word, replicate, params: configs[config]!.trial.params };
    },
  };
}

function fewestRows(shapes: readonly DataShape[]): Record<Part, number> {
  const fewest = (part: Part): number => Math.min(...shapes.map(({ parts }) => parts[part]));
  return { train: fewest('train'), validation: fewest('validation'), test: fewest('test') };
}

function classesOf({ classes, targets, parts }: Dataset): TrialData['classes'] {
  const rows = classes.map(() => 0);
  if (classes.length > 0) for (const row of parts.train) rows[targets[row]!]! += 1;
  return classes.map((label, index) => ({ label, trainingRows: rows[index]! }));
}

/** A config's data in a replicate; equal specs and equal shapes are the same objects. */
function materialOf(sweep: ResolvedSweep): (config: ResolvedConfig, replicate: number) => Material {
  const byData = new Map<string, Material[]>();
  const byKey = new Map<string, Material>();
  const shapes = new Map<string, DataShape>();
  // Only shapes are kept here; the one data set spares reading a file again for each of its splits.
  const datasets = new DatasetCache({ count: 1, bytes: 0 });
  const load = (spec: DataSpec): Material => {
    const key = datasetKey(spec);
    const known = byKey.get(key);
    if (known) return known;
    const dataset = datasets.get(spec);
    const shape = dataShape(dataset);
    const shapeKey = canonicalJson(shape);
    if (!shapes.has(shapeKey)) shapes.set(shapeKey, shape);
    const loaded = { spec, shape: shapes.get(shapeKey)!, classes: classesOf(dataset) };
    byKey.set(key, loaded);
    return loaded;
  };
  const materials = sweep.configs.map(({ data }) => {
    const key = JSON.stringify(data);
    let replicates = byData.get(key);
    if (!replicates) {
      replicates = Array.from({ length: sweep.replicates.count }, (_, replicate) =>
        load(dataSpec(data, replicate, sweep.replicates.vary)),
      );
      byData.set(key, replicates);
    }
    return replicates;
  });
  return ({ ordinal }, replicate) => {
    const found = materials[ordinal]?.[replicate];
    if (!found) {
      throw new SweepError('internal', { message: `config ${ordinal} has no replicate ${replicate} in its plan` });
    }
    return found;
  };
}
