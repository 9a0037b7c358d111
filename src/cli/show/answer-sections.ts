/** The parts of what `show` says of a sweep's results, each with a heading; empty where there is nothing to say. Pure. */

import type { FailureExample } from '../../report/report-data.ts';
import type { Answers } from '../../answers/answers.ts';
import { caveatsOf } from '../../answers/caveats.ts';
import { decimalsFor, formatCount, formatMean } from '../../dashboard/format.ts';
import type { LeaderboardRow } from '../../dashboard/snapshot.ts';
import type { Diagnosis, DivergenceCause } from '../../diagnosis/diagnosis.ts';
import type { Goal } from '../../metrics.ts';
import type { ImportanceRow, MainEffectRow } from '../../statistics/analysis-rows.ts';
import { headlineOn, sentence, standingOn } from '../../answers/verdict.ts';
import type { Paper } from '../text/paint.ts';
import { bullets, heading, paragraph } from '../text/prose.ts';
import { formatTable } from '../text/table.ts';

/** Of the variance between configs: interactions that explain less are left out. */
const LEAST_SHARE = 0.01;
/** Rows of what matters. */
const MOST_TERMS = 6;
/** Pieces of advice. */
const MOST_ADVICE = 6;

/** The headline, and what needs no section of its own. */
export function verdictSection({ facts }: Answers, paper: Paper): string {
  const sentences = standingOn(facts).map((text) => paragraph(text, paper));
  return paragraph(headlineOn(facts), paper, 'title') + sentences.join('');
}

/** Searched parameters by how much of the variance between configs they explain, and the means of their values. */
export function influenceSection({ analysis, facts }: Answers, paper: Paper): string {
  const { importance, mainEffects } = analysis;
  if (importance.length === 0) return '';
  const { goal } = facts.sweep;
  const terms = importance
    .filter((term) => term.with === null || term.share >= LEAST_SHARE)
    .toSorted((a, b) => b.share - a.share)
    .slice(0, MOST_TERMS);
  const decimals = decimalsFor(facts.leaders);
  const tested = terms.some(({ p_adjusted }) => p_adjusted !== null);
  const rows = terms.map((term) => [
    term.with === null ? term.parameter : `${term.parameter} x ${term.with}`,
    `${(100 * term.share).toFixed(0)} %`,
    ...(tested ? [probability(term)] : []),
    ...(term.with === null ? extremes(term.parameter, mainEffects, goal, decimals) : ['', '']),
  ]);
  const columns = ['parameter', 'share', ...(tested ? ['p'] : []), 'best mean', 'worst mean'];
  const table = formatTable(columns, rows, { ...paper, soft: [0, columns.length - 2, columns.length - 1] });
  return heading('What matters: share of the variance between configs', paper) + table;
}

function probability({ p_adjusted }: ImportanceRow): string {
  if (p_adjusted === null) return '-';
  return p_adjusted < 0.001 ? '<0.001' : p_adjusted.toFixed(3);
}

/** The values with the best and the worst mean, such as `0.001: 0.977`. */
function extremes(parameter: string, all: readonly MainEffectRow[], goal: Goal, decimals: number): [string, string] {
  const sign = goal === 'maximize' ? 1 : -1;
  const levels = all.filter((row) => row.parameter === parameter).toSorted((a, b) => sign * (b.mean - a.mean));
  const show = (level: MainEffectRow | undefined): string =>
    level ? `${level.label}: ${formatMean(level.mean, decimals)}` : '';
  return [show(levels[0]), show(levels.at(-1))];
}

export function diagnosisSection({ diagnosis, analysis }: Answers, baseline: number | null, paper: Paper): string {
  const { diagnoses, undiagnosed } = diagnosis;
  if (diagnoses.length === 0) {
    return undiagnosed === null
      ? ''
      : heading('Diagnosis', paper) + paragraph(sentence(`none, since ${undiagnosed}`), paper);
  }
  const lines = diagnoses.map((each) => {
    const role = each.config === analysis.best ? 'best' : each.config === baseline ? 'baseline' : 'worst';
    return sentence(`config ${each.config}, the ${role}: ${diagnosisText(each)}`);
  });
  return heading('Diagnosis', paper) + bullets(lines, paper);
}

/** Without a capital, and without a full stop. */
export function diagnosisText({ summary, overfitting_epoch: epoch }: Diagnosis): string {
  return `${summary}${epoch === null ? '' : `; it overfits from about epoch ${epoch} on`}`;
}

export function failureSection(
  examples: readonly (FailureExample & { readonly trials: number })[],
  causes: readonly DivergenceCause[],
  sweep: string,
  paper: Paper,
): string {
  if (examples.length === 0) return '';
  const rows = examples.map(({ kind, trials, config, replicate, epoch, message }) => [
    kind,
    trials,
    `${sweep}/${config}/${replicate}`,
    epoch,
    message,
  ]);
  const table = formatTable(['failed as', 'trials', 'such as', 'at epoch', 'message'], rows, {
    ...paper,
    soft: [2, 4],
    toneOf: (_, column) => (column === 0 ? 'bad' : 'plain'),
  });
  const advice = examples.flatMap(({ kind, advice: text }) =>
    text === null || (kind === 'diverged' && causes.length > 0) ? [] : [sentence(`${kind}: ${text}`)],
  );
  return [
    heading('Failures', paper),
    table,
    bullets(advice, paper),
    causes.length === 0 ? '' : `Why trials may have diverged:\n${bullets(causes.map(causeText), paper)}`,
  ].join('');
}

const CAUSES: Readonly<Record<DivergenceCause['cause'], string>> = {
  learning_rate: 'learning rate',
  data_preparation: 'data',
  loss_function: 'loss',
};

function causeText({ cause, evidence, advice }: DivergenceCause): string {
  return `${sentence(`${CAUSES[cause]}: ${evidence.join('; ')}`)} ${sentence(advice)}`;
}

/** What the design, the split and the definition cannot carry. @param stored those of the definition, and notes of the run */
export function warningSection(answers: Answers, stored: readonly string[], paper: Paper): string {
  const { design, split, stored: asWritten } = caveatsOf(answers, stored);
  // What begins with the path of a key stays as it is written.
  const texts = [...asWritten, ...[...design, ...split].map(({ message }) => sentence(message))];
  return texts.length === 0 ? '' : heading('Warnings', paper) + bullets(texts, paper);
}

export function adviceSection({ next }: Answers, paper: Paper): string {
  return next.length === 0
    ? ''
    : heading('To try next', paper) + bullets(next.slice(0, MOST_ADVICE).map(sentence), paper);
}

/** Such as `Best 10 of 10 000 configs by test_accuracy, highest first`. */
export function leaderboardTitle(rows: readonly LeaderboardRow[], { sweep }: Answers['facts']): string {
  const order = sweep.goal === 'maximize' ? 'highest' : 'lowest';
  // The baseline comes behind the best ones where it is none of them.
  const best = rows.filter(({ rank }, index) => rank <= index + 1).length;
  const which = sweep.configs > best ? `Best ${best} of ${formatCount(sweep.configs)} configs` : 'Configs';
  return `${which} by ${sweep.objective}, ${order} first`;
}
