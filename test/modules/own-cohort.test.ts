/** Trials that a module runs: what it is given, what becomes of its reports, and what happens when things go wrong. */

import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import type { CohortEnd, CohortEvent, TrialLimits } from '../../src/executor/executor.ts';
import { loadBackend } from '../../workers/backend/backend.ts';
import { OwnCohort } from '../../workers/modules/own-cohort.ts';
import type { OwnProgram, OwnTask } from '../../workers/modules/own-task.ts';
import { plainly, written } from './written.ts';

beforeAll(async () => {
  await loadBackend('cpu');
});

let files = 0;

function program(text: string, options: Partial<OwnProgram> = {}): OwnProgram {
  files += 1;
  const trial = written(`trial-${files}.mjs`, `export default async ({ ${GIVEN} }) => {\n${text}\n};`);
  return { version: 1, trial, objective: 'score', sign: 1, record: 'all', parameters: ['depth'], ...options };
}
const GIVEN = 'tf, params, seed, replicate, report, signal';

function task(trial: number, params: OwnTask['params'] = {}): OwnTask {
  return { trial, seed: 40 + trial, replicate: 2, params };
}

interface Run {
  readonly end: CohortEnd;
  readonly events: readonly CohortEvent[];
}

async function run(
  own: OwnProgram,
  trials: readonly OwnTask[],
  on: (event: CohortEvent, cohort: OwnCohort) => void = () => {},
  limits: TrialLimits = {},
): Promise<Run> {
  const events: CohortEvent[] = [];
  const cohort: OwnCohort = new OwnCohort(
    { version: 1, cohort: 1, program: own, width: 1, trials, limits },
    {
      backend: 'cpu',
      fingerprint: 'here',
      worker: 3,
      post: (event) => {
        events.push(event);
        if (event.type === 'wants_trials') cohort.add([]);
        on(event, cohort);
      },
    },
  );
  return { end: await cohort.run(), events };
}

function rows({ events }: Run, trial = 1): readonly unknown[] {
  return events.flatMap((event) =>
    event.type === 'progress' && event.trial === trial ? event.rows.map(({ epoch, own }) => [epoch, own]) : [],
  );
}

function ended({ events }: Run): readonly Extract<CohortEvent, { type: 'trial_ended' }>[] {
  return events.filter((event) => event.type === 'trial_ended');
}

describe('a trial', () => {
  test('is given params, seed and replicate, and each of its reports is an epoch', async () => {
    const own = program('await report({ score: params.a, seed }); await report({ score: replicate });');
    const finished = await run(own, [task(1, { a: 0.5 })]);
    expect(rows(finished)).toEqual([
      [1, { score: 0.5, seed: 41 }],
      [2, { score: 2 }],
    ]);
    expect(ended(finished)).toMatchObject([
      { trial: 1, end: { state: 'completed', stop_reason: 'epochs', epochs: 2, kept_epoch: 2 }, own: { score: 2 } },
    ]);
    expect(finished.end).toEqual({ reason: 'finished' });
  });

  test('is followed by the next one of the backlog, and more are asked for', async () => {
    const own = program('await report({ score: seed });');
    const { events } = await run(own, [task(1), task(2)]);
    const words = events.map((event) => ('trial' in event ? `${event.type} ${event.trial}` : event.type));
    expect(words).toEqual([
      'cohort_started',
      ...[1, 2].flatMap((trial) => [
        `trial_started ${trial}`,
        `progress ${trial}`,
        `progress ${trial}`,
        `trial_ended ${trial}`,
      ]),
      'wants_trials',
    ]);
  });

  test('works with TensorFlow.js and its layers, and leaves nothing behind', async () => {
    const own = program(`
      const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [2], kernelInitializer: 'ones' })] });
      const [score] = model.predict(tf.tensor2d([[1, 2]])).dataSync();
      await report({ score });`);
    const before = tf.memory().numTensors;
    const finished = await run(own, [task(1)]);
    expect(rows(finished)).toEqual([[1, { score: 3 }]]);
    expect(tf.memory().numTensors).toBe(before);
  });

  test('has numbers that are not finite as null', async () => {
    const finished = await run(program('await report({ score: 1, other: NaN, third: Infinity });'), [task(1)]);
    expect(rows(finished)).toEqual([[1, { score: 1, other: null, third: null }]]);
  });
});

