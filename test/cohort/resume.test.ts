/** Cohorts that are stopped and gone on from: together they say what one that was never disturbed says. */

import { beforeAll, describe, expect, test } from 'vitest';
import type { ResumePoint } from '../../src/executor/executor.ts';
import { loadBackend, type Backend } from '../../workers/backend/backend.ts';
import { BestObjectives } from '../../workers/best-objectives.ts';
import { CheckpointPace } from '../../workers/checkpoint-pace.ts';
import { decodeCheckpoint, encodeCheckpoint, type Checkpoint } from '../../workers/train/checkpoint.ts';
import type { TrialTask } from '../../workers/train/program.ts';
import { Stack } from '../../workers/train/stack.ts';
import { buildProgram, buildTask } from '../train/builders.ts';
import { eventsOf, rowsOf, runCohort, type CohortRun } from './run-cohort.ts';

let backend: Backend;
beforeAll(async () => {
  backend = await loadBackend('native');
});

const program = buildProgram({
  layers: [{ units: 4, activation: 'relu', dropout: true }, { activation: 'sigmoid' }],
  optimizer: { name: 'adam', amsgrad: false, weight_decay: false },
  monitor: 'validation_loss',
  keep: 'best',
  keep_metric: 'validation_loss',
  // So that the best, the kept and the last row are held back.
  record: 'auto',
});

function trial(id: number, epochs: number): TrialTask {
  const hyper = { epochs, patience: 1e6, 'optimizer.learning_rate': 0.01 };
  return buildTask(program, { trial: id, replicate: id, hyper });
}

/** Ends never come soon: what is looked at comes before. */
const ENDLESS = 1e9;

/** The newest checkpoint of a trial, as the database would hand it over. */
function resumeOf(run: CohortRun, id: number): ResumePoint | undefined {
  const { fingerprint } = eventsOf(run, 'cohort_started')[0]!;
  const saved = eventsOf(run, 'progress').filter(({ trial: of, checkpoint }) => of === id && checkpoint);
  const newest = saved.at(-1);
  return newest && { epoch: newest.epoch, fingerprint, bytes: newest.checkpoint! };
}

function resumed(run: CohortRun, task: TrialTask): TrialTask {
  const resume = resumeOf(run, task.trial);
  return resume ? { ...task, resume } : task;
}

/** Of the trials: everything of their ends that must not depend on how often they were stopped. */
function endsOf(runs: readonly CohortRun[]): unknown {
  const ends = runs.flatMap((run) => eventsOf(run, 'trial_ended'));
  return ends.map(({ trial: id, end, metrics }) => ({ id, end, metrics })).sort((a, b) => a.id - b.id);
}

/** Stops after the first chunk, and goes on until all have ended. */
async function runInPieces(trials: readonly TrialTask[], width: number): Promise<readonly CohortRun[]> {
  const runs: CohortRun[] = [];
  let left = trials;
  while (left.length > 0) {
    const stops = runs.length < 3;
    const run = await runCohort(backend, program, {
      // Another company each time.
      width: width + runs.length,
      trials: left.toReversed(),
      on: (event, cohort) => {
        if (stops && event.type === 'progress') cohort.stop();
      },
    });
    const ended = new Set(eventsOf(run, 'trial_ended').map(({ trial: id }) => id));
    left = left.filter(({ trial: id }) => !ended.has(id)).map((task) => resumed(run, task));
    runs.push(run);
  }
  return runs;
}

test('rows and ends are those of a cohort that was never stopped', async () => {
  const trials = [trial(1, 2500), trial(2, 3000), trial(3, 5)];
  const whole = await runCohort(backend, program, { width: 2, trials });
  const pieces = await runInPieces(trials, 2);
  expect(endsOf(pieces)).toEqual(endsOf([whole]));
  for (const { trial: id } of trials) {
    expect(pieces.flatMap((run) => rowsOf(run, id))).toEqual(rowsOf(whole, id));
  }
  const starts = pieces.flatMap((run) => eventsOf(run, 'trial_started'));
  expect(starts.some(({ resumed_from }) => resumed_from > 0)).toBe(true);
});

