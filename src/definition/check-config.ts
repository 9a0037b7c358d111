/** Impossible combinations inside one config: what each section allows alone and all of them together do not. Pure. */

import { dataMistakes } from './check-data.ts';
import { layersMistakes } from './check-layers.ts';
import { outputMistakes } from './check-output.ts';
import { trainMistakes } from './check-train.ts';
import type { Mistake } from './mistake.ts';
import type { Sections } from './resolve.ts';

/** Paths are those of the sections without references. */
export function configMistakes({ data, model, train }: Sections): Mistake[] {
  const loss = train.loss.name;
  return [
    ...dataMistakes(data, loss),
    ...('layers' in model ? [...layersMistakes(model, data), ...outputMistakes(model, data, loss)] : []),
    ...trainMistakes(train, data),
  ];
}
