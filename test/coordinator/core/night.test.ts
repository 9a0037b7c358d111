/** A night of the core: processes die, sweeps are held and cores shared, and yet each trial gets what it deserves. */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { LossCause, TrialRecord, Write } from '../../../db/writes.ts';
import type { CoreEvent } from '../../../src/coordinator/core/decide.ts';
import { isSuspect } from '../../../src/coordinator/core/suspects.ts';
import { hasEnded } from '../../../src/coordinator/core/trial-states.ts';
import { Ledger, queuedTrials } from '../ledger.ts';
import { drawing } from './drawing.ts';
import { type Fate, LENGTH, Simulation } from './simulation.ts';

const causes: readonly LossCause[] = ['crashed', 'out_of_memory', 'stalled'];
const fates: fc.Arbitrary<Fate> = fc.oneof(
  { weight: 12, arbitrary: fc.constant('completes' as const) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constantFrom('error', 'crashed'), times: fc.constant(1) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kills: fc.constantFrom(...causes), at: fc.integer({ min: 1, max: LENGTH }) }),
  },
);
const COUNT = 48;

const nights = fc.record({
  programs: fc.integer({ min: 1, max: 3 }),
  workers: fc.integer({ min: 1, max: 4 }),
  widest: fc.constantFrom(1, 2, 4, 8),
  fates: fc.array(fates, { minLength: COUNT, maxLength: COUNT }),
  seed: fc.integer(),
  /** SIGKILLs from outside: too few to make anyone guilty. */
  kills: fc.integer({ min: 0, max: 7 }),
  /** One thing in so many steps comes from outside. */
  calm: fc.integer({ min: 8, max: 80 }),
});
type Night = typeof nights extends fc.Arbitrary<infer T> ? T : never;

/** Watches one process, from what it writes alone, for what must hold while suspects are tried. */
class Witness {
  readonly #running = new Set<number>();
  /** Losses of each suspect that has not been cleared. */
  readonly #suspects: Map<number, number>;
  readonly #classes = new Map<number, number>();
  readonly #losses: ReadonlyMap<number, number>;
  readonly #checkpoints = new Map<number, number>();
  #alone: number | undefined;

  constructor(records: readonly TrialRecord[]) {
    const suspects = records.filter(({ state, losses }) => state === 'queued' && isSuspect(losses));
    this.#suspects = new Map(suspects.map(({ id, losses }) => [id, losses.length]));
    this.#losses = new Map(this.#suspects);
    for (const { losses } of suspects) this.#classes.set(losses.length, (this.#classes.get(losses.length) ?? 0) + 1);
  }

  see(writes: readonly Write[]): void {
    for (const write of writes) this.#see(write);
  }

