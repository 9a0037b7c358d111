/** What the design of a sweep cannot carry, as sentences. Pure. */

import { counted } from '../counted.ts';
import { parseMetricName } from '../metrics.ts';
import type { AnalysisInput, ConfigRow, DesignWarning } from './analysis-rows.ts';
import { leadOverBaseline, type Comparisons } from './comparisons.ts';

/**
 * Fewer replicates estimate their own spread badly: with 4 the t interval is 3.2 standard errors wide to each side,
 * with 10 it is 2.3.
 */
const FEW_REPLICATES = 5;

/** @param configs those with a result */
export function designWarnings(
  input: AnalysisInput,
  configs: readonly ConfigRow[],
  compared: Comparisons,
): DesignWarning[] {
  return [
    replicates(input, configs),
    unfinished(input, configs),
    lost(input),
    unbalanced(input, configs, compared),
    selected(input, configs),
    fewRows(input, configs, compared),
  ].filter((warning) => warning !== undefined);
}

function replicates({ replicates: count }: AnalysisInput, configs: readonly ConfigRow[]): DesignWarning | undefined {
  if (configs.length < 2) return undefined;
  if (count === 1) {
    return {
      code: 'one_replicate',
      message:
        'Each config has one replicate, so nobody knows how much of a difference is the luck of the seed: nothing is claimed. Set `replicates: 10`.',
    };
  }
  if (count >= FEW_REPLICATES) return undefined;
  return {
    code: 'few_replicates',
    message: `Each config has ${count} replicates, from which the spread is known badly: intervals are wide, and differences that are real stay unclear. Ten replicates are a good start.`,
  };
}

function unfinished(
  { replicates: count, params, lost: gone }: AnalysisInput,
  configs: readonly ConfigRow[],
): DesignWarning | undefined {
  const planned = params.length * count;
  const ended = sum(configs.map(({ n }) => n)) + sum(gone);
  if (ended >= planned) return undefined;
  return {
    code: 'unfinished',
    message: `${ended} of ${counted(planned, 'trial')} have ended: means are of what has ended so far, and the order may change. The 5 % of false claims hold for one look at the results, not for many looks while the sweep runs.`,
  };
}

function lost({ lost: gone, params }: AnalysisInput): DesignWarning | undefined {
  const trials = sum(gone);
  if (trials === 0) return undefined;
  const configs = gone.filter((count) => count > 0).length;
  return {
    code: 'lost_trials',
    message: `${counted(trials, 'trial')} (of ${configs} of ${counted(params.length, 'config')}) ended without a result. Where bad luck makes trials fail, the mean of the others is too good.`,
  };
}

/** Only what has the replicates of the others can be compared with the best; what is still to come is no lack. */
function unbalanced(
  { lost: gone }: AnalysisInput,
  configs: readonly ConfigRow[],
  { tied, replicates: count }: Comparisons,
): DesignWarning | undefined {
  const left = configs.filter(({ config }) => gone[config]! > 0 && !tied.has(config)).length;
  if (count === 0 || left === 0) return undefined;
  return {
    code: 'unbalanced',
    message: `${counted(left, 'config')} of ${configs.length} ${left === 1 ? 'lacks' : 'lack'} a result in one of the ${count} replicates that are compared, and cannot be compared with the best.`,
  };
}

function selected({ measure }: AnalysisInput, configs: readonly ConfigRow[]): DesignWarning | undefined {
  if (configs.length < 2) return undefined;
  const { objective } = measure;
  switch (parseMetricName(objective)?.part) {
    case 'test':
      return {
        code: 'test_selected',
        message: `The best config was chosen by ${objective}, so what it reaches there is too good by what luck added: for an honest figure choose on a validation part, and measure the one that was chosen on the test part.`,
      };
    case 'train':
      return {
        code: 'train_selected',
        message: `The best config was chosen by ${objective}, which says how well a config fits the rows that it has seen, not how it does on others.`,
      };
    default:
      return undefined;
  }
}

/** The difference that is claimed is smaller than what other rows could change. */
function fewRows(
  { measure, baseline, goal }: AnalysisInput,
  configs: readonly ConfigRow[],
  { best, rows }: Comparisons,
): DesignWarning | undefined {
  const interval = configs.find(({ config }) => config === best)?.rows_interval;
  const claimed = best === null ? undefined : claimedDifference(best, baseline, goal, rows);
  if (!interval || claimed === undefined || claimed >= interval[1] - interval[0]) return undefined;
  const [low, high] = interval.map((end) => end.toFixed(3));
  return {
    code: 'few_rows',
    message: `${counted(measure.rows[best!]!, 'row')} are few: other rows of the same source could put the best config anywhere from ${low} to ${high} (95 %), which is wider than the difference of ${claimed.toFixed(3)} that is claimed. Replicates say nothing about other rows.`,
  };
}

/** From the baseline, or else the smallest from any other config; undefined where nothing is claimed. */
function claimedDifference(
  best: number,
  baseline: number | null,
  goal: AnalysisInput['goal'],
  rows: Comparisons['rows'],
): number | undefined {
  const lead = baseline === null ? undefined : leadOverBaseline(rows, best, baseline, goal);
  if (lead?.claim) return lead.by;
  const worse = rows.filter(({ reference, conclusion }) => reference === 'best' && conclusion === 'worse');
  return worse.length === 0 ? undefined : Math.min(...worse.map(({ difference }) => Math.abs(difference)));
}

function sum(counts: Iterable<number>): number {
  let total = 0;
  for (const count of counts) total += count;
  return total;
}
