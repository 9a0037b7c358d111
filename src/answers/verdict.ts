/** What a sweep has shown, as a headline and some sentences: the same in the terminal and in the report. Pure. */

import { counted } from '../counted.ts';
import { decimalsFor, formatCount, formatMean, formatParamCell } from '../dashboard/format.ts';
import type { LeaderboardRow } from '../dashboard/snapshot.ts';
import type { SweepState } from '../dashboard/sweep-state.ts';
import { listed } from '../definition/mistake.ts';
import type { Params } from '../definition/resolved.ts';
import type { Diagnosis, DivergenceCause } from '../diagnosis/diagnosis.ts';
import { type Lead, leadSentence } from './lead-sentence.ts';
import type { Goal } from '../metrics.ts';
import type { Verdict } from '../report/report-data.ts';
import type { Analysis, ImportanceRow, MainEffectRow } from '../statistics/analysis-rows.ts';
import { leadOverBaseline } from '../statistics/comparisons.ts';

export interface VerdictFacts {
  readonly sweep: {
    readonly name: string;
    readonly state: SweepState;
    readonly objective: string;
    readonly goal: Goal;
    readonly configs: number;
    readonly replicates: number;
    readonly trials: number;
    /** Trials that ended, however they did. */
    readonly ended: number;
  };
  readonly analysis: Analysis;
  /** Configs with a result, best first: the first, and the baseline where it has one, at least. */
  readonly leaders: readonly LeaderboardRow[];
  /** Of all configs, by ordinal. */
  readonly params: readonly Params[];
  /** Failed trials by kind. */
  readonly failures: readonly { readonly kind: string; readonly trials: number }[];
  readonly causes: readonly DivergenceCause[];
  /** Of the best config. */
  readonly diagnosis: Diagnosis | null;
  /** What to try next, the most promising first. */
  readonly next: readonly string[];
}

/** Pieces of advice in a verdict. */
const MOST_ADVICE = 2;
/** Params that name a config. */
const MOST_PARAMS = 4;
/** Configs that are listed one by one. */
const MOST_LISTED = 3;
/** Of the variance between configs: a parameter that explains less hardly matters. */
const MATTERS = 0.05;

export function verdictOn(facts: VerdictFacts): Verdict {
  const sentences = [
    ...standingOn(facts),
    ...failed(facts).map(sentence),
    ...(facts.leaders.length > 0 && facts.diagnosis ? [sentence(facts.diagnosis.summary)] : []),
    ...(facts.next.length > 0 ? [sentence(`to try next: ${facts.next.slice(0, MOST_ADVICE).join('; ')}`)] : []),
  ];
  return { headline: headlineOn(facts), sentences };
}

/** Who leads, and whether that is more than luck; or why nobody does. */
export function headlineOn(facts: VerdictFacts): string {
  const [best] = facts.leaders;
  return sentence(best ? leadOf(best, facts) : withoutResult(facts));
}

/** What the leader reached, what may be as good, and which parameters matter; nothing without a result. */
export function standingOn(facts: VerdictFacts): string[] {
  const [best] = facts.leaders;
  return best ? [...scored(best, facts), ...told(best, facts), ...influence(facts)].map(sentence) : [];
}

