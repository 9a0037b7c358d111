/** The table of steps: training alone, compiled and op by op, at every width, beside `fit` of tf.layers. */

import type { Backend } from '../../workers/backend/backend.ts';
import { layoutOf, layoutsOf, smallestStack, type Layout } from '../../workers/train/layout.ts';
import { interleaved, median, medianRatio, type Side, type Timing, type Timings } from './interleaved.ts';
import { markdownTable, short } from './markdown.ts';
import { tfLayersFit } from './tf-layers.ts';
import { TrainingAlone } from './training-alone.ts';
import { NETWORKS, type Workload } from './workloads.ts';

const WIDTHS = [2, 4, 8, 16, 32, 64] as const;

export interface StepRow {
  readonly workload: Workload;
  readonly layout: Layout;
  readonly slots: number;
  readonly compiled: Timings;
  readonly eager: Timings;
  readonly fit: Timings;
}

/** Widths at which a layout can run. */
export function widthsOf(layout: Layout): readonly number[] {
  return smallestStack(layout) === 1 ? [1] : WIDTHS;
}

/** @param allLayouts every layout in which the program can run, instead of the one that it does run in */
export async function timeSteps(
  workload: Workload,
  backend: Backend,
  timing: Timing,
  allLayouts: boolean,
): Promise<readonly StepRow[]> {
  const { program, entrants } = workload;
  const layouts = allLayouts ? layoutsOf(program) : [layoutOf(program)];
  const places = layouts.flatMap((layout) => widthsOf(layout).map((slots) => ({ layout, slots })));
  const sides: Side[] = [tfLayersFit(workload)];
  for (const { layout, slots } of places) {
    for (const eager of [false, true]) {
      sides.push(new TrainingAlone(program, backend, entrants.slice(0, slots), { layout, eager }));
    }
  }
  try {
    const [fit, ...ours] = await interleaved(sides, timing);
    return places.map((place, index) => ({
      workload,
      ...place,
      compiled: ours[2 * index]!,
      eager: ours[2 * index + 1]!,
      fit: fit!,
    }));
  } finally {
    for (const side of sides) side.dispose();
  }
}

export function stepsTable(rows: readonly StepRow[]): string {
  const header = [
    'network',
    'dropout',
    'layout',
    'K',
    'compiled, ms',
    'eager, ms',
    'fit, ms',
    'eager / compiled',
    'fit / compiled',
  ];
  return markdownTable(
    header,
    rows.map(({ workload, layout, slots, compiled, eager, fit }) => [
      workload.name,
      workload.dropout ? '.4' : 'none',
      layout,
      String(slots),
      short(median(compiled)),
      short(median(eager)),
      short(median(fit)),
      short(medianRatio(eager, compiled)),
      short(medianRatio(fit, compiled)),
    ]),
  );
}

/** Of the rows of one network, the one with the least time per step and trial. */
export function bestOf(rows: readonly StepRow[]): StepRow {
  return rows.reduce((best, row) => (median(row.compiled) < median(best.compiled) ? row : best));
}

/** The best width of each network against its goal. */
export function goalsTable(best: readonly StepRow[]): string {
  const header = ['network', 'dropout', 'best K', 'compiled, ms', 'fit / compiled', 'wanted'];
  return markdownTable(
    header,
    best.map(({ workload, slots, compiled, fit }) => {
      const goal = NETWORKS[workload.name]!.fit[Number(workload.dropout)];
      return [
        workload.name,
        workload.dropout ? '.4' : 'none',
        String(slots),
        short(median(compiled)),
        short(medianRatio(fit, compiled)),
        goal === undefined ? '' : `at least ${goal}`,
      ];
    }),
  );
}
