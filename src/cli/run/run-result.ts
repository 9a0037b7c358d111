/** What a run prints at its end: the verdict, the best settings, and the next three commands. */

import type { Reader } from '../../../db/reader.ts';
import { readAnswers } from '../../answers/answers.ts';
import { formatCount } from '../../dashboard/format.ts';
import type { Snapshot } from '../../dashboard/snapshot.ts';
import { verdictOn } from '../../answers/verdict.ts';
import { leaderboardTitle } from '../show/answer-sections.ts';
import { commandName } from '../command-name.ts';
import { leaderboardTable } from '../show/leaderboard-table.ts';
import { databaseFlag } from '../next-step.ts';
import type { Paper } from '../text/paint.ts';
import { heading, paragraph } from '../text/prose.ts';

const ROWS = 10;

export interface ResultOptions {
  readonly reader: Reader;
  readonly sweep: string;
  /** As the user wrote it. */
  readonly database: string;
  readonly paper: Paper;
}

/** The final report as text, with a final line feed. */
export function describeResult({ reader, sweep, database, paper }: ResultOptions): string {
  const snapshot = reader.snapshot(sweep, { best: ROWS, failures: 1 });
  const answers = readAnswers(reader, sweep, snapshot.best);
  const { headline, sentences } = verdictOn(answers.facts);
  const { best } = snapshot;
  const { analysis } = answers;
  const db = databaseFlag(database);
  return [
    heading(`Result of ${sweep}`, paper) +
      paragraph(headline, paper, 'title') +
      sentences.map((text) => paragraph(text, paper)).join(''),
    best.length === 0
      ? ''
      : heading(leaderboardTitle(best, answers.facts), paper) +
        leaderboardTable(best, { ...snapshot, analysis, paper }),
    failureLine(snapshot, `${commandName} sql "SELECT * FROM failures WHERE sweep = '${sweep}'"${db}`),
    nextThree(sweep, db),
  ]
    .filter((part) => part !== '')
    .join('\n');
}

function failureLine({ states, failures }: Snapshot, command: string): string {
  const [newest] = failures;
  if (states.failed === 0 || !newest) return '';
  const count = states.failed === 1 ? 'One trial' : `${formatCount(states.failed)} trials`;
  return `${count} failed, such as config ${newest.config}, replicate ${newest.replicate}: ${newest.kind} at epoch ${newest.epoch}\n  ${command}\n`;
}

function nextThree(sweep: string, db: string): string {
  return [
    'Next:',
    `  ${commandName} show ${sweep}${db}`,
    `  ${commandName} report ${sweep}${db}`,
    `  ${commandName} init --csv YOUR.csv --target COLUMN`,
    '',
  ].join('\n');
}
