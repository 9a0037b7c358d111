/** The core's laws: no trial is lost or counted twice, whatever happens in whatever order. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type CoreEvent, decide } from '../../../src/coordinator/core/decide.ts';
import { type HoldReason, allEnded, createCore, isDone } from '../../../src/coordinator/core/state.ts';
import type { CohortEvent, FailureKind } from '../../../src/executor/executor.ts';
import { Ledger, queuedTrials } from '../ledger.ts';
import { drawing } from './drawing.ts';
import { Simulation, type ThreadFate } from './simulation.ts';

const KINDS: readonly FailureKind[] = ['diverged', 'error', 'out_of_memory', 'crashed', 'stalled', 'timed_out'];

const fates: fc.Arbitrary<ThreadFate> = fc.oneof(
  { weight: 4, arbitrary: fc.constant('completes' as const) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom(...KINDS), times: fc.integer({ min: 1, max: 3 }) }) },
);

const sweeps = fc.record({
  count: fc.integer({ min: 1, max: 40 }),
  configs: fc.integer({ min: 1, max: 8 }),
  programs: fc.integer({ min: 1, max: 4 }),
  workers: fc.integer({ min: 1, max: 4 }),
  widest: fc.constantFrom(1, 2, 4, 8),
  fates: fc.array(fates, { minLength: 40, maxLength: 40 }),
  seed: fc.integer(),
  stopAt: fc.option(fc.integer({ min: 0, max: 200 })),
});
type Sweep = typeof sweeps extends fc.Arbitrary<infer T> ? T : never;

function simulate(sweep: Sweep, trials = queuedTrials(sweep.count, sweep.configs)) {
  const ledger = new Ledger(trials);
  const { programs, workers, widest } = sweep;
  const simulation = new Simulation(
    { trials, programs, workers, widest, draw: drawing(sweep.seed), fate: (trial) => sweep.fates[trial - 1]! },
    (decision) => ledger.write(decision.writes),
  );
  for (let steps = 0; !simulation.done; steps += 1) {
    if (steps === sweep.stopAt) simulation.send({ type: 'stop', when: steps % 2 === 0 ? 'chunk' : 'now' });
    if (simulation.done) break;
    if (steps > 20_000) throw new Error('the sweep does not end');
    simulation.step();
  }
  return { simulation, ledger, trials };
}

describe('decide', () => {
  test('ends every trial exactly once, in any order of events and with any failures', () => {
    fc.assert(
      fc.property(sweeps, (sweep) => {
        const { simulation, ledger } = simulate({ ...sweep, stopAt: null });
        expect(allEnded(simulation.state)).toBe(true);
        expect([...simulation.state.trials.values()].map((trial) => trial.state)).toEqual(ledger.states());
        const ends = simulation.decisions.flatMap(({ writes }) => writes.filter((w) => w.type === 'trial_ended'));
        expect(ends.map((end) => end.trial).sort((a, b) => a - b)).toEqual([...simulation.state.trials.keys()]);
      }),
    );
  });

  test('answers whoever asks for trials, with none where there are none: it may be waiting', () => {
    const core = createCore({ trials: queuedTrials(1, 1), programOf: () => 0, widest: [2], workers: 1, run: 1 });
    const hear = (event: CohortEvent) => decide(core, { type: 'cohort', cohort: 1, event });
    decide(core, { type: 'begin' });
    hear({ type: 'cohort_started', worker: 1, backend: 'none', fingerprint: 'none', metrics: [] });
    const none = [{ type: 'add_trials', cohort: 1, trials: [] }];
    expect(hear({ type: 'wants_trials', count: 2 }).commands).toEqual(none);
    decide(core, { type: 'stop', when: 'chunk' });
    expect(hear({ type: 'wants_trials', count: 2 }).commands).toEqual(none);
  });

  test('gives a free worker a program that it has run before, once all others have had their turn', () => {
    const trials = queuedTrials(6, 3);
    const core = createCore({ trials, programOf: ({ config }) => config, widest: [1, 1, 1], workers: 2, run: 1 });
    const cohorts = new Map<number, number>();
    const send = (event: CoreEvent): void => {
      for (const command of decide(core, event).commands)
        if (command.type === 'start_cohort') cohorts.set(command.cohort, command.program);
    };
    const begin = (cohort: number, worker: number): void => {
      const event: CohortEvent = { type: 'cohort_started', worker, backend: 'none', fingerprint: 'none', metrics: [] };
      send({ type: 'cohort', cohort, event });
    };
    const end = (cohort: number): void => {
      for (const { id } of core.cohorts.get(cohort)!.open) {
        const done = { state: 'completed', stop_reason: 'epochs', epochs: 1, kept_epoch: 1 } as const;
        const event: CohortEvent = { type: 'trial_ended', trial: id, end: done, seconds: 1, metrics: [] };
        send({ type: 'cohort', cohort, event });
      }
      send({ type: 'cohort_ended', cohort, end: { reason: 'finished' } });
    };
    send({ type: 'begin' });
    begin(1, 7);
    begin(2, 8);
    end(2);
    begin(3, 8);
    expect([...cohorts.values()]).toEqual([0, 1, 2]);
    // The foremost now is the second replicate of program 0, which worker 7 has run.
    end(3);
    expect(cohorts.get(4)).toBe(1);
  });

  test('fails only trials whose own fate it is to fail, and gives every other one its result', () => {
    fc.assert(
      fc.property(sweeps, (sweep) => {
        const { ledger } = simulate({ ...sweep, stopAt: null });
        for (const [id, { state }] of ledger.trials) {
          const fate = sweep.fates[id - 1]!;
          const retries = fate === 'completes' || fate.kind === 'diverged' ? 0 : 1;
          // A trial that breaks its cohort may be tried once more than its rule says: in company, then alone.
          if (fate === 'completes') expect(state).toBe('completed');
          else if (fate.times > retries + 1) expect(state).toBe('failed');
          else if (fate.kind === 'diverged') expect(state).toBe('failed');
        }
      }),
    );
  });

  test('leaves no trial running when it is stopped at any moment, and a later run goes on to the end', () => {
    fc.assert(
      fc.property(sweeps, (sweep) => {
        const first = simulate(sweep);
        expect(first.ledger.states()).not.toContain('running');
        const second = simulate({ ...sweep, stopAt: null }, first.ledger.records(first.trials));
        expect(allEnded(second.simulation.state)).toBe(true);
      }),
    );
  });

  test('comes to the same decisions when the same events are replayed', () => {
    fc.assert(
      fc.property(sweeps, (sweep) => {
        const { simulation, trials } = simulate(sweep);
        const state = createCore({
          trials,
          programOf: ({ config }) => config % sweep.programs,
          widest: Array.from({ length: sweep.programs }, () => sweep.widest),
          workers: sweep.workers,
          run: 1,
        });
        expect(simulation.events.map((event) => decide(state, event))).toEqual(simulation.decisions);
      }),
      { numRuns: 30 },
    );
  });

  test('never runs more cohorts than there are workers, nor a trial in two of them', () => {
    fc.assert(
      fc.property(sweeps, (sweep) => {
        const { simulation } = simulate(sweep);
        let running = 0;
        simulation.events.forEach((event, index) => {
          if (event.type === 'cohort_ended') running -= 1;
          running += simulation.decisions[index]!.commands.filter((c) => c.type === 'start_cohort').length;
          expect(running).toBeLessThanOrEqual(sweep.workers);
        });
      }),
    );
  });
});

const STARTED: CohortEvent = {
  type: 'cohort_started',
  worker: 1,
  backend: 'cpu',
  fingerprint: 'f',
  metrics: ['train_loss'],
};

function placed(trial: number, company: readonly number[] = []): Extract<CohortEvent, { type: 'trial_started' }> {
  return { type: 'trial_started', trial, slot: 0, width: 2, layout: 'stacked', company, resumed_from: 0 };
}

function core(count: number, workers = 1) {
  return createCore({ trials: queuedTrials(count, count), programOf: () => 0, widest: [8], workers, run: 7 });
}

function feed(state: ReturnType<typeof core>, events: readonly CoreEvent[]) {
  return events.map((event) => decide(state, event)).at(-1)!;
}

describe('a cohort that breaks', () => {
  test('lets the trials that had a slot run again without company, and the others as before', () => {
    const state = core(3);
    const decision = feed(state, [
      { type: 'begin' },
      { type: 'cohort', cohort: 1, event: STARTED },
      { type: 'cohort', cohort: 1, event: placed(1) },
      { type: 'cohort', cohort: 1, event: placed(2, [1]) },
      { type: 'cohort_ended', cohort: 1, end: { reason: 'failed', kind: 'crashed', message: 'gone' } },
    ]);
    expect(decision.writes.filter((write) => write.type === 'attempt_lost')).toEqual([
      { type: 'attempt_lost', trial: 1, outcome: 'retried', message: 'crashed: gone' },
      { type: 'attempt_lost', trial: 2, outcome: 'retried', message: 'crashed: gone' },
      { type: 'attempt_lost', trial: 3, outcome: 'lost', message: null },
    ]);
    expect(decision.commands).toEqual([{ type: 'start_cohort', cohort: 2, program: 0, width: 1, trials: [3] }]);
    const next = feed(state, [
      { type: 'cohort', cohort: 2, event: STARTED },
      { type: 'cohort', cohort: 2, event: placed(3) },
      {
        type: 'cohort',
        cohort: 2,
        event: {
          type: 'trial_ended',
          trial: 3,
          seconds: 1,
          metrics: [1],
          end: { state: 'completed', stop_reason: 'epochs', epochs: 1, kept_epoch: 1 },
        },
      },
      { type: 'cohort_ended', cohort: 2, end: { reason: 'finished' } },
    ]);
    expect(next.commands).toEqual([{ type: 'start_cohort', cohort: 3, program: 0, width: 1, trials: [1] }]);
  });

  test('fails a trial that was by itself as the rule of its kind says', () => {
    const fails = (kind: FailureKind) =>
      feed(core(1), [
        { type: 'begin' },
        { type: 'cohort', cohort: 1, event: STARTED },
        { type: 'cohort', cohort: 1, event: placed(1) },
        { type: 'cohort_ended', cohort: 1, end: { reason: 'failed', kind, message: 'ended' } },
      ]);
    expect(fails('timed_out').writes).toMatchObject([{ type: 'trial_ended', end: { kind: 'timed_out' } }]);
    expect(fails('stalled').writes).toMatchObject([{ type: 'attempt_lost', outcome: 'retried' }, {}]);
  });

  test('makes the run give up when three in a row break before any trial has a slot', () => {
    const state = core(4);
    const failed = { reason: 'failed', kind: 'error', message: 'no backend' } as const;
    const decision = feed(state, [
      { type: 'begin' },
      { type: 'cohort_ended', cohort: 1, end: failed },
      { type: 'cohort_ended', cohort: 2, end: failed },
      { type: 'cohort_ended', cohort: 3, end: failed },
    ]);
    expect(decision.commands).toEqual([]);
    expect(state.broken).toEqual(failed);
    expect([...state.trials.values()].map((trial) => trial.state)).toEqual(['queued', 'queued', 'queued', 'queued']);
  });
});

describe('a hold', () => {
  const hold = (reason: HoldReason): CoreEvent => ({ type: 'hold', reason });
  const letGo = (reason: HoldReason): CoreEvent => ({ type: 'release', reason });
  const ended: CoreEvent = { type: 'cohort_ended', cohort: 1, end: { reason: 'stopped' } };

  test('stops cohorts at their chunk, once, and starts nothing until every reason is gone', () => {
    const state = core(1);
    decide(state, { type: 'begin' });
    expect(decide(state, hold('paused')).commands).toEqual([{ type: 'stop_cohort', cohort: 1, when: 'chunk' }]);
    expect(decide(state, hold('disk')).commands).toEqual([]);
    expect(decide(state, ended)).toEqual({
      writes: [{ type: 'attempt_lost', trial: 1, outcome: 'interrupted', message: null }],
      commands: [],
    });
    expect(isDone(state)).toBe(false);
    expect(decide(state, letGo('paused')).commands).toEqual([]);
    expect(decide(state, letGo('disk')).commands).toMatchObject([{ type: 'start_cohort', cohort: 2, trials: [1] }]);
  });

  test('that ends before the cohorts have does not bring them back: they start anew', () => {
    const state = core(1);
    feed(state, [{ type: 'begin' }, hold('disk')]);
    expect(decide(state, letGo('disk')).commands).toEqual([]);
    expect(decide(state, ended).commands).toMatchObject([{ type: 'start_cohort', cohort: 2, trials: [1] }]);
  });

  test('ends with a stop, which may still be made a stop at once', () => {
    const state = core(1);
    feed(state, [{ type: 'begin' }, hold('paused')]);
    expect(decide(state, { type: 'stop', when: 'chunk' }).commands).toEqual([]);
    expect(decide(state, { type: 'stop', when: 'now' }).commands).toEqual([
      { type: 'stop_cohort', cohort: 1, when: 'now' },
    ]);
    decide(state, ended);
    expect(isDone(state)).toBe(true);
  });
});

describe('fewer workers', () => {
  test('stop the newest cohorts, once, and more start them again', () => {
    const state = core(8, 4);
    decide(state, { type: 'begin' });
    const stopped = (cohort: number) => ({ type: 'stop_cohort', cohort, when: 'chunk' });
    expect(decide(state, { type: 'share', workers: 2 }).commands).toEqual([stopped(3), stopped(4)]);
    expect(decide(state, { type: 'share', workers: 2 }).commands).toEqual([]);
    expect(decide(state, { type: 'share', workers: 1 }).commands).toEqual([stopped(2)]);
    expect(decide(state, { type: 'share', workers: 4 }).commands).toEqual([]);
    const end: CoreEvent = { type: 'cohort_ended', cohort: 4, end: { reason: 'stopped' } };
    expect(decide(state, end).commands).toMatchObject([{ type: 'start_cohort', cohort: 5 }]);
  });
});

describe('a checkpoint', () => {
  const rows = [1, 2].map((epoch) => ({ epoch, values: [1] }));
  const progress: CohortEvent = { type: 'progress', trial: 1, epoch: 2, train_loss: 1, rows };
  const bytes = Uint8Array.of(2);
  const begin: readonly CoreEvent[] = [
    { type: 'begin' },
    { type: 'cohort', cohort: 1, event: STARTED },
    { type: 'cohort', cohort: 1, event: placed(1) },
  ];

  test('is written with its rows and the fingerprint of its worker, and is where the next attempt goes on', () => {
    const state = core(1);
    feed(state, begin);
    const checkpoint: CoreEvent = { type: 'cohort', cohort: 1, event: { ...progress, checkpoint: bytes } };
    expect(decide(state, checkpoint).writes).toEqual([
      { type: 'epochs', trial: 1, metrics: ['train_loss'], rows, checkpoint: { epoch: 2, fingerprint: 'f', bytes } },
    ]);
    const again = feed(state, [
      { type: 'cohort_ended', cohort: 1, end: { reason: 'failed', kind: 'crashed', message: 'gone' } },
      { type: 'cohort', cohort: 2, event: STARTED },
      { type: 'cohort', cohort: 2, event: { ...placed(1), resumed_from: 2 } },
      { type: 'cohort_ended', cohort: 2, end: { reason: 'failed', kind: 'crashed', message: 'gone' } },
    ]);
    expect(state.trials.get(1)?.epochs).toBe(2);
    // The rows of the first attempt are still there.
    expect(again.writes).toMatchObject([{ type: 'trial_ended', end: { kind: 'crashed', epochs: 2 } }]);
  });

  test('that a worker refuses is forgotten', () => {
    const trials = [{ ...queuedTrials(1, 1)[0]!, epochs: 7 }];
    const state = createCore({ trials, programOf: () => 0, widest: [1], workers: 1, run: 1 });
    const { writes } = feed(state, begin);
    expect(writes).toMatchObject([{ type: 'attempt_placed', resumed_from: 0 }]);
    expect(state.trials.get(1)).toMatchObject({ epochs: 0, attempt: { epoch: 0, recorded: 0 } });
  });

  test('of the end is kept with the result', () => {
    const state = core(1);
    const end = { state: 'completed', stop_reason: 'epochs', epochs: 2, kept_epoch: 1 } as const;
    const { writes } = feed(state, [
      ...begin,
      {
        type: 'cohort',
        cohort: 1,
        event: { type: 'trial_ended', trial: 1, end, seconds: 1, metrics: [1], checkpoint: bytes },
      },
    ]);
    expect(writes).toMatchObject([{ type: 'trial_ended', checkpoint: { epoch: 2, fingerprint: 'f', bytes } }]);
  });
});

describe('a defect', () => {
  test('is not papered over: a trial that ends twice throws', () => {
    const state = core(1);
    const end: CoreEvent = {
      type: 'cohort',
      cohort: 1,
      event: {
        type: 'trial_ended',
        trial: 1,
        seconds: 1,
        metrics: [1],
        end: { state: 'completed', stop_reason: 'epochs', epochs: 1, kept_epoch: 1 },
      },
    };
    feed(state, [
      { type: 'begin' },
      { type: 'cohort', cohort: 1, event: STARTED },
      { type: 'cohort', cohort: 1, event: placed(1) },
      end,
    ]);
    expect(() => decide(state, end)).toThrow('Cohort 1 reported trial 1, which it does not hold.');
  });
});
