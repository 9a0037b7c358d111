/** What `run --dry-run` prints: the size of a sweep, and its first configs. */

import { counted } from '../counted.ts';
import { type Estimate, estimateSweep } from '../coordinator/estimate.ts';
import type { SweepPlan } from '../coordinator/plan.ts';
import type { ResolvedSweep } from '../definition/resolved.ts';
import type { Program } from '../../workers/train/program.ts';
import { formatTable } from './table.ts';

const FIRST = 5;

/** Text for people, with a final line feed. */
export function describePlan(
  sweep: ResolvedSweep,
  plan: SweepPlan,
  workers: number,
  width: number | undefined,
): string {
  const estimate = estimateSweep(sweep, plan, workers);
  const { configs, replicates, objective, parameters } = sweep;
  const trials = configs.length * replicates.count;
  const shown = configs.slice(0, FIRST);
  const lines = [
    `sweep      ${sweep.name}`,
    `configs    ${configs.length}`,
    `replicates ${replicates.count}`,
    `trials     ${trials}`,
    `programs   ${plan.programs.length}`,
    ...programLines(plan.programs, estimate),
    `epochs     ${estimate.epochs}${configs.some(({ train }) => train.early_stopping) ? ' at most' : ''}`,
    `objective  ${objective.metric}, ${objective.goal}`,
    `database   about ${formatBytes(estimate.bytes)}, ${estimate.epochRows} epoch rows`,
    `time       very roughly ${formatSeconds(estimate.seconds)} on ${counted(workers, 'worker')}`,
    ...sweep.warnings.map((warning) => `warning    ${warning}`),
  ];
  const more = configs.length > FIRST ? `the first ${FIRST} of ${configs.length} configs` : 'all configs';
  const rows = shown.map(({ ordinal, params }) => [ordinal, ...parameters.map((name) => params[name] ?? null)]);
  const table = formatTable(['config', ...parameters], rows, { width });
  return `${lines.join('\n')}\n\n${more}:\n${table}`;
}

function programLines(programs: readonly Program[], { trialsPerProgram }: Estimate): string[] {
  const lines = programs.slice(0, FIRST).map((program, index) => {
    const sizes = [program.data.width, ...program.layers.map((layer) => layer.units)].join('-');
    return `           ${sizes}, batch ${program.batch}: ${trialsPerProgram[index]} trials`;
  });
  return programs.length > FIRST ? [...lines, `           and ${programs.length - FIRST} more`] : lines;
}

function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  const power = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
  return `${Number((bytes / 1000 ** power).toPrecision(2))} ${units[power]}`;
}

function formatSeconds(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(seconds)} s`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`;
  return `${(seconds / 3600).toPrecision(2)} h`;
}
