/**
 * The basic recipe as advice: what to try against bias and against variance, in terms of a definition's own knobs. Pure.
 *
 * Source: A. Ng, "Deep Learning Specialization", course 2: against bias a bigger network, longer training, another
 * architecture; against variance more data, regularisation, another architecture. What the results of the sweep speak for
 * comes first, then what it has not tried at all.
 */

import { againstBias } from './against-bias.ts';
import { againstVariance } from './against-variance.ts';
import { type Patient, type Try, WEIGHT } from './tries.ts';

/** Pieces of advice for one config. */
const MOST = 4;

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
      return larger.filter(({ weight }) => weight > WEIGHT.recipe);
    }
  }
}

/** One of each, so that what is cut off at the end is of both. */
function alternating(first: readonly Try[], second: readonly Try[]): readonly Try[] {
  const sorted = [first, second].map((tries) => tries.toSorted((a, b) => b.weight - a.weight));
  const longest = Math.max(first.length, second.length);
  return Array.from({ length: longest }, (_, index) => sorted.flatMap((tries) => tries[index] ?? [])).flat();
}
