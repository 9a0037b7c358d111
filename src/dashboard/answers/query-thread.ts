/** The thread behind `openQueryPort`: answers one question after another from a connection of its own. */

import { parentPort, workerData } from 'node:worker_threads';
import { Reader } from '../../../db/reader.ts';
import { Answers } from './answer.ts';
import { FIRST_ORDER } from '../queries.ts';
import { troubleOf, type AskedQuery, type GivenAnswer, type QueryThreadData } from './query-messages.ts';

const { database } = workerData as QueryThreadData;
let answers: Answers | undefined;
/** The sweep of the newest overview. */
let shown: string | undefined;

/** Opened anew until it succeeds: the database may come later than the question. */
function opened(): Answers {
  answers ??= new Answers(Reader.open(database));
  return answers;
}

parentPort?.on('message', ({ id, query }: AskedQuery) => {
  let given: GivenAnswer;
  try {
    given = { id, answer: opened().answer(query) };
  } catch (error) {
    given = { id, trouble: troubleOf(error) };
  }
  parentPort?.postMessage(given);
  if (query.kind !== 'standings' || query.sweep === shown || !('answer' in given)) return;
  shown = query.sweep;
  setImmediate(readAhead, query.sweep);
});

/** What the other views show first is remembered before anybody presses a key. */
function readAhead(sweep: string): void {
  try {
    opened().answer({ kind: 'trials', sweep, order: FIRST_ORDER, offset: 0, count: 1 });
  } catch {
    // Whoever asks will be told.
  }
}
