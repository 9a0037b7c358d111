/** What to try next, from all that a sweep has shown: the ends of its ranges, its ties, its best config, its failures. Pure. */

import type { Goal } from '../metrics.ts';
import type { Analysis } from '../statistics/analysis-rows.ts';
import { leadOverBaseline } from '../statistics/comparisons.ts';
import { contendersOf, type SweepDiagnosis } from './diagnose.ts';
import type { DiagnosisFacts } from './facts.ts';
import { edgeOf, knobsOf, type Edge } from './knobs.ts';
import { describeEdge } from './tries.ts';

/** More are no advice. */
const MOST_REPLICATES = 100;

/** The most promising first, each without a full stop. @param replicates of the sweep */
export function whatNext(
  facts: DiagnosisFacts,
  analysis: Analysis,
  { diagnoses, causes }: Pick<SweepDiagnosis, 'diagnoses' | 'causes'>,
  replicates: number,
): string[] {
  const { best } = analysis;
  const against = causes.slice(0, 2).map(({ advice }) => `against divergence, ${advice}`);
  const contenders = contendersOf(facts.params, analysis);
  if (contenders === null) return against;
  const edges = knobsOf(facts.definition).flatMap((knob) => edgeOf(knob, contenders) ?? []);
  const own = diagnoses.find(({ config }) => config === best)?.advice ?? [];
  // The diagnosis may name the same end, with a reason.
  const beyond = (sure: boolean): string[] =>
    edges
      .filter((edge) => (edge.doubt === 'none') === sure && !own.some((advice) => advice.includes(describeEdge(edge))))
      .map(widened);
  return [
    ...beyond(true),
    ...own.slice(0, 2),
    ...moreReplicates(analysis, facts.goal, replicates),
    ...against,
    ...own.slice(2),
    ...beyond(false),
  ];
}

function widened(edge: Edge): string {
  return `search ${edge.knob.name} further: ${describeEdge(edge)}`;
}

/** As many as would tell the best from the baseline, or else from the runner-up, if the differences stay as they are. */
function moreReplicates({ best, configs, comparisons }: Analysis, goal: Goal, replicates: number): string[] {
  if (best === null || configs.length < 2) return [];
  if (replicates === 1) return ['more replicates, 3 at least: with one nobody knows what is chance'];
  const planned = comparisons.find((row) => row.reference === 'baseline' && row.config === best);
  const lead = planned && leadOverBaseline(comparisons, best, planned.other, goal);
  if (lead?.claim === false) {
    const question = 'whether the best is better than the baseline';
    return advised(
      planned?.n ?? 0,
      lead.by,
      lead.interval,
      question,
      'keep the baseline where it is simpler: it may well be as good as the best',
    );
  }
  const [nearest] = comparisons
    .filter((row) => row.reference === 'best' && row.config !== best && row.conclusion === 'unclear')
    .toSorted((a, b) => Math.abs(a.difference) - Math.abs(b.difference));
  if (!nearest) return [];
  const { n, difference, interval, config } = nearest;
  const question = `whether config ${best} is better than config ${config}`;
  const otherwise = `configs ${best} and ${config} may well be equally good: take the one that costs less`;
  return advised(n, difference, interval, question, otherwise);
}

/** The width of an interval falls with the square root of the number of replicates. @param otherwise what holds where it would take too many */
function advised(
  n: number,
  difference: number,
  interval: readonly [number, number] | null,
  question: string,
  otherwise: string,
): string[] {
  if (!interval || n < 2) return [];
  const half = (interval[1] - interval[0]) / 2;
  const needed = difference === 0 ? Infinity : Math.ceil(n * (half / difference) ** 2);
  if (needed <= n) return [];
  if (needed > MOST_REPLICATES) return [otherwise];
  return [
    `about ${needed} replicates instead of ${n} would show ${question}: raise \`replicates\` and run it again, what is done stays`,
  ];
}
