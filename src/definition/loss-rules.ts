/** What each loss asks of the targets and of the output layer. Pure. */

import { encodingOf } from '../../workers/train/encoding.ts';
import type { ActivationName, LossName } from './resolved.ts';

export function isClassLoss(loss: LossName): boolean {
  return encodingOf(loss) !== 'number';
}

/** Whether the output layer has a unit for each class; otherwise it has one. */
export function hasUnitPerClass(loss: LossName): boolean {
  return encodingOf(loss) === 'one_hot';
}

/** One unit tells two classes apart, and no more. */
export function needsTwoClasses(loss: LossName): boolean {
  return isClassLoss(loss) && !hasUnitPerClass(loss);
}

const SIGMOID: readonly ActivationName[] = ['sigmoid'];
const SOFTMAX: readonly ActivationName[] = ['softmax'];
const SIGNED: readonly ActivationName[] = ['tanh', 'linear'];

/** Activations of the output layer, the usual one first. Numbers take any but softmax. */
const OUTPUT_ACTIVATIONS: Readonly<Partial<Record<LossName, readonly ActivationName[]>>> = {
  binary_crossentropy: SIGMOID,
  categorical_crossentropy: SOFTMAX,
  sparse_categorical_crossentropy: SOFTMAX,
  kl_divergence: SOFTMAX,
  hinge: SIGNED,
  squared_hinge: SIGNED,
};

/** What the output layer's activation must be one of; undefined when it is. */
export function wantedActivations(loss: LossName, found: ActivationName): readonly ActivationName[] | undefined {
  const wanted = OUTPUT_ACTIVATIONS[loss];
  if (!wanted) return found === 'softmax' ? ['linear'] : undefined;
  return wanted.includes(found) ? undefined : wanted;
}