  #see(write: Write): void {
    const { trial } = write;
    if (write.type === 'attempt_started') {
      expect(this.#alone, 'nothing starts while a trial is alone').toBeUndefined();
      expect(this.#running.has(trial)).toBe(false);
      if (write.alone) {
        expect([...this.#running], 'nothing else is in flight').toEqual([]);
        this.#alone = trial;
      }
      this.#running.add(trial);
      if (this.#suspects.size > 0) this.#checkGroup(trial);
    } else if (write.type === 'epochs' && write.checkpoint) {
      const count = (this.#checkpoints.get(trial) ?? 0) + 1;
      this.#checkpoints.set(trial, count);
      if (count === 2) this.#clear(trial);
    } else if (write.type === 'trial_ended') {
      this.#running.delete(trial);
      this.#clear(trial);
    } else if (write.type === 'attempt_lost') {
      this.#running.delete(trial);
      if (this.#alone === trial) this.#alone = undefined;
    }
  }

  #checkGroup(started: number): void {
    const losses = Math.max(...this.#suspects.values());
    expect(this.#suspects.get(started), 'only the foremost suspects are started').toBe(losses);
    for (const trial of this.#running) expect(this.#losses.get(trial), 'only their group is in flight').toBe(losses);
    expect(this.#running.size).toBeLessThanOrEqual(Math.ceil(this.#classes.get(losses)! / 2));
  }

  #clear(trial: number): void {
    this.#suspects.delete(trial);
    if (this.#alone === trial) this.#alone = undefined;
  }
}

/** The processes of one night, each with the state that the one before it has left in the ledger. */
class Processes {
  readonly ledger = new Ledger(queuedTrials(COUNT, 12));
  /** Deaths by each cause; those by `killed` came from outside. */
  readonly deaths: LossCause[] = [];
  mostInFlight = 0;
  readonly #night: Night;
  readonly #draw: (bound: number) => number;
  #kills: number;

  constructor(night: Night) {
    this.#night = night;
    this.#draw = drawing(night.seed);
    this.#kills = night.kills;
  }

  /** Runs processes until every trial has ended. */
  runAll(): void {
    for (let processes = 0; !this.ledger.states().every(hasEnded); processes += 1) {
      if (processes > 500) throw new Error('the night does not end');
      const death = this.#runOne();
      this.ledger.recover(death ?? null);
      if (death) this.deaths.push(death);
    }
  }

  /** One process until its end; what took it down, if anything did. What it had not committed is gone with it. */
  #runOne(): LossCause | undefined {
    const draw = this.#draw;
    const trials = this.ledger.records(queuedTrials(COUNT, 12));
    const witness = new Witness(trials);
    let pending: Write[] = [];
    const commit = (): void => {
      this.ledger.write(pending);
      pending = [];
      this.mostInFlight = Math.max(
        this.mostInFlight,
        this.ledger.states().filter((state) => state === 'running').length,
      );
    };
    const { programs, workers, widest } = this.#night;
    const fate = (trial: number): Fate => this.#night.fates[trial - 1]!;
    const simulation = new Simulation({ trials, programs, workers, widest, draw, fate }, ({ writes, commands }) => {
      witness.see(writes);
      pending.push(...writes);
      if (commands.length > 0 || draw(2) === 0) commit();
    });
    for (let steps = 0; !simulation.done; steps += 1) {
      if (steps > 20_000) throw new Error('a process does not end');
      if (draw(this.#night.calm) === 0 || !simulation.busy) {
        if (this.#kills > 0 && draw(4) === 0) {
          this.#kills -= 1;
          return 'killed';
        }
        simulation.send(this.#disturbance());
        if (simulation.done) break;
      }
      if (simulation.busy) simulation.step();
      if (simulation.death) return simulation.death;
    }
    commit();
    return undefined;
  }

  #disturbance(): CoreEvent {
    const draw = this.#draw;
    const reason = draw(2) === 0 ? 'paused' : 'disk';
    const kind = draw(12);
    if (kind < 4) return { type: 'release', reason };
    if (kind < 7) return { type: 'hold', reason };
    if (kind < 11) return { type: 'share', workers: 1 + draw(this.#night.workers) };
    return { type: 'stop', when: draw(2) === 0 ? 'chunk' : 'now' };
  }
}

test('every innocent trial completes, every culprit is convicted, and nobody else is', () => {
  let culprits = 0;
  fc.assert(
    fc.property(nights, (night) => {
      const processes = new Processes(night);
      processes.runAll();
      let bound = 0;
      const halvings = Math.ceil(Math.log2(Math.max(1, processes.mostInFlight)));
      for (const [id, { state, failure }] of processes.ledger.trials) {
        const fate = night.fates[id - 1]!;
        if (fate === 'completes') expect(state).toBe('completed');
        else if ('kills' in fate) {
          expect([state, failure]).toEqual(['failed', fate.kills]);
          culprits += 1;
          // One death in company, one per halving, one alone; begun anew whenever it got as far as a new checkpoint.
          bound += fate.at * (halvings + 2);
        } else if (state === 'failed') expect(failure).toBe('crashed');
      }
      expect(processes.deaths.filter((cause) => cause !== 'killed').length).toBeLessThanOrEqual(bound);
    }),
    { numRuns: 150 },
  );
  expect(culprits).toBeGreaterThan(100);
});
