/** A piece of advice, what speaks for it, and those that bias and variance share. Pure. */

import { formatParamCell } from '../dashboard/format.ts';
import { listed } from '../definition/mistake.ts';
import type { Params } from '../definition/resolved.ts';
import type { Scenario } from './diagnosis.ts';
import type { Errors } from './errors.ts';
import type { ConfigFacts } from './facts.ts';
import { edgeOf, type Contenders, type Edge, type Knob } from './knobs.ts';
import { hiddenLayers } from './network.ts';

/** What speaks for a piece of advice: the results, that the sweep has left it out, or the recipe alone. */
export const WEIGHT = { results: 3, untried: 2, recipe: 1 } as const;

export interface Try {
  readonly text: string;
  readonly weight: (typeof WEIGHT)[keyof typeof WEIGHT];
}

export interface Patient {
  readonly config: ConfigFacts;
  readonly errors: Errors;
  readonly scenario: Scenario;
  readonly knobs: readonly Knob[];
  readonly params: Params;
  readonly isBest: boolean;
  /** Null without a best config. */
  readonly contenders: Contenders | null;
}

/** The knobs that stand at one of these keys, or are called so where a module gets them. */
export function knobsAt({ knobs }: Patient, keys: readonly string[]): readonly Knob[] {
  return knobs.filter((knob) => keys.some((key) => knob.keys.has(key) || knob.name === key));
}

/**
 * To change these knobs in one direction: for the best config beyond the end of what was searched, if its value lies there;
 * for another one towards the value of the best.
 */
export function towards(
  end: Edge['end'],
  what: string,
  { params, isBest, contenders }: Patient,
  knobs: readonly Knob[],
): readonly Try[] {
  if (!contenders) return [];
  return knobs.flatMap((knob): Try[] => {
    if (!isBest) {
      const [own, best] = [params[knob.name], contenders.best[knob.name]];
      if (typeof own !== 'number' || typeof best !== 'number' || (end === 'high' ? best <= own : best >= own))
        return [];
      const text = `${what}: ${knob.name} is ${formatParamCell(own)} here and ${formatParamCell(best)} in the best`;
      return [{ text, weight: WEIGHT.results }];
    }
    const edge = edgeOf(knob, contenders);
    if (edge?.end !== end) return [];
    return [
      { text: `${what}: ${describeEdge(edge)}`, weight: edge.doubt === 'none' ? WEIGHT.results : WEIGHT.untried },
    ];
  });
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

/** Squashing activations pass on small gradients only. */
const SATURATING: ReadonlySet<string> = new Set(['sigmoid', 'tanh', 'softsign']);
const DEEP = 3;

export function architecture(patient: Patient): readonly Try[] {
  const hidden = hiddenLayers(patient.config.sections);
  const saturating = hidden.filter(({ activation }) => SATURATING.has(activation.name));
  if (saturating.length >= DEEP) {
    const name = saturating[0]!.activation.name;
    const text = `another architecture: ${saturating.length} layers of ${name} pass on small gradients only; try relu with he_uniform`;
    return [{ text, weight: WEIGHT.untried }];
  }
  const untried = ['activation', 'normalization', 'optimizer'].filter((key) => knobsAt(patient, [key]).length === 0);
  const which = untried.length > 0 ? `, such as another ${listed(untried)}` : '';
  return [{ text: `another architecture${which}`, weight: WEIGHT.recipe }];
}
