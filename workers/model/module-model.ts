/** The tf.layers model that a user's module makes, with the weights of a trial. */

import type { ModelModule } from '../../src/module-types.ts';
import type { KerasObject, LayersModel } from '../../src/export/layers-model.ts';
import type { NamedWeights } from '../../src/export/trained-model.ts';
import { loadModule } from '../modules/load.ts';
import { buildOnce, type LayerInside } from '../train/module/build.ts';
import type { Program } from '../train/program.ts';

/** Made anew: the network that was trained has had layers exchanged. */
export async function moduleLayersModel(
  module: NonNullable<Program['module']>,
  trained: readonly NamedWeights[],
): Promise<LayersModel> {
  const create = (await loadModule(module)) as ModelModule;
  const params = JSON.parse(module.params) as Readonly<Record<string, unknown>>;
  const { model, weights } = buildOnce({ path: module.path, create, params }, 0);
  const valuesOf = new Map(trained.map(({ name, values }) => [name, values]));
  const byVariable = new Map(weights.map((weight) => [weight.variable, weight]));
  const layers = (model.layers as unknown as readonly LayerInside[]).map((layer) => ({
    name: layer.name,
    weights: layer.weights.map((variable) => {
      const { name, shape } = byVariable.get(variable)!;
      return { name: variable.originalName, shape, values: valuesOf.get(name)! };
    }),
  }));
  const topology = model.toJSON(undefined, false) as unknown as KerasObject;
  weights.forEach(({ variable }) => variable.dispose());
  return { topology: withInputLayer(topology), layers };
}

/** tf.layers writes the shape of a sequential model's input into its first layer, where Keras 3 does not look for it. */
function withInputLayer({ class_name, config }: KerasObject): KerasObject {
  const [first, ...others] = config['layers'] as readonly KerasObject[];
  const { batch_input_shape, ...rest } = first!.config;
  if (class_name !== 'Sequential' || first!.class_name === 'InputLayer' || !batch_input_shape) {
    return { class_name, config };
  }
  const input = { name: 'inputs', batch_input_shape, dtype: 'float32', sparse: false };
  const layers = [{ class_name: 'InputLayer', config: input }, { ...first!, config: rest }, ...others];
  return { class_name, config: { ...config, layers } };
}
