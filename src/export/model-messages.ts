/** What a process that holds a trained network is asked and answers: plain data, over a channel that takes typed arrays. */

import { z } from 'zod';
import type { CohortEvent } from '../executor/executor.ts';
import type { TrainedNetwork, TrialToOpen } from '../../workers/model/open-network.ts';
import type { BackendName } from '../../workers/protocol.ts';
import type { LayersModel } from './layers-model.ts';

export type ToModelProcess =
  /** First, and once. */
  | ({ readonly type: 'open'; readonly backend: BackendName } & TrialToOpen)
  /** `inputs`: [rows, width], transformed. */
  | { readonly type: 'predict'; readonly inputs: Float32Array }
  /** Of a program whose network a module makes. */
  | { readonly type: 'layers_model' };

/** Each question has one answer; events come before it. */
export type FromModelProcess =
  | { readonly type: 'event'; readonly event: CohortEvent }
  | ({ readonly type: 'opened' } & Pick<TrainedNetwork, 'weights' | 'source'>)
  /** `outputs`: [rows, outputs], after the output's activation. */
  | { readonly type: 'predicted'; readonly outputs: Float32Array }
  | { readonly type: 'layers_model'; readonly model: LayersModel }
  | { readonly type: 'failed'; readonly message: string };

const tagged = z.looseObject({ type: z.string() });

/** Both ends are of one version: only that it is a message is checked. */
export function parseMessage<Message extends { readonly type: string }>(message: unknown): Message {
  return tagged.parse(message) as unknown as Message;
}
