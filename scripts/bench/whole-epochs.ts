/** What evaluation of every part, the end of the epoch and the best weights cost, against training alone. */

import type { Backend } from '../../workers/backend/backend.ts';
import { stepsPerEpoch } from '../../workers/train/program.ts';
import { Stack } from '../../workers/train/stack.ts';
import { interleaved, median, medianRatio, type Side, type Timing, type Timings } from './interleaved.ts';
import { markdownTable, short } from './markdown.ts';
import type { StepRow } from './steps.ts';
import { TrainingAlone } from './training-alone.ts';
import type { Workload } from './workloads.ts';

type Place = Pick<StepRow, 'layout' | 'slots'>;

export interface EpochRow {
  readonly workload: Workload;
  readonly slots: number;
  readonly whole: Timings;
  readonly alone: Timings;
}

/** As a cohort runs them: orders of rows made and reports read on every call. */
function wholeEpochs({ program, entrants }: Workload, backend: Backend, { layout, slots }: Place): Side {
  const stack = new Stack(program, backend, { layout });
  stack.seat(entrants.slice(0, slots).map((enter) => ({ enter })));
  return {
    name: 'whole epochs',
    slots,
    stepsPerEpoch: stepsPerEpoch(program),
    train: (epochs) => void stack.run(epochs),
    dispose: () => stack.dispose(),
  };
}

export async function timeEpochs(
  workload: Workload,
  backend: Backend,
  timing: Timing,
  { layout, slots }: Place,
): Promise<EpochRow> {
  const { program, entrants } = workload;
  const whole = wholeEpochs(workload, backend, { layout, slots });
  const alone = new TrainingAlone(program, backend, entrants.slice(0, slots), { layout, eager: false });
  try {
    const timings = await interleaved([whole, alone], timing);
    return { workload, slots, whole: timings[0]!, alone: timings[1]! };
  } finally {
    whole.dispose();
    alone.dispose();
  }
}

export function epochsTable(rows: readonly EpochRow[]): string {
  const header = ['network', 'dropout', 'K', 'whole epoch, ms', 'training alone, ms', 'whole / alone', 'wanted'];
  return markdownTable(
    header,
    rows.map(({ workload, slots, whole, alone }) => {
      const steps = stepsPerEpoch(workload.program);
      return [
        workload.name,
        workload.dropout ? '.4' : 'none',
        String(slots),
        short(median(whole) * steps),
        short(median(alone) * steps),
        short(medianRatio(whole, alone)),
        workload.name === '2-500-1' ? 'at most 1.7' : '',
      ];
    }),
  );
}
