/** Looks after a run from within: its deadline, what other shells ask for, its memory, its database, and its neighbours. */

import { passes } from '../../db/database-error.ts';
import type { Store } from '../../db/store.ts';
import type { LossCause } from '../../db/writes.ts';
import { SweepError } from '../errors.ts';
import type { Coordinator } from './coordinator.ts';
import type { HoldReason } from './core/state.ts';
import { MemoryGuard } from './memory.ts';
import type { Begin } from './messages.ts';
import type { VitalsMeter } from './vitals.ts';

/** Milliseconds between looks. Memory can grow by gigabytes a second. */
const MEMORY_INTERVAL = 100;
const LOOK_INTERVAL = 1000;
const SHARE_INTERVAL = 2000;
const VITALS_INTERVAL = 2000;
const LOG_INTERVAL = 30_000;
/** Bytes of SQLite's log above which some reader must be keeping it from being emptied. */
const LARGE_LOG = 256 * 2 ** 20;

export interface WatchHooks {
  readonly onNotice: (level: 'info' | 'warning', message: string) => void;
  /** Nothing is started at the moment; null when it goes on. */
  readonly onHolding: (reason: HoldReason | null, message: string) => void;
  /** The process must end, since it cannot go on; never returns to what it did. */
  readonly onFatal: (cause: LossCause, message: string) => void;
}

/** What is looked after. */
export interface WatchedRun {
  /** Its id. */
  readonly run: number;
  readonly coordinator: Coordinator;
  readonly vitals: VitalsMeter;
}

export class RunWatch {
  readonly #store: Store;
  readonly #begin: Begin;
  readonly #run: number;
  readonly #coordinator: Coordinator;
  readonly #vitals: VitalsMeter;
  readonly #hooks: WatchHooks;
  readonly #memory: MemoryGuard;
  readonly #timers: NodeJS.Timeout[];
  #deadlinePassed = false;
  #draining = false;
  #paused: boolean;
  #blocked: string | undefined;
  #fatal = false;
  #logTold = false;

  constructor(store: Store, begin: Begin, { run, coordinator, vitals }: WatchedRun, hooks: WatchHooks) {
    this.#store = store;
    this.#begin = begin;
    this.#run = run;
    this.#coordinator = coordinator;
    this.#vitals = vitals;
    this.#hooks = hooks;
    this.#memory = new MemoryGuard(begin.memoryLimit);
    this.#paused = false;
    this.#timers = [
      this.#every(MEMORY_INTERVAL, () => this.#lookAtMemory()),
      this.#every(LOOK_INTERVAL, () => this.#look()),
      this.#every(SHARE_INTERVAL, () => this.#share()),
      this.#every(VITALS_INTERVAL, () => this.#recordVitals()),
      this.#every(LOG_INTERVAL, () => this.#lookAtLog()),
    ];
  }

  get deadlinePassed(): boolean {
    return this.#deadlinePassed;
  }

  /** Whether it was stopped to give memory back. */
  get draining(): boolean {
    return this.#draining;
  }

  /** Before the coordinator begins: a pause outlives the one that was told of it. */
  holdIfPaused(): void {
    if (this.#store.isPaused(this.#begin.sweep)) this.#setPaused(true);
  }

  /** At once when it has begun: a deadline may have passed while the sweep was being prepared. */
  begin(): void {
    this.#guarded(() => this.#look());
  }

  /** What the coordinator says of its commits: the error that it waits for to pass, or undefined when all is well. */
  readonly blocked = (error: unknown): void => {
    this.#blocked = error === undefined ? undefined : waitingFor(error);
    this.#tellHolding();
  };

  end(): void {
    for (const timer of this.#timers) clearInterval(timer);
  }

  #every(milliseconds: number, look: () => void): NodeJS.Timeout {
    return setInterval(() => this.#guarded(look), milliseconds);
  }

  #guarded(look: () => void): void {
    try {
      look();
    } catch (error) {
      // The next look finds it as it is.
      if (passes(error) === undefined) this.#coordinator.fail(error);
    }
  }

  #look(): void {
    const { deadline, sweep, database } = this.#begin;
    // The clock, not a timer: timers sleep with the machine.
    if (!this.#deadlinePassed && deadline !== null && Date.now() >= deadline) {
      this.#deadlinePassed = true;
      this.#hooks.onNotice('info', 'the deadline has come: stopping at the next chunk');
      this.#coordinator.stop('chunk');
    }
    if (!this.#store.isThere()) {
      throw new SweepError('database', {
        position: { file: database },
        message: 'the database must stay where it is during a run, but it was removed or replaced',
        hint: 'put it back, and run again: it goes on from what the file holds',
      });
    }
    for (const { command } of this.#store.takeCommands(sweep)) {
      if (command === 'stop') {
        this.#hooks.onNotice('info', 'asked to stop: stopping at the next chunk');
        this.#coordinator.stop('chunk');
      } else this.#setPaused(command === 'pause');
    }
    if (this.#store.isPaused(sweep) !== this.#paused) {
      if (this.#paused) this.#store.pause(sweep);
      else this.#store.unpause(sweep);
    }
  }

  #setPaused(paused: boolean): void {
    if (paused === this.#paused) return;
    this.#paused = paused;
    if (paused) this.#coordinator.hold('paused');
    else this.#coordinator.release('paused');
    this.#tellHolding();
  }

  #tellHolding(): void {
    if (this.#blocked !== undefined) this.#hooks.onHolding('disk', this.#blocked);
    else if (this.#paused) this.#hooks.onHolding('paused', 'paused');
    else this.#hooks.onHolding(null, 'going on');
  }

  #lookAtMemory(): void {
    if (this.#fatal) return;
    const resident = process.memoryUsage.rss();
    const advice = this.#memory.judge(resident, performance.now() / 1000);
    if (advice === 'go on') return;
    const message = `${gigabytes(resident)} of memory are in use, more than the limit of ${gigabytes(this.#begin.memoryLimit)}`;
    if (advice === 'give up') {
      this.#fatal = true;
      this.#hooks.onFatal('out_of_memory', message);
    } else if (!this.#draining) {
      this.#draining = true;
      this.#hooks.onNotice('warning', `${message}: starting again after the running chunk`);
      this.#coordinator.stop('chunk');
    }
  }

  /** Every run of a database takes an equal part of its workers, and each works that out for itself. */
  #share(): void {
    const { share, sweep, workers } = this.#begin;
    if (!share) return;
    const live = 1 + this.#store.otherLiveSweeps(sweep);
    this.#coordinator.share(Math.max(1, Math.floor(workers / live)));
  }

  #recordVitals(): void {
    // Where results cannot be committed, this need not be tried.
    if (this.#blocked !== undefined) return;
    this.#store.recordVitals(this.#begin.sweep, this.#run, this.#vitals.measure(Date.now()));
  }

  #lookAtLog(): void {
    const isLarge = this.#store.walBytes() > LARGE_LOG;
    if (isLarge && !this.#logTold) {
      const readers = this.#store.blockingReaders().map(({ pid, name }) => `${name} (process ${pid})`);
      const who = readers.length > 0 ? `; it is open in ${readers.join(', ')}` : '';
      this.#hooks.onNotice(
        'warning',
        `the database's log has grown to ${gigabytes(this.#store.walBytes())}, since somebody reads for long${who}`,
      );
    }
    this.#logTold = isLarge;
  }
}

function waitingFor(error: unknown): string {
  return passes(error) === 'locked'
    ? 'another process holds the database: waiting until it lets go; nothing is lost'
    : 'the disk is full: waiting for room; nothing is lost';
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`;
}
