/** The process of a trained model: gets its weights, predicts, and takes a module's model apart. Native code stays out of the caller's. */

import { parseMessage, type FromModelProcess, type ToModelProcess } from '../../src/export/model-messages.ts';
import type { NamedWeights } from '../../src/export/trained-model.ts';
import { loadBackend } from '../backend/backend.ts';
import { decodeCheckpoint } from '../train/checkpoint.ts';
import { layoutOf } from '../train/layout.ts';
import { loadNetwork } from '../train/module/load.ts';
import type { Program } from '../train/program.ts';
import { createTraining, stateEntries } from '../train/training.ts';
import { keptWeights } from './kept-weights.ts';
import { moduleLayersModel } from './module-model.ts';
import { predictorOf, type Predictor } from './predict.ts';
import { trainAgain } from './train-again.ts';

interface Opened {
  readonly program: Program;
  readonly weights: readonly NamedWeights[];
  readonly predictor: Predictor;
}

let opened: Opened | undefined;

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

async function open({
  backend: name,
  program,
  task,
  checkpoint,
}: Extract<ToModelProcess, { type: 'open' }>): Promise<FromModelProcess> {
  const backend = await loadBackend(name);
  const network = await loadNetwork(program, backend.ops);
  const training = createTraining(program, backend.ops, layoutOf(program), network);
  const form = { metrics: program.metrics, entries: stateEntries(training) };
  // A copy that is no Buffer: slices of one are views.
  const kept = checkpoint ? decodeCheckpoint(new Uint8Array(checkpoint), form) : 'there must be one';
  // A checkpoint of another version is of no use, but training again gives the same.
  const usable = typeof kept !== 'string';
  const state = usable
    ? kept
    : decodeCheckpoint(
        await trainAgain(backend, program, network, task, (event) => send({ type: 'event', event })),
        form,
      );
  if (typeof state === 'string') throw new Error(state);
  const weights = keptWeights(training, state.state);
  opened = { program, weights, predictor: predictorOf(training.network, program, task, weights) };
  return { type: 'opened', weights, source: usable ? 'checkpoint' : 'trained_again' };
}

async function ask(
  message: Exclude<ToModelProcess, { type: 'open' }>,
  { program, weights, predictor }: Opened,
): Promise<FromModelProcess> {
  if (message.type === 'predict') return { type: 'predicted', outputs: predictor.predict(message.inputs) };
  if (!program.module) throw new Error('only a module makes a tf.layers model');
  return { type: 'layers_model', model: await moduleLayersModel(program.module, weights) };
}
