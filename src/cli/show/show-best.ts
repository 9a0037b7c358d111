/** What `best` prints for people: the best config in a table, and what is known about its lead. Pure. */

import type { Answers } from '../../answers/answers.ts';
import type { LeaderboardRow } from '../../dashboard/snapshot.ts';
import { headlineOn, standingOn } from '../../answers/verdict.ts';
import { leaderboardTable } from './leaderboard-table.ts';
import type { Paper } from '../text/paint.ts';
import { paragraph } from '../text/prose.ts';

/** @param parameters the searched ones, in order */
export function bestReport(
  best: LeaderboardRow,
  parameters: readonly string[],
  { analysis, facts }: Answers,
  paper: Paper,
): string {
  const table = leaderboardTable([best], { ...facts.sweep, parameters, analysis, paper });
  // What matters is a question of its own.
  const remarks = [headlineOn(facts), ...standingOn({ ...facts, analysis: { ...analysis, importance: [] } })];
  return `${table}\n${remarks.map((text) => paragraph(text, paper)).join('')}`;
}
