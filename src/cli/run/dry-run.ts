/** What `run --dry-run` prints: the size of a sweep, and its first configs. */

import { formatBytes } from '../../dashboard/format.ts';
import { counted } from '../../counted.ts';
import { type Estimate, estimateSweep } from '../../coordinator/estimate.ts';
import type { SweepPlan } from '../../coordinator/plan.ts';
import { isOwnSweep, type AnySweep, type ResolvedSweep } from '../../definition/resolved.ts';
import type { Program } from '../../../workers/train/program.ts';
import { formatTable } from '../text/table.ts';

const FIRST = 5;

/** Text for people, with a final line feed. */
export function describePlan(sweep: AnySweep, plan: SweepPlan, workers: number, width: number | undefined): string {
  const { configs, replicates, objective, parameters } = sweep;
  const trials = configs.length * replicates.count;
  const shown = configs.slice(0, FIRST);
  const lines = [
    `sweep      ${sweep.name}`,
    `configs    ${configs.length}`,
    `replicates ${replicates.count}`,
    `trials     ${trials}`,
    `objective  ${objective.metric}, ${objective.goal}`,
    ...(isOwnSweep(sweep) ? moduleLines(plan) : costLines(sweep, plan, workers)),
    ...sweep.warnings.map((warning) => `warning    ${warning}`),
  ];
  const more = configs.length > FIRST ? `the first ${FIRST} of ${configs.length} configs` : 'all configs';
  const rows = shown.map(({ ordinal, params }) => [ordinal, ...parameters.map((name) => params[name] ?? null)]);
  const table = formatTable(['config', ...parameters], rows, { width });
  return `${lines.join('\n')}\n\n${more}:\n${table}`;
}

/** What a module does, only it knows. */
function moduleLines({ programs }: SweepPlan): string[] {
  return programs.flatMap((program) => ('trial' in program ? [`module     ${program.trial.path}`] : []));
}

function costLines(sweep: ResolvedSweep, plan: SweepPlan, workers: number): string[] {
  const estimate = estimateSweep(sweep, plan, workers);
  const programs = plan.programs.filter((program): program is Program => !('trial' in program));
  const mayStop = sweep.configs.some(({ train }) => train.early_stopping);
  return [
    `programs   ${programs.length}`,
    ...programLines(programs, estimate),
    `epochs     ${estimate.epochs}${mayStop ? ' at most' : ''}`,
    `database   about ${formatBytes(estimate.bytes)}, ${estimate.epochRows} epoch rows`,
    `time       very roughly ${formatSeconds(estimate.seconds)} on ${counted(workers, 'worker')}`,
  ];
}

function programLines(programs: readonly Program[], { trialsPerProgram }: Estimate): string[] {
  const lines = programs.slice(0, FIRST).map((program, index) => {
    const inner = program.module ? ['module'] : program.layers.map((layer) => layer.units);
    const sizes = [program.data.width, ...inner].join('-');
    return `           ${sizes}, batch ${program.batch}: ${trialsPerProgram[index]} trials`;
  });
  return programs.length > FIRST ? [...lines, `           and ${programs.length - FIRST} more`] : lines;
}

function formatSeconds(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(seconds)} s`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`;
  return `${(seconds / 3600).toPrecision(2)} h`;
}
