/** The lecture's diagnosis of a sweep: bias and variance of some configs, why trials diverged, what the split is good for. Pure. */

import { counted } from '../counted.ts';
import { formatMeasure } from '../dashboard/format.ts';
import { isMap } from '../definition/mistake.ts';
import type { Params } from '../definition/resolved.ts';
import { overfittingEpoch } from './curves.ts';
import type { Diagnosis, DivergenceCause, Scenario, SplitRemark } from './diagnosis.ts';
import { divergenceCauses } from './divergence.ts';
import { errorsOf, isShare, rowsHalfWidth, type Errors } from './errors.ts';
import type { DiagnosisFacts, PartRows } from './facts.ts';
import { knobsOf, type Contenders } from './knobs.ts';
import { advise } from './recipe.ts';
import { HIGH, scenarioOf } from './scenario.ts';
import { splitRemarks } from './split.ts';
import type { Patient } from './tries.ts';

export interface SweepDiagnosis {
  /** Of the configs that were asked for and can be diagnosed, in their order. */
  readonly diagnoses: readonly Diagnosis[];
  /** Why the first of them cannot be; null where it can, or where none has a result. */
  readonly undiagnosed: string | null;
  readonly causes: readonly DivergenceCause[];
  readonly split: readonly SplitRemark[];
}

/** The part of an analysis that the diagnosis rests on. */
export interface Standing {
  /** Null without a result. */
  readonly best: number | null;
  readonly configs: readonly { readonly config: number; readonly tied: boolean | null }[];
}

export function diagnoseSweep(facts: DiagnosisFacts, standing: Standing): SweepDiagnosis {
  const optimal = optimalErrorOf(facts.definition);
  const knobs = knobsOf(facts.definition);
  const contenders = contendersOf(facts.params, standing);
  const examined = facts.configs
    .filter(({ n }) => n > 0)
    .map((config) => ({ config, errors: errorsOf(facts.objective, config.means, optimal) }));
  const diagnoses = examined.flatMap(({ config, errors }) =>
    typeof errors === 'string'
      ? []
      : [
          diagnosisOf({
            config,
            params: facts.params[config.config] ?? {},
            isBest: config.config === standing.best,
            errors,
            knobs,
            contenders,
          }),
        ],
  );
  const first = examined[0];
  return {
    diagnoses,
    undiagnosed: typeof first?.errors === 'string' ? first.errors : null,
    causes: divergenceCauses(facts),
    split: first ? splitRemarks(first.config, typeof first.errors === 'string' ? null : first.errors) : [],
  };
}

function optimalErrorOf(definition: unknown): number | null {
  const written = isMap(definition) ? definition['optimal_error'] : undefined;
  return typeof written === 'number' ? written : null;
}

/** Null without a result. */
export function contendersOf(params: readonly Params[], { best, configs }: Standing): Contenders | null {
  if (best === null) return null;
  const others = configs.filter(({ config }) => config !== best);
  const known = others.some(({ tied }) => tied !== null);
  return {
    best: params[best] ?? {},
    others: known ? others.flatMap(({ config, tied }) => (tied === true ? [params[config] ?? {}] : [])) : null,
  };
}

function diagnosisOf(examined: Omit<Patient, 'scenario'>): Diagnosis {
  const { config, errors } = examined;
  const { metric, part, train, dev, optimal, shares } = errors;
  const scenario = scenarioOf(shares.train - shares.optimal, shares.dev - shares.train);
  return {
    config: config.config,
    metric,
    part,
    train_error: train,
    dev_error: dev,
    optimal_error: optimal,
    bias: train - (optimal ?? 0),
    variance: dev - train,
    scenario,
    summary: summaryOf(errors, scenario) + doubt(errors, config.rows),
    advice: advise({ ...examined, scenario }),
    overfitting_epoch: config.curves && overfittingEpoch(config.curves),
  };
}

const SCENARIOS: Readonly<Record<Scenario, { readonly name: string; readonly meaning: string }>> = {
  high_bias: { name: 'high bias', meaning: 'it does not fit its own training rows well' },
  high_variance: { name: 'high variance', meaning: 'much of what it learned holds for the training rows only' },
  both: {
    name: 'high bias and high variance',
    meaning: 'it does not fit its own training rows well, and others far less',
  },
  neither: { name: 'neither high bias nor high variance', meaning: 'it fits its training rows and others' },
};

/** Such as `high variance: error 1.0 % on train, 16.0 % on validation: much of what ... (optimal error taken as 0)`. */
function summaryOf({ metric, part, train, dev, optimal, shares }: Errors, scenario: Scenario): string {
  const share = isShare(metric);
  const show = (error: number): string => (share ? percent(error) : formatMeasure(error));
  const what = metric === 'accuracy' ? 'error' : share || metric === 'r2' ? `1 - ${metric}` : metric;
  const scale =
    share || metric === 'r2'
      ? ''
      : ` (in squares ${percent(shares.train)} and ${percent(shares.dev)} of what predicting the mean gets)`;
  const best = optimal === null ? 'the optimal error taken as 0' : `the optimal error being ${show(optimal)}`;
  const { name, meaning } = SCENARIOS[scenario];
  return `${name}, ${best}: ${what} ${show(train)} on train and ${show(dev)} on ${part}${scale}, so ${meaning}`;
}

/** Whether the variance is high may depend on which rows the parts happen to hold. */
function doubt({ metric, part, shares: { train, dev } }: Errors, rows: PartRows): string {
  if (!rows || !isShare(metric)) return '';
  const half = Math.hypot(rowsHalfWidth(train, rows.train), rowsHalfWidth(dev, rows[part]));
  if (Math.abs(dev - train - HIGH) > half) return '';
  return `; with ${counted(rows[part], 'row')} of ${part}, whether the variance is high may be chance`;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
