/** What `best` prints for people: the best config in a table, and what is known about its lead. Pure. */

import type { Answers } from '../answers.ts';
import type { LeaderboardRow } from '../dashboard/snapshot.ts';
import { verdictOn } from '../verdict.ts';
import { leaderboardTable } from './leaderboard-table.ts';
import type { Paper } from './paint.ts';
import { paragraph } from './prose.ts';

/** Sentences after the headline: its score and what may be as good. */
const SENTENCES = 2;

/** @param parameters the searched ones, in order */
export function bestReport(
  best: LeaderboardRow,
  parameters: readonly string[],
  { analysis, facts }: Answers,
  paper: Paper,
): string {
  const table = leaderboardTable([best], { ...facts.sweep, parameters, analysis, paper });
  const { headline, sentences } = verdictOn({
    ...facts,
    analysis: { ...analysis, importance: [] },
    failures: [],
    diagnosis: null,
    next: [],
  });
  const remarks = [headline, ...sentences.slice(0, SENTENCES)].map((text) => paragraph(text, paper));
  return `${table}\n${remarks.join('')}`;
}
