/** Writes a model as Keras' HDF5 file: the topology as an attribute, the weights as data sets. Source: Keras 2.15, `save_model_to_hdf5`. */

import { rmSync } from 'node:fs';
import { ready, File, type Group } from 'h5wasm/node';
import type { LayersModel } from './layers-model.ts';

/** Of the format; Keras 3 reads files of 2, but not the other way round. */
const KERAS_VERSION = '2.15.0';

/** Replaces the file. */
export async function writeKerasFile({ topology, layers }: LayersModel, file: string): Promise<void> {
  await ready;
  rmSync(file, { force: true });
  const h5 = new File(file, 'w');
  try {
    h5.create_attribute('keras_version', KERAS_VERSION);
    h5.create_attribute('backend', 'tensorflow');
    h5.create_attribute('model_config', JSON.stringify(topology));
    const group = h5.create_group('model_weights');
    group.create_attribute('keras_version', KERAS_VERSION);
    group.create_attribute('backend', 'tensorflow');
    writeNames(
      group,
      'layer_names',
      layers.map(({ name }) => name),
    );
    for (const { name, weights } of layers) {
      const own = group.create_group(name);
      writeNames(
        own,
        'weight_names',
        weights.map((weight) => weight.name),
      );
      for (const weight of weights) writeWeight(own, weight.name, weight.values, weight.shape);
    }
    h5.create_group('top_level_model_weights');
    h5.flush();
  } finally {
    h5.close();
  }
}

/** An empty list is numbers, as NumPy makes it. */
function writeNames(group: Group, attribute: string, names: readonly string[]): void {
  if (names.length === 0) group.create_attribute(attribute, new Float64Array(0), [0]);
  else group.create_attribute(attribute, [...names]);
}

/** A `/` in a name makes groups. */
function writeWeight(group: Group, name: string, values: Float32Array, shape: readonly number[]): void {
  const path = name.split('/');
  let folder = group;
  for (const part of path.slice(0, -1)) {
    folder = folder.keys().includes(part) ? (folder.get(part) as Group) : folder.create_group(part);
  }
  folder.create_dataset({ name: path.at(-1)!, data: values, shape: [...shape], dtype: '<f' });
}
