/** What `show` prints of a sweep: what it searches, how far it is, its best configs and its failures. Pure. */

import type { Reader, SweepOverview } from '../../db/reader.ts';
import { counted } from '../counted.ts';
import { BAR_ORDER } from '../dashboard/bar.ts';
import { formatAge, formatDuration } from '../dashboard/format.ts';
import { endedTrials } from '../dashboard/snapshot-totals.ts';
import type { Snapshot } from '../dashboard/snapshot.ts';
import { stateOf } from '../dashboard/sweep-state.ts';
import { clean } from '../dashboard/text.ts';
import { leaderboardTable } from './leaderboard-table.ts';
import { nextStep } from './next-step.ts';
import type { Paper } from './paint.ts';
import { markOf, STATE_TONES } from './sweep-marks.ts';
import { formatTable } from './table.ts';

export interface ShownSweep {
  readonly sweep: SweepOverview;
  readonly snapshot: Snapshot;
  readonly notes: ReturnType<Reader['notes']>;
  /** As which trials have failed. */
  readonly failureKinds: readonly string[];
  /** That its runs have taken. */
  readonly seconds: number;
  /** As the user wrote it. */
  readonly database: string;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** Text with a final line feed. */
export function sweepReport(shown: ShownSweep, paper: Paper): string {
  const { sweep, snapshot, failureKinds, database } = shown;
  const { parameters, objective } = sweep;
  const { width, paint } = paper;
  const next = nextStep(sweep, database, failureKinds);
  return [
    facts(shown, paper),
    remarks(shown, paper),
    snapshot.best.length > 0 ? leaderboardTable(snapshot.best, { parameters, objective, width, paint }) : '',
    failures(shown, paper),
    next === undefined ? '' : `${next}\n`,
  ]
    .filter((section) => section !== '')
    .join('\n');
}

function facts({ sweep, seconds, now }: ShownSweep, paper: Paper): string {
  const { glyphs, paint, width } = paper;
  const state = stateOf(sweep);
  const mark = width === undefined ? '' : `${markOf(sweep, glyphs)} `;
  const states = BAR_ORDER.filter((each) => sweep.states[each] > 0);
  const counts = states.map((each) => `${sweep.states[each]} ${each}`).join(', ');
  const percent = sweep.trials > 0 ? Math.floor((100 * endedTrials(sweep)) / sweep.trials) : 0;
  const lines: readonly (readonly [string, string])[] = [
    ['sweep', `${paint(sweep.name, 'strong')} (${paint(`${mark}${state}`, STATE_TONES[state])})`],
    ['definition', clean(sweep.file)],
    ['created', formatMoment(sweep.createdAt, paper, now)],
    ['took', seconds > 0 ? formatDuration(seconds) : '-'],
    [
      'versions',
      Object.entries(sweep.versions)
        .map((pair) => pair.join(' '))
        .join(', '),
    ],
    ['searches', sweep.parameters.join(', ') || '-'],
    ['objective', `${sweep.objective} (${sweep.goal})`],
    ['seed', String(sweep.seed)],
    ['trials', `${sweep.trials} = ${counted(sweep.configs, 'config')} x ${counted(sweep.replicates, 'replicate')}`],
    ['ended', `${percent} %: ${counts}`],
    [
      'epochs',
      sweep.epochs > sweep.epochsPlanned ? String(sweep.epochs) : `${sweep.epochs} of at most ${sweep.epochsPlanned}`,
    ],
  ];
  return lines.map(([name, value]) => `${paint(name.padEnd(12), 'quiet')}${value}\n`).join('');
}

/** For people by their own clock, for programs as ISO 8601. */
function formatMoment(at: number, { width }: Paper, now: number): string {
  if (width === undefined) return new Date(at).toISOString();
  return `${new Date(at).toLocaleString('sv-SE').slice(0, 16)} (${formatAge(now - at)})`;
}

function remarks({ sweep, notes }: ShownSweep, { paint }: Paper): string {
  const warnings = sweep.warnings.map((warning) => `${paint('warning:', 'warning')} ${clean(warning)}\n`);
  const lines = notes.map(({ note, trials, configs }) => {
    const which = configs.length === 1 ? 'config' : 'configs';
    return `${paint('note:', 'quiet')} ${counted(trials, 'trial')} (${which} ${configs.join(', ')}): ${clean(note)}\n`;
  });
  return [...warnings, ...lines].join('');
}

function failures({ sweep, snapshot }: ShownSweep, { width, paint }: Paper): string {
  if (snapshot.failures.length === 0) return '';
  const rows = snapshot.failures.map(({ config, replicate, kind, epoch, message }) => [
    `${sweep.name}/${config}/${replicate}`,
    kind,
    epoch,
    message,
  ]);
  const table = formatTable(['failed trial', 'kind', 'epoch', 'message'], rows, {
    width,
    paint,
    toneOf: (_, column) => (column === 1 ? 'bad' : 'plain'),
  });
  const more = sweep.states.failed - rows.length;
  return more > 0 ? `${table}and ${more} more\n` : table;
}
