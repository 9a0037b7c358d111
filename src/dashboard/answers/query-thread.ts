/** The thread behind `openQueryPort`: answers one question after another from a connection of its own. */

import { parentPort, workerData } from 'node:worker_threads';
import { Reader } from '../../../db/reader.ts';
import { Answers } from './answer.ts';
import { troubleOf, type AskedQuery, type GivenAnswer, type QueryThreadData } from './query-messages.ts';

const { database } = workerData as QueryThreadData;
let answers: Answers | undefined;

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
});
