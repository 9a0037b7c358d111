/** What the last layer must look like for the loss. Pure. */

import { knownClasses } from './check-data.ts';
import { hasUnitPerClass, needsTwoClasses, wantedActivations } from './loss-rules.ts';
import { listed, type Mistake, type Path } from './mistake.ts';
import type { LossName } from './resolved.ts';
import type { DataSection } from './schema/data.ts';
import type { Layer, ModelSection } from './schema/model.ts';

type Layered = Extract<ModelSection, { layers: unknown }>;
type Dense = Extract<Layer, { type: 'dense' }>;

export function outputMistakes({ layers }: Layered, data: DataSection, loss: LossName): Mistake[] {
  const index = layers.length - 1;
  const last = layers[index];
  const path: Path = ['model', 'layers', index];
  if (!last) return [{ path: ['model', 'layers'], message: 'must have at least one layer, but every repeat is 0' }];
  if (last.type !== 'dense') {
    return [{ path, message: `must be a dense layer, the output, but found ${last.type}` }];
  }
  const classes = knownClasses(data);
  return [
    ...unitsMistakes(last, path, loss, classes),
    ...activationMistakes(last, path, loss),
    ...disturbanceMistakes(last, path),
    ...classesMistakes(loss, classes),
  ];
}

function unitsMistakes({ units }: Dense, path: Path, loss: LossName, classes: number | undefined): Mistake[] {
  const must = (what: string): Mistake[] => [{ path: [...path, 'units'], message: `${what}, but found ${units}` }];
  if (!hasUnitPerClass(loss)) {
    if (units === 1) return [];
    const cause = needsTwoClasses(loss) ? '' : ', since there is one target';
    return must(`must be 1 in the last layer for ${loss}${cause}`);
  }
  if (units < 2) return must(`must be the number of classes, at least 2, in the last layer for ${loss}`);
  if (classes === undefined || units === classes) return [];
  return must(`must be the number of classes, ${classes}, in the last layer`);
}

function activationMistakes({ activation, units }: Dense, path: Path, loss: LossName): Mistake[] {
  // Both are reported where the layers are looked at: a softmax of one unit, and one unit for classes.
  if (units === 1 && (activation.name === 'softmax' || hasUnitPerClass(loss))) return [];
  const wanted = wantedActivations(loss, activation.name);
  if (!wanted) return [];
  const message = `must be ${listed(wanted)} in the last layer for ${loss}, but found ${activation.name}`;
  return [{ path: [...path, 'activation'], message }];
}

/** The loss is made of what the activation gives, and often of what it is given. */
function disturbanceMistakes(layer: Dense, path: Path): Mistake[] {
  return (['noise_after', 'dropout'] as const).flatMap((key): Mistake[] => {
    if (!layer[key]) return [];
    const message = `must be none in the last layer, whose output the loss takes as it is, but found ${layer[key]}`;
    return [{ path: [...path, key], message, hint: 'noise_before acts ahead of the activation' }];
  });
}

function classesMistakes(loss: LossName, classes: number | undefined): Mistake[] {
  if (!needsTwoClasses(loss) || classes === undefined || classes === 2) return [];
  const message = `must be one for ${classes} classes, but found ${loss}`;
  return [{ path: ['train', 'loss'], message, hint: 'categorical_crossentropy' }];
}
