/** What every executor must do: the same tests run over each of them. */

import { afterEach, describe, expect, test } from 'vitest';
import type { CohortEnd, CohortEvent, CohortTask, Executor, RunningCohort } from '../../src/executor/executor.ts';
import type { Program, TrialTask } from '../../workers/train/program.ts';

/** What a trial does is told by its `hyper`: `epochs`, and `fate`: 0 completes, 1 diverges, 2 takes its cohort down. */
export const FATES = { completes: 0, diverges: 1, breaks: 2 } as const;
const ENDLESS = 1_000_000_000;

const PROGRAM: Program = {
  version: 2,
  data: { width: 2, classes: 2, parts: { train: 10, validation: 0, test: 10 } },
  image: null,
  augment: null,
  module: null,
  input: { noise: false, dropout: false },
  layers: [],
  loss: 'binary_crossentropy',
  label_smoothing: false,
  class_weight: false,
  noise: { gradients: false, labels: false },
  optimizer: { name: 'adam', amsgrad: false, weight_decay: false },
  schedule: null,
  counts_steps: false,
  trigger: 'no_improvement',
  layer_history: { weight_norms: false, gradient_norms: false },
  clip: { variable_norm: false, global_norm: false, value: false },
  batch: 10,
  metrics: ['train_loss', 'test_accuracy'],
  objective: 'train_loss',
  monitor: null,
  keep: 'last',
  keep_metric: null,
  record: 'auto',
};

function trial(id: number, epochs: number, fate: keyof typeof FATES = 'completes'): TrialTask {
  const data: TrialTask['data'] = {
    source: { generator: 'moons', samples: 20, noise: 0.1, seed: 1 },
    target_kind: 'class',
    image: null,
    transform: { features: null, target: null },
    split: {
      kind: 'parts',
      train: 10,
      validation: 0,
      test: 10,
      shuffle: false,
      stratify: false,
      group: null,
      seed: 1,
    },
  };
  return { trial: id, seed: 1, replicate: 0, data, initializers: [], hyper: { epochs, fate: FATES[fate] } };
}

function cohort(id: number, width: number, trials: readonly TrialTask[]): CohortTask {
  return { version: 1, cohort: id, program: PROGRAM, width, trials };
}

/** A running cohort with all that it has said so far. */
class Listener {
  readonly events: CohortEvent[] = [];
  readonly running: RunningCohort;
  readonly #waiting: { readonly matches: (event: CohortEvent) => boolean; readonly found: () => void }[] = [];

