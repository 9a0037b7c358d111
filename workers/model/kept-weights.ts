/** A network's numbers after the kept epoch, out of the state with which its trial ended. Pure. */

import type { NamedWeights } from '../../src/export/trained-model.ts';
import type { SlotState } from '../train/checkpoint.ts';
import { keepsWeights } from '../train/stopping.ts';
import type { Training } from '../train/training.ts';

/** Variables in the network's order, then its statistics. */
export function keptWeights({ program, network, parameters }: Training, state: SlotState): readonly NamedWeights[] {
  const prefix = keepsWeights(program) ? 'kept.' : '';
  // A tensor that stores several variables holds them one after another.
  const stored = [...parameters.stored, ...network.statistics.map((each) => ({ ...each, variables: [each] }))];
  return stored.flatMap(({ name: storedName, variables }) => {
    const values = state[prefix + storedName] as Float32Array;
    let at = 0;
    return variables.map(({ name, shape }) => {
      const from = at;
      at += shape.reduce((product, length) => product * length, 1);
      return { name, shape, values: values.slice(from, at) };
    });
  });
}
