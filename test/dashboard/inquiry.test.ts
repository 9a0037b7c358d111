/** What a view knows follows what it asks: the newest question counts, and the same one costs nothing. */

import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Inquiry } from '../../src/dashboard/inquiry.ts';
import type { Answer, Query, QueryPort } from '../../src/dashboard/queries.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A port that answers when it is told to, and an inquiry at it. */
function open() {
  const asked: {
    readonly query: Query;
    readonly answer: (stale: boolean) => void;
    readonly fail: (error: Error) => void;
  }[] = [];
  const ask = (query: Query): Promise<Answer> =>
    new Promise((resolve, reject) => {
      asked.push({ query, answer: (stale) => resolve({ ...answerTo(query), stale }), fail: reject });
    });
  const port = { ask, close: () => Promise.resolve() } as QueryPort;
  const answers: Answer[] = [];
  const failures: unknown[] = [];
  const inquiry = new Inquiry(port, {
    answered: (answer) => answers.push(answer),
    failed: (error) => failures.push(error),
  });
  /** Lets the newest question be answered, and all that follows from that happen. */
  const settle = async (end: 'answer' | 'stale answer' | Error = 'answer') => {
    const newest = asked.at(-1)!;
    if (end instanceof Error) newest.fail(end);
    else newest.answer(end === 'stale answer');
    await vi.advanceTimersByTimeAsync(0);
  };
  return { inquiry, asked, answers, failures, settle };
}

const log = (offset: number): Query => ({ kind: 'log', sweep: 'a', offset, count: 10 });

function answerTo(query: Query): Answer {
  return { kind: 'log', total: 100, offset: query.kind === 'log' ? query.offset : -1, lines: [] };
}

test('the same question is asked once', async () => {
  const { inquiry, asked, settle } = open();
  inquiry.want(log(0));
  inquiry.want(log(0));
  await settle();
  inquiry.want(log(0));
  await vi.advanceTimersByTimeAsync(60_000);
  expect(asked).toHaveLength(1);
});

test('of questions that come while another is open, only the newest is asked', async () => {
  const { inquiry, asked, answers, settle } = open();
  for (const offset of [0, 10, 20, 30]) inquiry.want(log(offset));
  expect(asked).toHaveLength(1);
  await settle();
  expect(asked.map(({ query }) => query)).toEqual([log(0), log(30)]);
  await settle();
  expect(answers.at(-1)).toMatchObject({ offset: 30 });
});

test('changed data are asked for again, but not at once', async () => {
  const { inquiry, asked, settle } = open();
  inquiry.want(log(0));
  await settle();
  for (let change = 0; change < 20; change++) inquiry.dataChanged();
  expect(asked).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(2_100);
  expect(asked).toHaveLength(2);
  await settle();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(asked).toHaveLength(2);
});

test('an answer that is older than the database is asked for again, until it is not', async () => {
  const { inquiry, asked, settle } = open();
  inquiry.want(log(0));
  await settle('stale answer');
  expect(asked).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(2_100);
  expect(asked).toHaveLength(2);
  await settle();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(asked).toHaveLength(2);
});

test('an answer that takes long is not asked for soon again, another question is', async () => {
  const { inquiry, asked, settle } = open();
  inquiry.want(log(0));
  await settle();
  inquiry.want(log(5));
  await vi.advanceTimersByTimeAsync(400);
  await settle();
  inquiry.dataChanged();
  await vi.advanceTimersByTimeAsync(7_000);
  expect(asked).toHaveLength(2);
  inquiry.want(log(10));
  expect(asked).toHaveLength(3);
});

test('the first answer is followed by another one soon, since it took its time for starting', async () => {
  const { inquiry, asked, settle } = open();
  inquiry.want(log(0));
  await vi.advanceTimersByTimeAsync(4_000);
  await settle();
  inquiry.dataChanged();
  await vi.advanceTimersByTimeAsync(2_100);
  expect(asked).toHaveLength(2);
});

test('a failure is told, and the question not asked again until the data change', async () => {
  const { inquiry, asked, failures, settle } = open();
  inquiry.want(log(0));
  await settle(new Error('gone'));
  await vi.advanceTimersByTimeAsync(60_000);
  expect(failures).toEqual([new Error('gone')]);
  expect(asked).toHaveLength(1);
  inquiry.dataChanged();
  expect(asked).toHaveLength(2);
});

test('nothing is heard after it is closed', async () => {
  const { inquiry, answers, settle } = open();
  inquiry.want(log(0));
  inquiry.close();
  await settle();
  inquiry.want(log(10));
  expect(answers).toEqual([]);
});
