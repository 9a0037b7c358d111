/**
 * The basic recipe as advice: what to try against bias and against variance, in terms of a definition's own knobs. Pure.
 *
 * Source: A. Ng, "Deep Learning Specialization", course 2: against bias a bigger network, longer training, another
 * architecture; against variance more data, regularisation, another architecture. What the results of the sweep speak for
 * comes first, then what it has not tried at all.
 */

import { counted } from '../counted.ts';
import { formatParamCell } from '../dashboard/format.ts';
import { listed } from '../definition/mistake.ts';
import type { ResolvedConfig, ResolvedDense } from '../definition/resolved.ts';
import { overfittingEpoch, stillLearns } from './curves.ts';
import type { Scenario } from './diagnosis.ts';
import type { Errors } from './errors.ts';
import type { ConfigFacts, ConfigSections } from './facts.ts';
import { edgeOf, type Contenders, type Edge, type Knob } from './knobs.ts';

/** Pieces of advice for one config. */
const MOST = 4;

/** How much speaks for it: the results, that it was left out, or the recipe alone. */
const RESULTS = 3;
const UNTRIED = 2;
const RECIPE = 1;

interface Try {
  readonly text: string;
  readonly weight: number;
}

export interface Patient {
  readonly config: ConfigFacts;
  readonly errors: Errors;
  readonly scenario: Scenario;
  readonly knobs: readonly Knob[];
  /** Null for a config that is not the best: that it lies at an end says nothing of what is beyond. */
  readonly contenders: Contenders | null;
}

/** The most promising first. */
export function advise(patient: Patient): string[] {
  const tries = triesFor(patient);
  const sorted = tries.toSorted((a, b) => b.weight - a.weight);
  return [...new Set(sorted.map(({ text }) => text))].slice(0, MOST);
}

function triesFor(patient: Patient): readonly Try[] {
  const { errors, scenario } = patient;
  switch (scenario) {
    case 'high_bias':
      return againstBias(patient);
    case 'high_variance':
      return againstVariance(patient);
    case 'both':
      return alternating(againstBias(patient), againstVariance(patient));
    case 'neither': {
      const { train, dev, optimal } = errors.shares;
      if (dev <= optimal) return [];
      // What is left of the error has a larger part, though neither is high.
      const larger = dev - train > train - optimal ? againstVariance(patient) : againstBias(patient);
      return larger.filter(({ weight }) => weight > RECIPE);
    }
  }
}

/** One of each, so that what is cut off at the end is of both. */
function alternating(first: readonly Try[], second: readonly Try[]): readonly Try[] {
  const sorted = [first, second].map((tries) => tries.toSorted((a, b) => b.weight - a.weight));
  const longest = Math.max(first.length, second.length);
  return Array.from({ length: longest }, (_, index) => sorted.flatMap((tries) => tries[index] ?? [])).flat();
}

function againstBias(patient: Patient): readonly Try[] {
  return [
    longer(patient),
    bigger(patient),
    learningRate(patient),
    weaker(patient),
    optimalError(patient),
    architecture(patient),
  ].flat();
}

function againstVariance(patient: Patient): readonly Try[] {
  return [stopping(patient), ...stronger(patient), moreData(patient), smaller(patient), architecture(patient)].flat();
}

function longer({ config, knobs }: Patient): readonly Try[] {
  const { curves, n, stopped, epochs, budget, sections } = config;
  if (!curves) return [{ text: 'train longer', weight: RECIPE }];
  // Where the training error is flat, more epochs change nothing.
  if (!stillLearns(curves)) return [];
  const falls = `${`train_${curves.metric}`} still falls at the end`;
  if (2 * stopped > n && sections?.train.early_stopping) {
    const patience = knobNamed(knobs, ['patience'])?.name ?? 'train.early_stopping.patience';
    const now = sections.train.early_stopping.patience;
    const text = `train longer: raise ${patience} (${now} now), since trials stop after ${Math.round(epochs)} of ${budget} epochs while ${falls}`;
    return [{ text, weight: RESULTS }];
  }
  const key = sections?.train.steps ? 'train.steps' : 'train.epochs';
  const now = sections?.train.steps ?? budget;
  return [
    {
      text: `train longer: raise ${knobNamed(knobs, ['epochs', 'steps'])?.name ?? key} (${now} now), since ${falls}`,
      weight: RESULTS,
    },
  ];
}

const SIZES = ['units', 'filters', 'width'] as const;
const DEPTHS = ['repeat', 'depth'] as const;

