/** What to try against variance: a network that does worse on other rows than on its training rows. Pure. */

import { counted } from '../counted.ts';
import { listed } from '../definition/mistake.ts';
import { WIDTHS } from './against-bias.ts';
import { overfittingEpoch } from './curves.ts';
import { PENALTIES, REGULARISERS, strengthsOf } from './network.ts';
import { architecture, towards, knobsAt, type Patient, type Try, WEIGHT } from './tries.ts';

/** Patience that would not have missed the best epoch, as a share of it. */
const PATIENCE = { share: 0.2, least: 10 } as const;
/** Of all rows: fewer for training are few. */
const FEW = 0.5;

export function againstVariance(patient: Patient): readonly Try[] {
  return [stopping, stronger, moreData, smaller, architecture].flatMap((advice) => advice(patient));
}

/** Only for the last epoch being kept: another rule has avoided what comes after the best one. */
function stopping({ config: { curves, sections, budget }, errors: { part } }: Patient): readonly Try[] {
  const epoch = curves && overfittingEpoch(curves);
  if (!curves || epoch === null || sections?.train.keep.rule !== 'last') return [];
  const monitor = `validation_${curves.metric}`;
  const patience = Math.max(PATIENCE.least, Math.round(PATIENCE.share * epoch));
  // To stop by the test part would make its figures too good.
  const first = part === 'test' ? 'with a validation part, ' : '';
  const text = `stop earlier: ${part}_${curves.metric} is lowest at about epoch ${epoch} of ${budget}; ${first}early_stopping: { monitor: ${monitor}, patience: ${patience} } and keep: { best: ${monitor} }`;
  return [{ text, weight: WEIGHT.results }];
}

function stronger(patient: Patient): readonly Try[] {
  const { sections } = patient.config;
  const atEnds = towards('high', 'more regularisation', patient, knobsAt(patient, REGULARISERS));
  // What a module's network does is its own affair.
  if (!sections || 'module' in sections.model) return atEnds;
  const present = new Set(strengthsOf(sections).map(({ key }) => key));
  const isUntried = (keys: readonly string[]): boolean =>
    keys.every((key) => !present.has(key)) && knobsAt(patient, keys).length === 0;
  const missing = [
    ...(isUntried(['dropout']) ? ['dropout (such as 0, 0.2, 0.4)'] : []),
    ...(isUntried(PENALTIES) ? ['l2 (such as 0, 0.0001, 0.001)'] : []),
  ];
  if (missing.length === 0) return atEnds;
  const text = `regularisation that was not tried: search ${listed(missing)}`;
  return [...atEnds, { text, weight: WEIGHT.untried }];
}

function moreData({ config: { rows, sections } }: Patient): readonly Try[] {
  const { image = null, augment = null } = sections?.data ?? {};
  const isPlain = image !== null && augment === null;
  const changed: readonly Try[] = isPlain
    ? [
        {
          text: 'more data: images can be changed at random (data.augment: flip, shift_pixels, rotate_degrees)',
          weight: WEIGHT.untried,
        },
      ]
    : [];
  if (!rows) return [...changed, { text: 'more data to train on', weight: WEIGHT.recipe }];
  const all = rows.train + rows.validation + rows.test;
  const train = counted(rows.train, 'row');
  return [
    ...changed,
    rows.train < FEW * all
      ? { text: `more data: the split leaves ${train} of ${all} to train on`, weight: WEIGHT.untried }
      : { text: `more data: it has ${train} to train on`, weight: WEIGHT.recipe },
  ];
}

function smaller(patient: Patient): readonly Try[] {
  return towards('low', 'a smaller network', patient, knobsAt(patient, WIDTHS));
}
