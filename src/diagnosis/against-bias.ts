/** What to try against bias: a network that fits its own training rows badly. Pure. */

import { formatParamCell } from '../dashboard/format.ts';
import { listed } from '../definition/mistake.ts';
import { stillLearns } from './curves.ts';
import { hiddenLayers, REGULARISERS, strengthsOf } from './network.ts';
import { architecture, towards, knobsAt, type Patient, type Try, WEIGHT } from './tries.ts';

/** Keys that say how wide a network is. */
export const WIDTHS = ['units', 'filters', 'width'];
const DEPTHS = ['repeat', 'depth'];

export function againstBias(patient: Patient): readonly Try[] {
  return [longer, wider, deeper, learningRate, weaker, optimalError, architecture].flatMap((advice) => advice(patient));
}

function longer(patient: Patient): readonly Try[] {
  const { curves, n, stopped, epochs, budget, sections } = patient.config;
  if (!curves) return [{ text: 'train longer', weight: WEIGHT.recipe }];
  // Where the training error is flat, more epochs change nothing.
  if (!stillLearns(curves)) return [];
  const { early_stopping: stopping = null, steps = null } = sections?.train ?? {};
  const raised = (keys: readonly string[], path: string, now: number): string =>
    `train longer: raise ${knobsAt(patient, keys)[0]?.name ?? path} (${now} now), since`;
  const learns = `train_${curves.metric} still falls`;
  const text =
    2 * stopped > n && stopping
      ? `${raised(['patience'], 'train.early_stopping.patience', stopping.patience)} trials stop after ${Math.round(epochs)} of ${budget} epochs while ${learns}`
      : `${steps === null ? raised(['epochs'], 'train.epochs', budget) : raised(['steps'], 'train.steps', steps)} ${learns} at the end`;
  return [{ text, weight: WEIGHT.results }];
}

/** Where its size is searched, only its end is a reason to go on; where it is not, nobody knows. */
function wider(patient: Patient): readonly Try[] {
  const knobs = knobsAt(patient, WIDTHS);
  if (knobs.length > 0) return towards('high', 'a bigger network', patient, knobs);
  const hidden = hiddenLayers(patient.config.sections);
  if (hidden.length === 0) return [];
  const units = [...new Set(hidden.map((layer) => String(layer.units)))];
  const now = `its hidden ${hidden.length === 1 ? 'layer has' : 'layers have'} ${listed(units, 'and')} units`;
  return [{ text: `a bigger network: ${now}, and nothing else was tried; search \`units\``, weight: WEIGHT.untried }];
}

function deeper(patient: Patient): readonly Try[] {
  return towards('high', 'a deeper network', patient, knobsAt(patient, DEPTHS));
}

function learningRate(patient: Patient): readonly Try[] {
  const knobs = knobsAt(patient, ['learning_rate']);
  const rate = patient.config.sections?.train.optimizer.learning_rate;
  if (knobs.length === 0 && typeof rate === 'number') {
    const text = `search the learning rate: it is ${formatParamCell(rate)} in all configs`;
    return [{ text, weight: WEIGHT.recipe }];
  }
  return [...towards('high', 'a larger step', patient, knobs), ...towards('low', 'a smaller step', patient, knobs)];
}

/** Regularisation that was not searched may be too strong; of what was searched the results have the say. */
function weaker(patient: Patient): readonly Try[] {
  const what = 'less regularisation';
  const searched = towards('low', what, patient, knobsAt(patient, REGULARISERS));
  const fixed = strengthsOf(patient.config.sections).filter(({ key }) => knobsAt(patient, [key]).length === 0);
  if (fixed.length === 0) return searched;
  const named = fixed.map(({ key, value }) => `${key} ${formatParamCell(value)}`);
  return [...searched, { text: `${what}: ${listed(named, 'and')} may hold it back`, weight: WEIGHT.untried }];
}

/** Some of what looks like bias may be what nobody can avoid. */
function optimalError({ errors }: Patient): readonly Try[] {
  if (errors.optimal !== null) return [];
  const text = 'if some of the error cannot be avoided, say how much (optimal_error): only the rest is bias';
  return [{ text, weight: WEIGHT.recipe }];
}