  constructor(executor: Executor, task: CohortTask, onEvent: (event: CohortEvent, self: Listener) => void = () => {}) {
    this.running = executor.start(task, (event) => {
      this.events.push(event);
      onEvent(event, this);
      for (const { matches, found } of this.#waiting) if (matches(event)) found();
    });
  }

  get ended(): Promise<CohortEnd> {
    return this.running.ended;
  }

  ofType<T extends CohortEvent['type']>(type: T): Extract<CohortEvent, { type: T }>[] {
    return this.events.filter((event): event is Extract<CohortEvent, { type: T }> => event.type === type);
  }

  first(type: CohortEvent['type']): Promise<void> {
    if (this.events.some((event) => event.type === type)) return Promise.resolve();
    return new Promise((found) => this.#waiting.push({ matches: (event) => event.type === type, found }));
  }
}

export function executorConformance(name: string, create: (workers: number) => Executor): void {
  describe(`${name} is an executor`, () => {
    let executor: Executor | undefined;
    const open = (workers: number): Executor => (executor = create(workers));
    afterEach(async () => {
      await executor?.close();
      executor = undefined;
    });

    test('reports every trial from its start, through its epochs, to its end, before the cohort ends', async () => {
      const run = new Listener(open(1), cohort(1, 2, [trial(1, 3), trial(2, 5), trial(3, 2, 'diverges')]));
      expect(await run.ended).toEqual({ reason: 'finished' });
      expect(run.events[0]).toMatchObject({ type: 'cohort_started', metrics: PROGRAM.metrics });
      for (const [id, epochs] of [
        [1, 3],
        [2, 5],
        [3, 2],
      ] as const) {
        const own = run.events.filter((event) => 'trial' in event && event.trial === id);
        expect(own[0]).toMatchObject({ type: 'trial_started', resumed_from: 0 });
        expect(own.at(-1)).toMatchObject({ type: 'trial_ended', end: { epochs } });
        const rows = own.flatMap((event) => (event.type === 'progress' ? event.rows : []));
        expect(rows.map((row) => row.epoch)).toEqual(Array.from({ length: epochs }, (_, index) => index + 1));
        expect(rows.every((row) => row.values.length === PROGRAM.metrics.length)).toBe(true);
      }
      expect(run.ofType('trial_ended').map((event) => [event.trial, event.end.state])).toEqual(
        expect.arrayContaining([
          [1, 'completed'],
          [2, 'completed'],
          [3, 'failed'],
        ]),
      );
    });

    test('refills a slot as soon as its trial has ended, and says who else is there', async () => {
      const run = new Listener(open(1), cohort(1, 2, [trial(1, 2), trial(2, 60), trial(3, 2), trial(4, 2)]));
      await run.ended;
      const places = run.ofType('trial_started');
      expect(places.map((place) => place.trial)).toEqual([1, 2, 3, 4]);
      expect(places.slice(1).map((place) => place.company)).toEqual([[1], [2], [2]]);
      expect(new Set(places.map((place) => place.slot))).toEqual(new Set([0, 1]));
    });

    test('runs the trials that are added when it asks for more', async () => {
      const more = [trial(2, 2), trial(3, 2)];
      const run = new Listener(open(1), cohort(1, 2, [trial(1, ENDLESS)]), (event, self) => {
        if (event.type === 'wants_trials') self.running.add(more.splice(0, 1));
        if (event.type === 'trial_ended' && event.trial === 3) self.running.stop('chunk');
      });
      expect(await run.ended).toEqual({ reason: 'stopped' });
      expect(run.ofType('trial_ended').map((event) => event.trial)).toEqual([2, 3]);
    });

    test('takes no notice of what comes after the end', async () => {
      const run = new Listener(open(1), cohort(1, 2, [trial(1, 2)]));
      expect(await run.ended).toEqual({ reason: 'finished' });
      const said = run.events.length;
      run.running.add([trial(2, 2)]);
      run.running.stop('chunk');
      run.running.stop('now');
      run.running.fail('stalled', 'too late');
      expect(await run.ended).toEqual({ reason: 'finished' });
      expect(run.events.length).toBe(said);
    });

    test('stops after the running chunk, its rows reported', async () => {
      const run = new Listener(open(1), cohort(1, 2, [trial(1, ENDLESS), trial(2, ENDLESS)]));
      await run.first('progress');
      run.running.stop('chunk');
      expect(await run.ended).toEqual({ reason: 'stopped' });
      const said = run.events.length;
      const rows = run.ofType('progress').flatMap((event) => (event.trial === 1 ? event.rows : []));
      expect(rows.map((row) => row.epoch)).toEqual(rows.map((_, index) => index + 1));
      expect(run.ofType('trial_ended')).toEqual([]);
      await new Promise(setImmediate);
      expect(run.events.length).toBe(said);
    });

    test('stops at once without another word, and the worker serves the next cohort', async () => {
      const place = open(1);
      const run = new Listener(place, cohort(1, 2, [trial(1, ENDLESS)]));
      await run.first('progress');
      run.running.stop('now');
      const said = run.events.length;
      expect(await run.ended).toEqual({ reason: 'stopped' });
      expect(run.events.length).toBe(said);
      const next = new Listener(place, cohort(2, 2, [trial(2, 2)]));
      expect(await next.ended).toEqual({ reason: 'finished' });
      expect(next.ofType('trial_ended').map((event) => event.trial)).toEqual([2]);
    });

    test('fails a cohort as it is told, without another word, and the worker serves the next one', async () => {
      const place = open(1);
      const run = new Listener(place, cohort(1, 2, [trial(1, ENDLESS)]));
      await run.first('progress');
      run.running.fail('stalled', 'nothing came from it');
      const said = run.events.length;
      expect(await run.ended).toEqual({ reason: 'failed', kind: 'stalled', message: 'nothing came from it' });
      expect(run.events.length).toBe(said);
      const next = new Listener(place, cohort(2, 2, [trial(2, 2)]));
      expect(await next.ended).toEqual({ reason: 'finished' });
      expect(next.ofType('trial_ended').map((event) => event.trial)).toEqual([2]);
    });

    test('survives a worker that breaks: what had ended stays, and the next cohort runs', async () => {
      const place = open(1);
      const run = new Listener(place, cohort(1, 2, [trial(1, 2), trial(2, 50, 'breaks')]));
      expect(await run.ended).toMatchObject({ reason: 'failed' });
      expect(run.ofType('trial_ended').map((event) => event.trial)).toEqual([1]);
      const next = new Listener(place, cohort(2, 2, [trial(3, 2)]));
      expect(await next.ended).toEqual({ reason: 'finished' });
    });

    test('runs as many cohorts at the same time as it has workers', async () => {
      const place = open(2);
      const runs = [1, 2].map((id) => new Listener(place, cohort(id, 1, [trial(id, ENDLESS)])));
      await Promise.all(runs.map((run) => run.first('progress')));
      const workers = runs.map((run) => run.ofType('cohort_started')[0]?.worker);
      expect(new Set(workers).size).toBe(2);
      for (const run of runs) run.running.stop('chunk');
      expect(await Promise.all(runs.map((run) => run.ended))).toEqual([{ reason: 'stopped' }, { reason: 'stopped' }]);
    });

    test('ends everything when it is closed', async () => {
      const place = open(2);
      const runs = [1, 2].map((id) => new Listener(place, cohort(id, 1, [trial(id, ENDLESS)])));
      await runs[0]!.first('progress');
      await place.close();
      expect(await Promise.all(runs.map((run) => run.ended))).toEqual([{ reason: 'stopped' }, { reason: 'stopped' }]);
    });
  });
}