function bigger(patient: Patient): readonly Try[] {
  return [...size(patient, SIZES, 'a bigger network'), ...size(patient, DEPTHS, 'a deeper network')];
}

/** Where its size is searched, only its end is a reason; where it is not, nobody knows. */
function size(patient: Patient, keys: readonly string[], what: string): readonly Try[] {
  const knob = knobNamed(patient.knobs, keys);
  if (knob) return atEnd(patient, knob, 'high', what);
  const hidden = hiddenLayers(patient.config.sections);
  const isWidth = keys === SIZES;
  if (!isWidth || hidden.length === 0) return [];
  const units = [...new Set(hidden.map((layer) => layer.units))];
  const now = `${hidden.length === 1 ? 'its hidden layer has' : 'its hidden layers have'} ${listed(units.map(String), 'and')} units`;
  return [{ text: `${what}: ${now}, and nothing else was tried; search \`units\``, weight: UNTRIED }];
}

function smaller(patient: Patient): readonly Try[] {
  const knob = knobNamed(patient.knobs, SIZES);
  return knob ? atEnd(patient, knob, 'low', 'a smaller network') : [];
}

function learningRate(patient: Patient): readonly Try[] {
  const knob = knobNamed(patient.knobs, ['learning_rate']);
  if (knob) {
    return [...atEnd(patient, knob, 'high', 'a larger step'), ...atEnd(patient, knob, 'low', 'a smaller step')];
  }
  const rate = patient.config.sections?.train.optimizer.learning_rate;
  if (typeof rate !== 'number') return [];
  return [{ text: `search the learning rate: it is ${formatParamCell(rate)} in all configs`, weight: RECIPE }];
}

/** Some of what looks like bias may be what nobody can avoid. */
function optimalError({ errors }: Patient): readonly Try[] {
  if (errors.optimal !== null) return [];
  return [
    {
      text: 'if some of the error cannot be avoided, say how much (optimal_error): only the rest is bias',
      weight: RECIPE,
    },
  ];
}

/** Regularisation that was not searched may be too strong; of what was searched the results have the say. */
function weaker({ config, knobs }: Patient): readonly Try[] {
  const fixed = strengthsOf(config.sections).filter(({ key }) => !knobNamed(knobs, [key]));
  if (fixed.length === 0) return [];
  const named = listed(
    fixed.map(({ key, value }) => `${key} ${formatParamCell(value)}`),
    'and',
  );
  return [{ text: `less regularisation: ${named} may hold it back`, weight: UNTRIED }];
}

const PENALTIES = ['l2', 'l1', 'l2_over_2m', 'weight_decay'] as const;
const REGULARISERS: readonly string[] = [
  'dropout',
  ...PENALTIES,
  'constraint',
  'max_value',
  'noise',
  'noise_before',
  'noise_after',
  'weight_noise',
];

function stronger(patient: Patient): readonly (readonly Try[])[] {
  const { config, knobs } = patient;
  const searched = REGULARISERS.flatMap((key) => knobNamed(knobs, [key]) ?? []);
  const atEnds = [...new Set(searched)].map((knob) => atEnd(patient, knob, 'high', 'more regularisation'));
  if (!config.sections || 'module' in config.sections.model) return atEnds;
  const present = new Set(strengthsOf(config.sections).map(({ key }) => key));
  const isUntried = (keys: readonly string[]): boolean =>
    keys.every((key) => !present.has(key) && !knobNamed(knobs, [key]));
  const missing = [
    ...(isUntried(['dropout']) ? ['dropout (such as 0, 0.2, 0.4)'] : []),
    ...(isUntried(PENALTIES) ? ['l2 (such as 0, 0.0001, 0.001)'] : []),
  ];
  if (missing.length === 0) return atEnds;
  return [...atEnds, [{ text: `regularisation that was not tried: search ${listed(missing)}`, weight: UNTRIED }]];
}

function stopping({ config, errors }: Patient): readonly Try[] {
  const { curves, sections, budget } = config;
  const epoch = curves && overfittingEpoch(curves);
  if (!curves || !epoch || !sections || sections.train.keep.rule !== 'last') return [];
  const monitor = `validation_${curves.metric}`;
  const patience = Math.max(10, Math.round(epoch / 5));
  // To stop by the test part would make its figures too good.
  const cure = errors.part === 'test' ? 'with a validation part, ' : '';
  const text = `stop earlier: ${errors.part}_${curves.metric} is lowest at about epoch ${epoch} of ${budget}; ${cure}early_stopping: { monitor: ${monitor}, patience: ${patience} } and keep: { best: ${monitor} }`;
  return [{ text, weight: RESULTS }];
}

