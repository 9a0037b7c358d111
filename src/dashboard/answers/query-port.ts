/** Where answers come from: a thread with a connection of its own. */

import type { Worker } from 'node:worker_threads';
import { ownThreadFile, startThread } from '../../own-thread.ts';
import type { Answer, Query, QueryKind, QueryPort } from '../queries.ts';
import { errorOf, type AskedQuery, type GivenAnswer, type QueryThreadData } from './query-messages.ts';

const OWN_THREAD = ownThreadFile(new URL('./query-thread.js', import.meta.url));

/**
 * The thread starts with the first question, answers in order, and keeps no process alive. Should it die, what is open
 * rejects, and the next question starts another.
 * @param threadFile absolute path; ours unless a test gives its own
 */
export function openQueryPort(database: string, threadFile: string = OWN_THREAD): QueryPort {
  return new ThreadPort(database, threadFile);
}

interface OpenQuestion {
  /** `never`: each question takes the answer of its own kind only. */
  readonly resolve: (answer: never) => void;
  readonly reject: (error: unknown) => void;
}

class ThreadPort implements QueryPort {
  readonly #database: string;
  readonly #threadFile: string;
  #thread: Worker | undefined;
  #open = new Map<number, OpenQuestion>();
  #asked = 0;
  #isClosed = false;

  constructor(database: string, threadFile: string) {
    this.#database = database;
    this.#threadFile = threadFile;
  }

  ask<Kind extends QueryKind>(query: Query<Kind>): Promise<Answer<Kind>> {
    if (this.#isClosed) return Promise.reject(closedError());
    this.#thread ??= this.#start();
    const thread = this.#thread;
    this.#asked += 1;
    const id = this.#asked;
    return new Promise((resolve, reject) => {
      // The thread answers each question in its kind.
      this.#open.set(id, { resolve, reject });
      const question = { id, query } as AskedQuery;
      thread.postMessage(question);
    });
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    const thread = this.#thread;
    this.#lose(closedError());
    await thread?.terminate();
  }

  #start(): Worker {
    const data: QueryThreadData = { database: this.#database };
    const thread = startThread(this.#threadFile, data);
    let error: unknown;
    thread.on('message', (given: GivenAnswer) => this.#hear(given));
    thread.on('error', (reason) => (error = reason));
    thread.on('exit', (code) => {
      if (this.#thread === thread) this.#lose(error ?? new Error(`the thread that reads ended with exit code ${code}`));
    });
    // Last: a listener to messages keeps the process alive again.
    thread.unref();
    return thread;
  }

  #hear(given: GivenAnswer): void {
    const question = this.#open.get(given.id);
    this.#open.delete(given.id);
    if ('answer' in given) question?.resolve(given.answer as never);
    else question?.reject(errorOf(given.trouble));
  }

  /** Nothing more will come from the thread. */
  #lose(error: unknown): void {
    const open = this.#open;
    this.#thread = undefined;
    this.#open = new Map();
    for (const { reject } of open.values()) reject(error);
  }
}

export function closedError(): Error {
  return new Error('nothing can be asked any more: the port is closed');
}
