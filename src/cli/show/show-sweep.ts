/** What `show` prints of a sweep: its verdict, its best configs, what matters, what failed, what to try next. Pure. */

import type { FailureExample } from '../../report/report-data.ts';
import type { Reader, SweepOverview } from '../../../db/reader.ts';
import type { Answers } from '../../answers/answers.ts';
import { counted } from '../../counted.ts';
import { BAR_ORDER } from '../../dashboard/bar.ts';
import { formatAge, formatCount, formatDuration } from '../../dashboard/format.ts';
import { endedTrials } from '../../dashboard/snapshot-totals.ts';
import type { LeaderboardRow } from '../../dashboard/snapshot.ts';
import { stateOf } from '../../dashboard/sweep-state.ts';
import { clean } from '../../dashboard/text.ts';
import {
  adviceSection,
  diagnosisSection,
  failureSection,
  influenceSection,
  leaderboardTitle,
  verdictSection,
  warningSection,
} from './answer-sections.ts';
import { leaderboardTable } from './leaderboard-table.ts';
import { nextCommands } from '../next-step.ts';
import type { Paper } from '../text/paint.ts';
import { hanging, heading, paragraph } from '../text/prose.ts';
import { markOf, STATE_TONES } from '../text/sweep-marks.ts';

export interface ShownSweep {
  readonly sweep: SweepOverview;
  readonly answers: Answers;
  /** The best ones, and the baseline. */
  readonly leaders: readonly LeaderboardRow[];
  readonly notes: ReturnType<Reader['notes']>;
  /** One failed trial of each kind, and how many there are. */
  readonly failures: readonly (FailureExample & { readonly trials: number })[];
  /** That its runs have taken. */
  readonly seconds: number;
  /** As the user wrote it. */
  readonly database: string;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** Text with a final line feed. */
export function sweepReport(shown: ShownSweep, paper: Paper): string {
  const { sweep, answers, leaders, failures, database } = shown;
  const kinds = answers.facts.failures.map(({ kind }) => kind);
  return [
    title(shown, paper) + verdictSection(answers, paper),
    leaderboard(answers, leaders, sweep.parameters, paper),
    influenceSection(answers, paper),
    diagnosisSection(answers, sweep.baseline, paper),
    failureSection(failures, answers.diagnosis.causes, sweep.name, paper),
    warningSection(answers, [...sweep.warnings, ...remarks(shown)], paper),
    adviceSection(answers, paper),
    details(shown, paper),
    heading('Commands', paper) + nextCommands(sweep, database, kinds, paper.width),
  ]
    .filter((section) => section !== '')
    .join('\n');
}

/** `quickstart (finished): 18 configs x 3 replicates, 54 completed`. */
function title({ sweep }: ShownSweep, paper: Paper): string {
  const { glyphs, paint, width } = paper;
  const state = stateOf(sweep);
  const marked = width === undefined ? state : `${markOf(sweep, glyphs)} ${state}`;
  const product = `${counted(sweep.configs, 'config')} x ${counted(sweep.replicates, 'replicate')}`;
  const text = paragraph(`${sweep.name} (${marked}): ${product}, ${progress(sweep)}`, paper);
  return text.replace(marked, paint(marked, STATE_TONES[state]));
}

function progress(sweep: SweepOverview): string {
  const states = BAR_ORDER.filter((each) => sweep.states[each] > 0);
  return states.map((each) => `${formatCount(sweep.states[each])} ${each}`).join(', ');
}

function leaderboard(
  { analysis, facts }: Answers,
  leaders: readonly LeaderboardRow[],
  parameters: readonly string[],
  paper: Paper,
): string {
  if (leaders.length === 0) return '';
  const table = leaderboardTable(leaders, { ...facts.sweep, parameters, analysis, paper });
  return heading(leaderboardTitle(leaders, facts), paper) + table;
}

/** What was remarked while it ran. */
function remarks({ notes }: ShownSweep): string[] {
  return notes.map(({ note, trials, configs }) => {
    const which = configs.length === 1 ? `config ${configs[0]}` : counted(configs.length, 'config');
    return `${counted(trials, 'trial')} of ${which}: ${note}`;
  });
}

function details({ sweep, seconds, now }: ShownSweep, paper: Paper): string {
  const percent = sweep.trials > 0 ? Math.floor((100 * endedTrials(sweep)) / sweep.trials) : 0;
  const versions = Object.entries(sweep.versions).map((pair) => pair.join(' '));
  const lines: readonly (readonly [string, string])[] = [
    ['definition', clean(sweep.file)],
    ['created', formatMoment(sweep.createdAt, paper, now)],
    ['took', seconds > 0 ? formatDuration(seconds) : '-'],
    ['versions', versions.join(', ')],
    ['searches', sweep.parameters.join(', ') || '-'],
    ['objective', `${sweep.objective} (${sweep.goal})`],
    ['seed', String(sweep.seed)],
    ['ended', `${percent} % of ${counted(sweep.trials, 'trial')}`],
    [
      'epochs',
      sweep.epochs > sweep.epochsPlanned ? String(sweep.epochs) : `${sweep.epochs} of at most ${sweep.epochsPlanned}`,
    ],
  ];
  return heading('Details', paper) + lines.map(([name, value]) => hanging(name.padEnd(12), value, paper)).join('');
}

/** For people by their own clock, for programs as ISO 8601. */
function formatMoment(at: number, { width }: Paper, now: number): string {
  if (width === undefined) return new Date(at).toISOString();
  return `${new Date(at).toLocaleString('sv-SE').slice(0, 16)} (${formatAge(now - at)})`;
}
