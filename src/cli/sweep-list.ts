/** The table that `list` prints: for people on a terminal, for programs in a pipe. Pure. */

import type { SweepOverview } from '../../db/reader.ts';
import { formatAge, formatDuration, formatMeasure } from '../dashboard/format.ts';
import { endedTrials } from '../dashboard/snapshot-totals.ts';
import { stateOf } from '../dashboard/sweep-state.ts';
import type { Tone } from '../dashboard/theme.ts';
import { nextStep } from './next-step.ts';
import type { Paper } from './text/paint.ts';
import { markOf, STATE_TONES } from './text/sweep-marks.ts';
import { formatTable } from './text/table.ts';

export interface ListedSweep extends SweepOverview {
  /** The best mean of its objective; null while it has none. */
  readonly best: number | null;
  /** As which trials have failed. */
  readonly failureKinds: readonly string[];
  /** That its runs have taken. */
  readonly seconds: number;
}

export interface ListOptions {
  readonly paper: Paper;
  /** As the user wrote it. */
  readonly database: string;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** Text with a final line feed. `sweeps` from old to new. */
export function sweepList(sweeps: readonly ListedSweep[], options: ListOptions): string {
  if (sweeps.length === 0) return 'There are no sweeps in this database yet.\n';
  return options.paper.width === undefined ? forPrograms(sweeps) : forPeople(sweeps, options);
}

function forPrograms(sweeps: readonly ListedSweep[]): string {
  return formatTable(
    ['sweep', 'state', 'trials', 'completed', 'failed', 'ended', 'objective', 'best', 'created', 'seconds'],
    sweeps.map((sweep) => [
      sweep.name,
      stateOf(sweep),
      sweep.trials,
      sweep.states.completed,
      sweep.states.failed,
      endedTrials(sweep),
      sweep.objective,
      formatMeasure(sweep.best),
      new Date(sweep.createdAt).toISOString(),
      Math.round(sweep.seconds),
    ]),
  );
}

interface Column {
  readonly title: string;
  readonly cell: (sweep: ListedSweep, options: ListOptions) => string | number;
  readonly tone: (sweep: ListedSweep) => Tone;
  /** Columns of the terminal below which it is left out. */
  readonly from: number;
}

const COLUMNS: readonly Column[] = [
  { title: 'sweep', cell: ({ name }) => name, tone: () => 'strong', from: 0 },
  {
    title: 'state',
    cell: (sweep, { paper }) => `${markOf(sweep, paper.glyphs)} ${stateOf(sweep)}`,
    tone: (sweep) => STATE_TONES[stateOf(sweep)],
    from: 0,
  },
  { title: 'ended', cell: (sweep) => `${percentEnded(sweep)} % of ${sweep.trials}`, tone: () => 'plain', from: 0 },
  {
    title: 'failed',
    cell: ({ states }) => (states.failed > 0 ? states.failed : '-'),
    tone: ({ states }) => (states.failed > 0 ? 'bad' : 'quiet'),
    from: 56,
  },
  { title: 'best', cell: ({ best }) => formatMeasure(best), tone: () => 'plain', from: 46 },
  { title: 'objective', cell: ({ objective }) => objective, tone: () => 'plain', from: 100 },
  { title: 'begun', cell: ({ createdAt }, { now }) => formatAge(now - createdAt), tone: () => 'quiet', from: 64 },
  {
    title: 'took',
    cell: ({ seconds }) => (seconds > 0 ? formatDuration(seconds) : '-'),
    tone: () => 'quiet',
    from: 72,
  },
];

function forPeople(sweeps: readonly ListedSweep[], options: ListOptions): string {
  const { paper, database } = options;
  const columns = COLUMNS.filter(({ from }) => (paper.width ?? Infinity) >= from);
  const table = formatTable(
    columns.map(({ title }) => title),
    sweeps.map((sweep) => columns.map(({ cell }) => cell(sweep, options))),
    {
      width: paper.width,
      paint: paper.paint,
      soft: [0],
      toneOf: (row, column) => columns[column]!.tone(sweeps[row]!),
    },
  );
  // The newest is the one that its user thinks of.
  const next = sweeps.toReversed().flatMap((sweep) => nextStep(sweep, database, sweep.failureKinds) ?? [])[0];
  return next === undefined ? table : `${table}\n${next}\n`;
}

function percentEnded(sweep: ListedSweep): number {
  return sweep.trials > 0 ? Math.floor((100 * endedTrials(sweep)) / sweep.trials) : 0;
}
