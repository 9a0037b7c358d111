/** The process of a trained model: gets its weights, predicts, and takes a module's model apart. Native code stays out of the caller's. */

import { parseMessage, type FromModelProcess, type ToModelProcess } from '../../src/export/model-messages.ts';
import { loadBackend } from '../backend/backend.ts';
import type { Program } from '../train/program.ts';
import { moduleLayersModel } from './module-model.ts';
import { openNetwork, type TrainedNetwork } from './open-network.ts';

let opened: { readonly program: Program; readonly network: TrainedNetwork } | undefined;

process.on('message', (message) => void answer(parseMessage<ToModelProcess>(message)));
// Nobody asks any more.
process.once('disconnect', () => process.exit());

function send(message: FromModelProcess): void {
  process.send!(message);
}

async function answer(message: ToModelProcess): Promise<void> {
  try {
    send(message.type === 'open' ? await open(message) : await ask(message, opened!));
  } catch (error) {
    send({ type: 'failed', message: error instanceof Error ? error.message : String(error) });
  }
}

async function open(message: Extract<ToModelProcess, { type: 'open' }>): Promise<FromModelProcess> {
  const backend = await loadBackend(message.backend);
  const network = await openNetwork(backend, message, (event) => send({ type: 'event', event }));
  opened = { program: message.program, network };
  const { weights, source } = network;
  return { type: 'opened', weights, source };
}

async function ask(
  message: Exclude<ToModelProcess, { type: 'open' }>,
  { program, network }: NonNullable<typeof opened>,
): Promise<FromModelProcess> {
  if (message.type === 'predict') return { type: 'predicted', outputs: network.predict(message.inputs) };
  if (!program.module) throw new Error('only a module makes a tf.layers model');
  return { type: 'layers_model', model: await moduleLayersModel(program.module, network.weights) };
}
