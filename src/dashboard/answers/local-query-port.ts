/** Answers from this thread, for tests: what comes of a question is the same as from a thread of its own. */

import type { Reader } from '../../../db/reader.ts';
import { Answers } from './answer.ts';
import type { QueryPort } from '../queries.ts';
import { closedError } from './query-port.ts';

/** The reader stays the caller's. */
export function localQueryPort(reader: Reader): QueryPort {
  const answers = new Answers(reader);
  let isClosed = false;
  return {
    async ask(query) {
      if (isClosed) throw closedError();
      return answers.answer(query);
    },
    async close() {
      isClosed = true;
    },
  };
}