function moreData({ config }: Patient): readonly Try[] {
  const { rows, sections } = config;
  const tries: Try[] = [];
  if (sections?.data.image && !sections.data.augment) {
    const text = 'more data: images can be changed at random (data.augment: flip, shift_pixels, rotate_degrees)';
    tries.push({ text, weight: UNTRIED });
  }
  if (!rows) return [...tries, { text: 'more data to train on', weight: RECIPE }];
  const all = rows.train + rows.validation + rows.test;
  const share = rows.train / all;
  const text =
    share < 0.5
      ? `more data: the split leaves ${counted(rows.train, 'row')} of ${all} to train on`
      : `more data: it has ${counted(rows.train, 'row')} to train on`;
  return [...tries, { text, weight: share < 0.5 ? UNTRIED : RECIPE }];
}

/** Squashing activations pass on small gradients only. */
const SATURATING: ReadonlySet<string> = new Set(['sigmoid', 'tanh', 'softsign']);
const DEEP = 3;

function architecture({ config: { sections }, knobs }: Patient): readonly Try[] {
  const hidden = hiddenLayers(sections);
  const saturating = hidden.filter(({ activation }) => SATURATING.has(activation.name));
  if (saturating.length >= DEEP) {
    const name = saturating[0]!.activation.name;
    const text = `another architecture: ${saturating.length} layers of ${name} pass on small gradients only; try relu with he_uniform`;
    return [{ text, weight: UNTRIED }];
  }
  const untried = ['activation', 'normalization', 'optimizer'].filter((key) => !knobNamed(knobs, [key]));
  const which = untried.length > 0 ? `, such as another ${listed(untried)}` : '';
  return [{ text: `another architecture${which}`, weight: RECIPE }];
}

function atEnd({ contenders }: Patient, knob: Knob, end: Edge['end'], what: string): readonly Try[] {
  const edge = contenders && edgeOf(knob, contenders);
  if (edge?.end !== end) return [];
  return [{ text: `${what}: ${describeEdge(edge)}`, weight: edge.doubt === 'none' ? RESULTS : UNTRIED }];
}

/** Such as `the best has width 64, the highest that was searched; try 128`. */
export function describeEdge({ knob, end, value, doubt, beyond }: Edge): string {
  const extreme = end === 'high' ? 'highest' : 'lowest';
  const isEnd = value === (end === 'high' ? knob.range?.high : knob.range?.low);
  const place = isEnd ? `the ${extreme} that was searched` : `near the ${extreme} that was searched`;
  const doubts = {
    none: '',
    others: `, though others that may be as good have ${end === 'high' ? 'less' : 'more'} of it`,
    chance: ', perhaps by chance',
  };
  return `the best has ${knob.name} ${formatParamCell(value)}, ${place}${doubts[doubt]}; try ${formatParamCell(beyond)}`;
}

/** The first knob that stands at one of these keys, or is called so where a module gets it. */
function knobNamed(knobs: readonly Knob[], keys: readonly string[]): Knob | undefined {
  return knobs.find((knob) => keys.some((key) => knob.keys.has(key) || knob.name === key));
}

/** All dense layers but the output. */
function hiddenLayers(sections: ConfigSections | null): readonly ResolvedDense[] {
  if (!sections || !('layers' in sections.model)) return [];
  return sections.model.layers.slice(0, -1).filter((layer) => layer.type === 'dense');
}

/** What acts against overfitting in a network, with the largest value of each kind. */
function strengthsOf(sections: ConfigSections | null): readonly { readonly key: string; readonly value: number }[] {
  if (!sections) return [];
  const found = new Map<string, number>();
  const note = (key: string, value: unknown): void => {
    if (typeof value === 'number' && value > 0) found.set(key, Math.max(value, found.get(key) ?? 0));
  };
  const { model, train }: Pick<ResolvedConfig, 'model' | 'train'> = sections;
  if ('layers' in model) {
    for (const layer of model.layers) {
      if (!('dropout' in layer)) continue;
      for (const key of ['dropout', 'l1', 'l2', 'l2_over_2m', 'noise_before', 'noise_after', 'weight_noise'] as const) {
        note(key, layer[key]);
      }
    }
    note('dropout', model.input.dropout);
    note('noise', model.input.noise);
  }
  note('weight_decay', train.optimizer.weight_decay);
  return [...found].map(([key, value]) => ({ key, value }));
}