/** Begins with a capital and ends with a full stop. */
export function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? '' : '.'}`;
}

function withoutResult({ sweep, failures }: VerdictFacts): string {
  const lost = failures.reduce((sum, { trials }) => sum + trials, 0);
  if (lost > 0 && lost === sweep.trials) {
    return lost === 1
      ? `the only trial of ${sweep.name} failed`
      : `all ${formatCount(lost)} trials of ${sweep.name} failed`;
  }
  const yet = sweep.state === 'finished' ? '' : ' yet';
  const ended = sweep.ended === 0 ? '' : `: ${formatCount(sweep.ended)} of ${countedTrials(sweep.trials)} have ended`;
  return `no trial of ${sweep.name} has a result${yet}${ended}`;
}

function countedTrials(trials: number): string {
  return trials === 1 ? '1 trial' : `${formatCount(trials)} trials`;
}

/** Who leads, and whether that is more than luck. */
function leadOf(best: LeaderboardRow, facts: VerdictFacts): string {
  const { sweep, leaders, analysis } = facts;
  const so =
    sweep.state === 'finished' ? '' : `so far, by ${formatCount(analysis.trials)} of ${countedTrials(sweep.trials)}: `;
  if (analysis.configs.length === 1) {
    const only =
      sweep.configs === 1 ? `the only config of ${sweep.name} reaches` : `only ${settingOf(best, facts)} has a result:`;
    return `${so}${only} ${sweep.objective} ${meanOf(best, facts)}`;
  }
  const baseline = leaders.find(({ is_baseline }) => is_baseline);
  return (
    so +
    leadSentence({ best: settingOf(best, facts), others: othersTied(facts), baseline: against(best, baseline, facts) })
  );
}

function against(
  best: LeaderboardRow,
  baseline: LeaderboardRow | undefined,
  { analysis, sweep }: VerdictFacts,
): Lead['baseline'] {
  if (!baseline) return 'none';
  if (baseline.config === best.config) return 'best';
  const lead = leadOverBaseline(analysis.comparisons, best.config, baseline.config, sweep.goal);
  return lead ?? { by: Math.abs(best.mean - baseline.mean), interval: null, claim: null };
}

/** Null where it cannot be said. */
function othersTied({ analysis: { configs, best } }: VerdictFacts): number | null {
  const others = configs.filter(({ config, tied }) => config !== best && tied !== null);
  return others.length === 0 ? null : others.filter(({ tied }) => tied).length;
}

/** With what differs from the baseline, where that is little: `config 3 (dropout 0.4)`. */
function settingOf({ config, params }: LeaderboardRow, { leaders }: VerdictFacts): string {
  const baseline = leaders.find((row) => row.is_baseline && row.config !== config);
  const named = Object.entries(params).filter(([name, value]) => value !== baseline?.params[name]);
  if (named.length === 0 || named.length > MOST_PARAMS) return `config ${config}`;
  return `config ${config} (${named.map(([name, value]) => `${name} ${formatParamCell(value)}`).join(', ')})`;
}

/** `0.977 on average over 3 replicates (95 % interval 0.974 to 0.981; with other rows 0.961 to 0.987)`. */
function meanOf(row: LeaderboardRow, { analysis, leaders }: VerdictFacts): string {
  const decimals = decimalsFor(leaders);
  const mean = formatMean(row.mean, decimals);
  const show = (range: readonly [number, number]): string =>
    `${formatMean(range[0], decimals)} to ${formatMean(range[1], decimals)}`;
  const { interval = null, rows_interval: rows = null } =
    analysis.configs.find(({ config }) => config === row.config) ?? {};
  const ranges = [
    ...(interval ? [`95 % interval ${show(interval)}`] : []),
    ...(rows ? [`${interval ? '' : '95 % interval '}with other rows ${show(rows)}`] : []),
  ];
  const n = row.n === 1 ? 'in one replicate' : `on average over ${row.n} replicates`;
  return `${mean} ${n}${ranges.length === 0 ? '' : ` (${ranges.join('; ')})`}`;
}

function scored(best: LeaderboardRow, facts: VerdictFacts): string[] {
  if (facts.analysis.configs.length === 1) return [];
  const { objective, goal } = facts.sweep;
  return [`its ${objective}, the ${goal === 'maximize' ? 'highest' : 'lowest'} of all, is ${meanOf(best, facts)}`];
}

/** What those that may be the best have in common, and in what they differ. */
function told(best: LeaderboardRow, { analysis, params, sweep }: VerdictFacts): string[] {
  const tied = analysis.configs.flatMap(({ config, tied: isTied }) =>
    isTied && config !== best.config ? [config] : [],
  );
  if (tied.length === 0) {
    return sweep.replicates === 1 && analysis.configs.length > 1
      ? ['with one replicate of each config nobody knows how much of a difference is chance']
      : [];
  }
  const which = `${tied.length === 1 ? 'config' : 'configs'} ${listed(tied.map(String), 'and')}`;
  const who =
    tied.length <= MOST_LISTED ? which : `${formatCount(tied.length)} of ${formatCount(sweep.configs)} configs`;
  const members = [best.params, ...tied.map((config) => params[config] ?? {})];
  const names = Object.keys(best.params).filter((name) => new Set(params.map((each) => each[name])).size > 1);
  const common = names.filter((name) => members.every((each) => each[name] === best.params[name]));
  const shared = listed(
    common.slice(0, MOST_PARAMS).map((name) => `${name} ${formatParamCell(best.params[name])}`),
    'and',
  );
  const inCommon = common.length === 0 ? '' : `; they all have ${shared}`;
  return [`what may be as good: ${who}${inCommon}`];
}

function influence({ analysis: { importance, mainEffects }, sweep }: VerdictFacts): string[] {
  const alone = importance.filter((row) => row.with === null).toSorted((a, b) => b.share - a.share);
  if (alone.length < 2) return [];
  const matters = alone.filter((row) => isInfluential(row));
  const idle = alone.filter((row) => !isInfluential(row)).map(({ parameter }) => parameter);
  if (matters.length === 0) return ['no parameter shows an influence that noise does not explain'];
  const [first, ...others] = matters.map((row) => {
    const at = bestLevel(row.parameter, mainEffects, sweep.goal);
    return `${row.parameter} (${percent(row.share)} of the variance between configs${at === undefined ? '' : `, best at ${at}`})`;
  });
  const rest = others.length === 0 ? '' : `, then ${listed(others.slice(0, MOST_LISTED).map(shortened), 'and')}`;
  const none =
    idle.length === 0 || idle.length > MOST_PARAMS
      ? ''
      : `; ${listed(idle, 'and')} hardly ${idle.length === 1 ? 'matters' : 'matter'}`;
  return [`what matters most is ${first}${rest}${none}`];
}

/** Said once is enough. */
function shortened(text: string): string {
  return text.replace(' of the variance between configs', '');
}

function isInfluential({ share, p_adjusted }: ImportanceRow): boolean {
  return share >= MATTERS && (p_adjusted === null || p_adjusted < 0.05);
}

function bestLevel(parameter: string, effects: readonly MainEffectRow[], goal: Goal): string | undefined {
  const sign = goal === 'maximize' ? 1 : -1;
  const levels = effects.filter((row) => row.parameter === parameter);
  return levels.toSorted((a, b) => sign * (b.mean - a.mean))[0]?.label;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(0)} %`;
}

function failed({ sweep, failures, causes, leaders }: VerdictFacts): string[] {
  const count = failures.reduce((sum, { trials }) => sum + trials, 0);
  if (count === 0) return [];
  const kinds = listed(
    failures.map(({ kind, trials }) => `${formatCount(trials)} ${kind.replaceAll('_', ' ')}`),
    'and',
  );
  const all = count === sweep.trials && leaders.length === 0;
  const [cause] = causes;
  const why = cause ? `; ${cause.evidence[0]}` : '';
  return [
    `${all ? 'how they failed' : `${formatCount(count)} of ${counted(sweep.trials, 'trial')} failed`}: ${kinds}${why}`,
  ];
}
