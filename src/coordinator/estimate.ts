/** What a sweep will cost, roughly: rows, bytes and seconds, before anything has run. Pure. */

import type { ResolvedSweep } from '../definition/resolved.ts';
import { recordedEpochs } from '../../workers/recording.ts';
import { kernelInputs, parameterCount } from '../../workers/train/layout.ts';
import { isWeighted, stepsPerEpoch, type LayerProgram, type Program } from '../../workers/train/program.ts';
import { layerColumns } from '../../workers/train/reports.ts';
import { cohortWidth, widestStack } from './core/cohort-width.ts';
import type { SweepPlan } from './plan.ts';

export interface Estimate {
  /** Trials per program, in the plan's order. */
  readonly trialsPerProgram: readonly number[];
  /** If no trial stops early. */
  readonly epochs: number;
  /** At most. */
  readonly epochRows: number;
  readonly bytes: number;
  /** On this many workers; right within a factor of about three. */
  readonly seconds: number;
}

const BYTES_PER_TRIAL = 600;
const BYTES_PER_ROW = 60;
const BYTES_PER_METRIC = 9;
const BYTES_PER_LAYER = 40;

/** Measured for compiled programs of the native backend: of one operation, whatever its size; of one number passed through it. */
const SECONDS_PER_OPERATION = 0.7e-6;
const SECONDS_PER_NUMBER = 0.4e-9;
const OPERATIONS_PER_LAYER = 12;
const OPERATIONS_PER_STEP = 40;
/** How often a step passes over a layer's outputs, an evaluation does, and an update over the weights. */
const PASSES = { step: 9, evaluation: 4, update: 20 } as const;
/** Multiply-adds a second and worker. */
const FLOPS = 40e9;
const START_SECONDS = 3;

export function estimateSweep(sweep: ResolvedSweep, plan: SweepPlan, workers: number): Estimate {
  // What trials of a module cost, nobody knows beforehand; here there are none.
  const programs = plan.programs.filter((program): program is Program => !('trial' in program));
  const trialsPerProgram = programs.map(() => 0);
  const epochsPerProgram = programs.map(() => 0);
  let epochRows = 0;
  let bytes = 0;
  for (const { ordinal } of sweep.configs) {
    const { lastEpoch: epochs } = plan.extentOf(ordinal);
    for (let replicate = 0; replicate < sweep.replicates.count; replicate += 1) {
      const index = plan.programOf(ordinal, replicate);
      trialsPerProgram[index]! += 1;
      epochsPerProgram[index]! += epochs;
      const rows = recordedEpochs(epochs, sweep.record.epochs);
      epochRows += rows;
      bytes += BYTES_PER_TRIAL + rows * bytesPerEpoch(programs[index]!);
    }
  }
  const work = programs.reduce((sum, program, index) => {
    const trials = trialsPerProgram[index]!;
    const width = cohortWidth(widestStack(program), trials, workers);
    return sum + epochsPerProgram[index]! * secondsPerEpoch(program, width);
  }, 0);
  const seconds = START_SECONDS + work / workers;
  return { trialsPerProgram, epochs: epochsPerProgram.reduce((a, b) => a + b, 0), epochRows, bytes, seconds };
}

function bytesPerEpoch(program: Program): number {
  const layers = new Set(layerColumns(program).map(({ layer }) => layer)).size;
  return BYTES_PER_ROW + BYTES_PER_METRIC * program.metrics.length + BYTES_PER_LAYER * layers;
}

/** Of one trial in a stack of `width`: every operation's overhead is shared, its work is not. */
export function secondsPerEpoch(program: Program, width: number): number {
  const { train, validation, test } = program.data.parts;
  const steps = stepsPerEpoch(program);
  const evaluated = train + validation + test;
  const operations = (steps + 1) * (OPERATIONS_PER_STEP + OPERATIONS_PER_LAYER * program.layers.length);
  const outputs = program.layers.reduce((sum, layer) => sum + layer.units, 0);
  const numbers =
    outputs * (PASSES.step * train + PASSES.evaluation * evaluated) + PASSES.update * steps * parameterCount(program);
  // Forward once, backward twice; then every part is evaluated.
  const perRow = program.layers.reduce((sum, layer) => sum + multiplyAdds(layer), 0);
  const arithmetic = perRow * (3 * train + evaluated);
  return (operations * SECONDS_PER_OPERATION) / width + numbers * SECONDS_PER_NUMBER + arithmetic / FLOPS;
}

/** Of a row on its way forward. */
function multiplyAdds(layer: LayerProgram): number {
  return isWeighted(layer) ? (kernelInputs(layer) + 1) * layer.units : layer.inputs;
}