describe('checkpoints', () => {
  test('come with all rows up to their epoch, and rows come with nothing else', async () => {
    const run = await runCohort(backend, program, {
      width: 2,
      trials: [trial(1, 400), trial(2, 400)],
      checkpointSeconds: 0,
    });
    for (const id of [1, 2]) {
      const progress = eventsOf(run, 'progress').filter((event) => event.trial === id);
      for (const { epoch, rows, checkpoint } of progress.slice(0, -1)) {
        expect(checkpoint).toBeDefined();
        expect(rows.at(-1)!.epoch).toBe(epoch);
      }
      expect(progress.at(-1)!.checkpoint).toBeUndefined();
    }
  });

  test('that are never due leave all rows to the end', async () => {
    const run = await runCohort(backend, program, {
      width: 2,
      trials: [trial(1, 3), trial(2, 6)],
      checkpointSeconds: Infinity,
    });
    expect(eventsOf(run, 'progress').filter(({ checkpoint }) => checkpoint)).toEqual([]);
    expect(rowsOf(run, 2).map(({ epoch }) => epoch)).toEqual([1, 2, 3, 4, 5, 6]);
    const withRows = eventsOf(run, 'progress').filter(({ rows }) => rows.length > 0);
    expect(withRows.map(({ trial: id }) => id)).toEqual([1, 2]);
  });

  test('are made at a stop of trials that have got on, and of no others', async () => {
    const first = await runCohort(backend, program, {
      width: 2,
      trials: [trial(1, ENDLESS)],
      checkpointSeconds: 1e6,
      on: (event, cohort) => {
        if (event.type === 'progress') cohort.stop();
      },
    });
    expect(resumeOf(first, 1)!.epoch).toBe(eventsOf(first, 'progress').at(-1)!.epoch);
    const second = await runCohort(backend, program, {
      width: 2,
      trials: [resumed(first, trial(1, ENDLESS))],
      checkpointSeconds: 0,
      on: (event, cohort) => {
        if (event.type === 'progress') cohort.stop();
      },
    });
    // The chunk's own; the stop adds none.
    expect(eventsOf(second, 'progress')).toHaveLength(1);
  });

  const refusals: readonly (readonly [string, (resume: ResumePoint) => ResumePoint, RegExp])[] = [
    [
      'another fingerprint',
      (resume) => ({ ...resume, fingerprint: 'elsewhere' }),
      /^its fingerprint must be ".+", but is "elsewhere"$/,
    ],
    ['another epoch', (resume) => ({ ...resume, epoch: 0.5 }), /^it must be of epoch 0.5, but is of epoch \d+$/],
    ['damaged bytes', (resume) => ({ ...resume, bytes: resume.bytes.subarray(1) }), /^it must begin with NSCP$/],
  ];
  test.each(refusals)('of %s are not gone on from, and the attempt says why', async (_, change, reason) => {
    const whole = await runCohort(backend, program, { width: 2, trials: [trial(1, 30)], checkpointSeconds: 0 });
    const stopped = await runCohort(backend, program, {
      width: 2,
      trials: [trial(1, ENDLESS)],
      on: (event, cohort) => {
        if (event.type === 'progress') cohort.stop();
      },
    });
    const resume = change(resumeOf(stopped, 1)!);
    const anew = await runCohort(backend, program, { width: 2, trials: [{ ...trial(1, 30), resume }] });
    expect(eventsOf(anew, 'trial_started')[0]).toHaveProperty('resumed_from', 0);
    const [words, why] = eventsOf(anew, 'trial_noted')[0]!.note.split(': ');
    expect(words).toBe('began anew, since its checkpoint cannot be used');
    expect(why).toMatch(reason);
    expect(rowsOf(anew, 1)).toEqual(rowsOf(whole, 1));
  });
});

