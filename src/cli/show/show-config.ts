/** What `show` prints of one config: its params, how it stands against the others, its diagnosis, its trials. Pure. */

import type { Answers } from '../../answers/answers.ts';
import { decimalsFor, formatMean, formatMeasure } from '../../dashboard/format.ts';
import type { TrialRow } from '../../dashboard/queries.ts';
import type { LeaderboardRow } from '../../dashboard/snapshot.ts';
import type { Diagnosis } from '../../diagnosis/diagnosis.ts';
import type { Params } from '../../definition/resolved.ts';
import { formatParam } from '../../format-param.ts';
import type { ComparisonRow } from '../../statistics/analysis-rows.ts';
import { sentence } from '../../answers/verdict.ts';
import { diagnosisText } from './answer-sections.ts';
import type { Paper } from '../text/paint.ts';
import { bullets, heading, hanging, paragraph } from '../text/prose.ts';
import { formatTable } from '../text/table.ts';

export interface ShownConfig {
  readonly sweep: string;
  readonly objective: string;
  readonly config: number;
  readonly params: Params;
  readonly isBaseline: boolean;
  /** Null without a result. */
  readonly row: LeaderboardRow | null;
  /** Configs with a result. */
  readonly ranked: number;
  readonly analysis: Answers['analysis'];
  readonly diagnosis: Diagnosis | null;
  /** By replicate. */
  readonly trials: readonly TrialRow[];
}

/** Text with a final line feed. */
export function configReport(shown: ShownConfig, paper: Paper): string {
  const { diagnosis } = shown;
  return [
    facts(shown, paper),
    diagnosis
      ? heading('Diagnosis', paper) +
        paragraph(sentence(diagnosisText(diagnosis)), paper) +
        bullets(diagnosis.advice.map(sentence), paper)
      : '',
    trialTable(shown, paper),
  ]
    .filter((section) => section !== '')
    .join('\n');
}

function facts(shown: ShownConfig, paper: Paper): string {
  const { sweep, config, params, objective, row, ranked, isBaseline, analysis } = shown;
  const { best, comparisons } = analysis;
  const roles = [...(config === best ? ['the best'] : []), ...(isBaseline ? ['the baseline'] : [])];
  const tied = analysis.configs.find((each) => each.config === config)?.tied === true && config !== best;
  const against = (reference: ComparisonRow['reference']): [string, string][] => {
    const found = comparisons.find((each) => each.config === config && each.reference === reference);
    return found && found.other !== config
      ? [[`against config ${found.other}, the ${reference}`, described(found)]]
      : [];
  };
  const lines: readonly (readonly [string, string])[] = [
    ['config', [`${sweep}/${config}`, ...roles].join(', ')],
    ...Object.entries(params).map(([name, value]) => [name, formatParam(value)] as const),
    [
      'rank',
      row ? `${row.rank} of ${ranked}${tied ? ', and the results cannot tell it from the best' : ''}` : 'none yet',
    ],
    ...(row ? [[objective, measured(row, shown)] as const] : []),
    ...against('baseline'),
    ...against('best'),
  ];
  const names = Math.max(...lines.map(([name]) => name.length)) + 2;
  return lines.map(([name, value]) => hanging(name.padEnd(names), value, paper)).join('');
}

function measured(row: LeaderboardRow, { analysis }: ShownConfig): string {
  const decimals = decimalsFor([row]);
  const interval = analysis.configs.find(({ config }) => config === row.config)?.interval;
  const range = interval
    ? `, 95 % interval ${formatMean(interval[0], decimals)} to ${formatMean(interval[1], decimals)}`
    : '';
  const std = row.std === null ? '' : `, standard deviation ${formatMean(row.std, decimals)}`;
  return `${formatMean(row.mean, decimals)}, mean of ${row.n}${std}${range}`;
}

/** `-0.012 (95 % interval -0.020 to -0.004): worse`. */
function described({ difference, interval, conclusion }: ComparisonRow): string {
  const decimals = decimalsFor([{ mean: difference, std: interval ? (interval[1] - interval[0]) / 2 : null }]);
  const show = (value: number): string => `${value > 0 ? '+' : ''}${formatMean(value, decimals)}`;
  const range = interval ? ` (95 % interval ${show(interval[0])} to ${show(interval[1])})` : '';
  return `${show(difference)}${range}${conclusion === null ? '' : `: ${conclusion}`}`;
}

function trialTable({ sweep, config, trials }: ShownConfig, paper: Paper): string {
  const rows = trials.map((trial) => [
    `${sweep}/${config}/${trial.replicate}`,
    trial.failure_kind === null ? trial.state : `${trial.state} (${trial.failure_kind})`,
    trial.epoch,
    formatMeasure(trial.train_loss),
    formatMeasure(trial.validation_loss),
    formatMeasure(trial.objective),
    formatMeasure(trial.generalisation_gap),
  ]);
  const columns = ['trial', 'state', 'epochs', 'train_loss', 'validation_loss', 'objective', 'gap'];
  const used = columns.map((_, index) => index < 3 || rows.some((row) => row[index] !== '-'));
  const kept = <Cell>(cells: readonly Cell[]): Cell[] => cells.filter((_, index) => used[index]);
  return formatTable(kept(columns), rows.map(kept), { ...paper, soft: [0, 1] });
}
