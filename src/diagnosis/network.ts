/** What a config's network is made of, as far as advice depends on it. Pure. */

import type { ResolvedDense } from '../definition/resolved.ts';
import type { ConfigSections } from './facts.ts';

/** All dense layers but the output; none for a module's network. */
export function hiddenLayers(sections: ConfigSections | null): readonly ResolvedDense[] {
  if (!sections || !('layers' in sections.model)) return [];
  return sections.model.layers.slice(0, -1).filter((layer) => layer.type === 'dense');
}

export interface Strength {
  /** The key of the definition, such as `dropout`. */
  readonly key: string;
  /** Above 0: the largest of all layers. */
  readonly value: number;
}

export const PENALTIES = ['l2', 'l1', 'l2_over_2m', 'weight_decay'];
/** Keys of what acts the stronger the larger it is. */
export const REGULARISERS = ['dropout', ...PENALTIES, 'noise', 'noise_before', 'noise_after', 'weight_noise'];

const OF_A_LAYER = ['dropout', 'l1', 'l2', 'l2_over_2m', 'noise_before', 'noise_after', 'weight_noise'] as const;

/** What acts against overfitting. */
export function strengthsOf(sections: ConfigSections | null): readonly Strength[] {
  if (!sections) return [];
  const { model, train } = sections;
  const found = new Map<string, number>();
  const note = (key: string, value: number | null): void => {
    if (value !== null && value > 0) found.set(key, Math.max(value, found.get(key) ?? 0));
  };
  if ('layers' in model) {
    for (const layer of model.layers) if ('dropout' in layer) for (const key of OF_A_LAYER) note(key, layer[key]);
    note('dropout', model.input.dropout);
    note('noise', model.input.noise);
  }
  note('weight_decay', train.optimizer.weight_decay);
  return [...found].map(([key, value]) => ({ key, value }));
}
