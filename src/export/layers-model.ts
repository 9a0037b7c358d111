/** A network as Keras and tf.layers know it: layers with their arguments in Python's spelling, and their weights. Plain data. */

import type { NamedWeights } from './trained-model.ts';

/** A layer, initializer, regularizer or constraint. */
export interface KerasObject {
  readonly class_name: string;
  readonly config: Readonly<Record<string, unknown>>;
}

export interface LayersModel {
  readonly topology: KerasObject;
  /** In the model's order; of each its weights in Keras' order, names as in a saved model: `dense_1/kernel`. */
  readonly layers: readonly { readonly name: string; readonly weights: readonly NamedWeights[] }[];
}