describe('the final state', () => {
  test('is handed over of those that are at least as good as all before, over all cohorts of the thread', async () => {
    const best = new BestObjectives();
    const ids = [1, 2, 3, 4, 5, 6];
    const run = await runCohort(backend, program, { width: 1, trials: ids.map((id) => trial(id, 5)), best });
    const ends = eventsOf(run, 'trial_ended');
    const column = program.metrics.indexOf('validation_loss');
    let lowest = Infinity;
    for (const { metrics, checkpoint } of ends) {
      const value = metrics[column]!;
      expect(checkpoint !== undefined).toBe(value <= lowest);
      lowest = Math.min(lowest, value);
    }
    const again = await runCohort(backend, program, { width: 3, trials: ids.map((id) => trial(id, 5)), best });
    const equals = eventsOf(again, 'trial_ended').filter(({ checkpoint }) => checkpoint);
    expect(equals.map(({ metrics }) => metrics[column])).toEqual([lowest]);
  });

  test('is best where the objective is highest, if that is its goal', () => {
    const best = new BestObjectives();
    const reached = [0.5, 0.4, 0.5, 0.6].map((value) => best.reaches('validation_accuracy', value, -1));
    expect(reached).toEqual([true, false, true, true]);
    expect(best.reaches('validation_loss', 9, 1)).toBe(true);
  });
});

describe('a time limit', () => {
  test('fails a trial at the end of a chunk, with its rows, and leaves its slot to the next', async () => {
    const run = await runCohort(backend, program, {
      width: 2,
      trials: [trial(1, ENDLESS), trial(2, 3), trial(3, 3)],
      limits: { seconds: 1e-6 },
    });
    const ends = eventsOf(run, 'trial_ended');
    const late = ends.find((event) => event.trial === 1)!;
    const { epochs } = late.end;
    expect(late.end).toMatchObject({
      state: 'failed',
      kind: 'timed_out',
      message: `a trial must end within 0.000001 s (limits.timeout), but this one was only at epoch ${epochs}`,
    });
    expect(late.metrics).toEqual(rowsOf(run, 1).at(-1)!.values);
    expect(rowsOf(run, 1).map(({ epoch }) => epoch)).toContain(epochs);
    expect(new Set(ends.map((event) => event.trial))).toEqual(new Set([1, 2, 3]));
    expect(run.end).toEqual({ reason: 'finished' });
  });

  test('counts the seconds of the attempts before', async () => {
    const first = await runCohort(backend, program, {
      width: 2,
      trials: [trial(1, ENDLESS)],
      on: (event, cohort) => {
        if (event.type === 'progress') cohort.stop();
      },
    });
    const resume = resumeOf(first, 1)!;
    const stack = new Stack(program, backend);
    const form = { metrics: program.metrics, entries: stack.entries };
    stack.dispose();
    const checkpoint = decodeCheckpoint(resume.bytes, form) as Checkpoint;
    const old = { ...resume, bytes: encodeCheckpoint({ ...checkpoint, seconds: 7200 }, form) };
    const second = await runCohort(backend, program, {
      width: 2,
      trials: [{ ...trial(1, ENDLESS), resume: old }],
      limits: { seconds: 7200 },
    });
    const [late] = eventsOf(second, 'trial_ended');
    expect(late!.end).toMatchObject({ state: 'failed', kind: 'timed_out' });
    expect(late!.seconds).toBeGreaterThan(7200);
    expect(late!.end.epochs).toBeGreaterThan(resume.epoch);
  });
});

describe('the pace', () => {
  const paced = (seconds: number | undefined): CheckpointPace => new CheckpointPace(seconds, 1000);

  test('is half a second unless told otherwise; 0 is always, Infinity never', () => {
    expect([1499, 1500].map((now) => paced(undefined).isDue(now, 0))).toEqual([false, true]);
    expect([1999, 2000].map((now) => paced(1).isDue(now, 0))).toEqual([false, true]);
    expect(paced(0).isDue(1000, 1e9)).toBe(true);
    expect(paced(Infinity).isDue(1e15, 0)).toBe(false);
  });

  test('is forty times what the last ones cost, and half a megabyte a second, if that is slower', () => {
    const pace = paced(1);
    expect([4999, 5000].map((now) => pace.isDue(now, 4 * 512 * 1024))).toEqual([false, true]);
    pace.made(5000, 5100);
    expect([9099, 9100].map((now) => pace.isDue(now, 512 * 1024))).toEqual([false, true]);
  });
});
