/** Writes a trained model into a folder, with what turns rows of a file into its inputs. */

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SweepError } from '../errors.ts';
import { packageVersion } from '../package-info.ts';
import type { KerasObject, LayersModel } from './layers-model.ts';
import type { OpenModel } from './open-model.ts';

export type ModelFormat = 'tfjs' | 'keras';

/**
 * Creates the folder where there is none. Returns the paths of what it wrote; files of these names are replaced.
 * Errors: `SweepError` of code `usage` where tf.layers lacks what the network has.
 */
export async function exportModel(
  open: Pick<OpenModel, 'model' | 'layersModel'>,
  format: ModelFormat,
  folder: string,
): Promise<readonly string[]> {
  const layersModel = await open.layersModel();
  if (format === 'tfjs') checkTfjs(layersModel);
  mkdirSync(folder, { recursive: true });
  const preprocessing = join(folder, 'preprocessing.json');
  writeFileSync(preprocessing, `${JSON.stringify(open.model.preprocessing, null, 2)}\n`);
  const files = format === 'tfjs' ? writeTfjs(layersModel, folder) : await writeKeras(layersModel, folder);
  return [...files, preprocessing];
}

/** The only argument of ours that tf.layers refuses. */
function checkTfjs({ topology }: LayersModel): void {
  const layers = topology.config['layers'] as readonly KerasObject[];
  const elu = layers.find(({ class_name, config }) => class_name === 'ELU' && config['alpha'] !== 1);
  if (!elu) return;
  throw new SweepError('usage', {
    message: `tf.layers has elu with alpha 1 only, but the network has it with ${String(elu.config['alpha'])}`,
    hint: 'export it for Keras',
  });
}

/** What `tf.loadLayersModel` reads: the topology, and all weights one after another as float32, little-endian. */
function writeTfjs({ topology, layers }: LayersModel, folder: string): readonly string[] {
  const weights = layers.flatMap((layer) => layer.weights);
  const manifest = {
    paths: ['weights.bin'],
    weights: weights.map(({ name, shape }) => ({ name, shape, dtype: 'float32' })),
  };
  const model = {
    format: 'layers-model',
    generatedBy: `nightsweep ${packageVersion}`,
    convertedBy: null,
    modelTopology: topology,
    weightsManifest: [manifest],
  };
  const [json, binary] = [join(folder, 'model.json'), join(folder, 'weights.bin')];
  writeFileSync(json, `${JSON.stringify(model)}\n`);
  writeFileSync(binary, Buffer.concat(weights.map(({ values }) => littleEndian(values))));
  return [json, binary];
}

function littleEndian(values: Float32Array): Buffer {
  const bytes = Buffer.alloc(values.length * 4);
  values.forEach((value, index) => bytes.writeFloatLE(value, index * 4));
  return bytes;
}

async function writeKeras(model: LayersModel, folder: string): Promise<readonly string[]> {
  const { writeKerasFile } = await import('./keras-file.ts');
  const file = join(folder, 'model.h5');
  await writeKerasFile(model, file);
  return [file];
}