describe('a failure', () => {
  const failures: readonly (readonly [what: string, text: string, message: string])[] = [
    ['an error', "await report({ score: 1 });\nthrow new Error('no luck');", 'no luck'],
    ['a text that is thrown', "throw 'no luck';", 'no luck'],
    ['no report', '', 'the module must report score, but reported nothing'],
    [
      'a last report without the objective',
      'await report({ score: 1 }); await report({ other: 1 });',
      'the last report must hold the objective score, but it holds other',
    ],
    ['a number', 'await report(3);', 'report must be given metrics by name, such as { score: 0.5 }, but found 3'],
    ['a text for a number', "await report({ score: 'high' });", 'the metric score must be a number, but found "high"'],
    [
      'the name of a column',
      'await report({ score: 1, State: 1 });',
      "no metric must be called State: that is another column of the sweep's view",
    ],
    [
      'the name of a parameter',
      'await report({ score: 1, depth: 1 });',
      "no metric must be called depth: that is another column of the sweep's view",
    ],
    [
      'a name that SQL could not quote',
      `await report({ score: 1, 'a"b': 1 });`,
      String.raw`the name of a metric must be letters, digits and _ . : - with spaces, but found "a\"b"`,
    ],
  ];
  test.each(failures)('%s', async (_, text, message) => {
    const finished = await run(program(text), [task(1), task(2)]);
    const ends = ended(finished);
    expect(ends.map(({ end }) => end.state)).toEqual(['failed', 'failed']);
    expect(ends[0]!.end).toMatchObject({ kind: 'error', message });
  });

  test('has the stack of the module', async () => {
    const [end] = ended(await run(program("throw new Error('no luck');"), [task(1)]));
    expect(end!.end).toMatchObject({ stack: expect.stringContaining(`trial-${files}.mjs`) as string });
  });

  test('an objective that is not finite at the end is a divergence', async () => {
    const [end] = ended(await run(program('await report({ score: NaN });'), [task(1)]));
    expect(end!.end).toMatchObject({
      kind: 'diverged',
      epochs: 1,
      message: 'the objective score must be finite, but was not at epoch 1',
    });
  });

  test('a module that cannot be loaded fails each trial by itself', async () => {
    const own = program('');
    const ends = ended(await run({ ...own, trial: { ...own.trial, sha256: 'ab' } }, [task(1), task(2)]));
    expect(ends.map(({ trial }) => trial)).toEqual([1, 2]);
    expect(plainly((ends[0]!.end as { message: string }).message)).toContain(
      'must be as it was when the sweep was made',
    );
  });
});

describe('a stop', () => {
  test('is the answer to the next report, and the trial has no result', async () => {
    const own = program(`
      for (let n = 0; ; n += 1) if ((await report({ score: n })) === 'stop') return;`);
    const finished = await run(own, [task(1), task(2)], (event, cohort) => {
      if (event.type === 'progress') cohort.stop();
    });
    expect(finished.end).toEqual({ reason: 'stopped' });
    expect(ended(finished)).toEqual([]);
  });

  test('is heard by a module that waits', async () => {
    const own = program(`
      await report({ score: 1 });
      if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve));`);
    const finished = await run(own, [task(1)], (event, cohort) => {
      if (event.type === 'progress') setImmediate(() => cohort.stop());
    });
    expect(finished.end).toEqual({ reason: 'stopped' });
  });
});

describe('a limit of reports', () => {
  const limits = { epochs: 3 };
  const message = 'the module must report at most 3 times (limits.epochs), but went on';
  const timedOut = { state: 'failed', kind: 'timed_out', epochs: 3, message };

  const late: readonly (readonly [what: string, text: string])[] = [
    ['stops when it is told to', "for (let n = 0; ; n += 1) if ((await report({ score: n })) === 'stop') return;"],
    ['hears the signal', 'for (let n = 0; !signal.aborted; n += 1) await report({ score: n });'],
    ['throws', "for (let n = 0; ; n += 1) if ((await report({ score: n })) === 'stop') throw new Error('told');"],
  ];
  test.each(late)('fails a module that reports once more and %s; the next trial runs', async (_, text) => {
    const finished = await run(program(text), [task(1), task(2)], undefined, limits);
    expect(ended(finished).map(({ trial, end }) => ({ trial, end }))).toEqual([
      { trial: 1, end: timedOut },
      { trial: 2, end: timedOut },
    ]);
    expect(rows(finished)).toEqual([1, 2, 3].map((epoch) => [epoch, { score: epoch - 1 }]));
    expect(finished.end).toEqual({ reason: 'finished' });
  });

  test('is no concern of a module that reports as often as it may', async () => {
    const own = program('for (let n = 0; n < 3; n += 1) await report({ score: n });');
    const [end] = ended(await run(own, [task(1)], undefined, limits));
    expect(end!.end).toMatchObject({ state: 'completed', epochs: 3 });
  });
});

test('a module that takes too long is told, and has failed whatever it does then', async () => {
  const own = program(
    "await report({ score: 1 }); await new Promise((told) => signal.addEventListener('abort', told));",
  );
  const finished = await run(own, [task(1)], undefined, { seconds: 0.05 });
  const [end] = ended(finished);
  expect(end!.end).toMatchObject({ state: 'failed', kind: 'timed_out', epochs: 1 });
  expect(end!.end).toHaveProperty('message', expect.stringContaining('limits.timeout'));
});

test('a trial begins anew whatever came before', async () => {
  const { events } = await run(program('await report({ score: 1 });'), [task(1)]);
  expect(events.find(({ type }) => type === 'trial_started')).toHaveProperty('resumed_from', 0);
});
