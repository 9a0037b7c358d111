/** A process that holds one trained network: native code and TensorFlow.js stay out of ours. */

import { type ChildProcess, fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { SweepError } from '../errors.ts';
import type { CohortEvent } from '../executor/executor.ts';
import { coordinatorEnvironment } from '../supervisor.ts';
import { parseMessage, type FromModelProcess, type ToModelProcess } from './model-messages.ts';

type Answer = Exclude<FromModelProcess, { type: 'event' | 'failed' }>;
type AnswerTo<Question extends ToModelProcess['type']> = Extract<
  Answer,
  { type: { open: 'opened'; predict: 'predicted'; layers_model: 'layers_model' }[Question] }
>;

export class ModelProcess {
  readonly #child: ChildProcess;
  readonly #listen: (event: CohortEvent) => void;
  /** Of the question that has no answer yet. */
  #waiting: { readonly resolve: (answer: Answer) => void; readonly reject: (error: Error) => void } | undefined;

  /** @param portable see `--portable`; @param listen hears how the trial is trained again, where it is */
  constructor(portable: boolean, listen: (event: CohortEvent) => void) {
    const built = fileURLToPath(new URL('../../workers/model/main.js', import.meta.url));
    const file = existsSync(built) ? built : built.replace(/\.js$/, '.ts');
    this.#listen = listen;
    this.#child = fork(file, {
      env: coordinatorEnvironment(1, portable),
      // Typed arrays cross as they are.
      serialization: 'advanced',
      // What native code prints is for people who look for an error.
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    this.#child.on('message', (message) => this.#hear(parseMessage<FromModelProcess>(message)));
    this.#child.once('error', (error) => this.#waiting?.reject(error));
    this.#child.once('close', (code, signal) => {
      const message = `the process of a model ended with ${signal ?? `exit code ${code}`}`;
      this.#waiting?.reject(new SweepError('backend', { message, hint: '`nightsweep doctor` tells what works here' }));
    });
  }

  /** One question at a time. Rejects with a `SweepError` of code `backend` that says what went wrong there. */
  ask<Question extends ToModelProcess['type']>(
    message: Extract<ToModelProcess, { type: Question }>,
  ): Promise<AnswerTo<Question>> {
    return new Promise<Answer>((resolve, reject) => {
      this.#waiting = { resolve, reject };
      this.#child.send(message, (error) => {
        if (error) reject(error);
      });
    }) as Promise<AnswerTo<Question>>;
  }

  close(): void {
    this.#child.kill();
  }

  #hear(message: FromModelProcess): void {
    if (message.type === 'event') this.#listen(message.event);
    else if (message.type === 'failed') this.#waiting?.reject(new SweepError('backend', { message: message.message }));
    else this.#waiting?.resolve(message);
  }
}
