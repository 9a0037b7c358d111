/** Keeps a run going: starts one coordinator after another until the sweep is over, and gives up where that is no use. */

import { causeOfDeath } from './child-death.ts';
import { counted } from './counted.ts';
import type { Begin, FromCoordinator, RunOutcome } from './coordinator/messages.ts';
import { SweepError } from './errors.ts';
import { faultPoint } from './faults.ts';
import { RestartPolicy } from './restart-policy.ts';
import { type SupervisedEnd, type SupervisedRun, type Supervision, supervise, tailOf } from './supervisor.ts';

/** How a run can end; after a `restart` another coordinator goes on. */
export type FinalOutcome = Exclude<RunOutcome, 'restart'>;

export type RunEnd =
  | { readonly type: 'ended'; readonly outcome: FinalOutcome }
  | Extract<SupervisedEnd, { type: 'failed' }>
  /** It was stopped, and the coordinator died or was killed before it could say so. */
  | { readonly type: 'stopped' }
  /** Coordinators died so often that another one is not started; what was committed stays. */
  | {
      readonly type: 'gave_up';
      readonly reason: string;
      /** How they died, each with how often, such as `signal SIGSEGV` 3 times. */
      readonly deaths: ReadonlyMap<string, number>;
      /** The last lines of the last one's log. */
      readonly tail: string;
    };

export interface RunSupervision {
  /** Settles when the last child is gone; rejects on a defect only. */
  readonly ended: Promise<RunEnd>;
  /** `chunk`: after the running chunk; `now`: at once. No child is started after it. */
  stop(when: 'chunk' | 'now'): void;
  /** For a child that does not react any more; no other one is started. */
  kill(): void;
}

/** `previous` is null: of what happened before this command nobody knows. */
export type FirstRun = Omit<SupervisedRun, 'previous'>;

/**
 * `listen` hears all children, and of each restart as a notice.
 * Errors: `SweepError` of code `database` when the log cannot be written to.
 */
export function superviseRun(run: FirstRun, listen: (message: FromCoordinator) => void): RunSupervision {
  const supervisor = new RunSupervisor(run, listen);
  return {
    ended: supervisor.ended,
    stop: (when) => supervisor.stop(when),
    kill: () => supervisor.kill(),
  };
}

class RunSupervisor {
  readonly ended: Promise<RunEnd>;
  readonly #run: FirstRun;
  readonly #listen: (message: FromCoordinator) => void;
  readonly #policy = new RestartPolicy();
  readonly #deaths = new Map<string, number>();
  /** The living child; between two of them the last one, which hears nothing any more. */
  #child: Supervision;
  #ran = false;
  #progressed = false;
  #suspects = 0;
  #stopped = false;
  /** Ends the pause between two children. */
  #wake: () => void = () => {};

  constructor(run: FirstRun, listen: (message: FromCoordinator) => void) {
    this.#run = run;
    this.#listen = listen;
    this.#child = this.#start(null);
    this.ended = this.#untilOver();
  }

  stop(when: 'chunk' | 'now'): void {
    this.#stopped = true;
    this.#child.stop(when);
    this.#wake();
  }

  kill(): void {
    this.#stopped = true;
    this.#child.kill();
    this.#wake();
  }

  #start(previous: Begin['previous']): Supervision {
    this.#ran = false;
    this.#progressed = false;
    this.#suspects = 0;
    return supervise({ ...this.#run, previous }, (message) => this.#hear(message));
  }

  #hear(message: FromCoordinator): void {
    if (message.type === 'running') {
      this.#ran = true;
      this.#suspects = message.suspects;
    }
    if (message.type === 'report') {
      this.#progressed ||= message.ended.length > 0 || message.running.some(({ epoch }) => epoch > 0);
    }
    this.#listen(message);
  }

  async #untilOver(): Promise<RunEnd> {
    for (;;) {
      const end = await this.#child.ended;
      if (end.type === 'failed') return end;
      if (end.type === 'ended' && end.outcome !== 'restart') return { type: 'ended', outcome: end.outcome };
      if (this.#stopped) return { type: 'stopped' };
      let previous: Begin['previous'] = null;
      if (end.type === 'died') {
        const decision = this.#count(end.description);
        if (decision.type === 'give_up') {
          return { type: 'gave_up', reason: decision.reason, deaths: this.#deaths, tail: tailOf(end.printed) };
        }
        const cause = causeOfDeath(end);
        const message = end.told?.message ?? `the coordinator's process ended with ${end.description} (${cause})`;
        previous = { cause, message };
        this.#notice('warning', `${message}; starting the coordinator again`);
        await this.#pause(decision.afterMilliseconds);
        if (this.#stopped) return { type: 'stopped' };
        faultPoint('supervise');
      } else this.#notice('info', 'starting the coordinator again to give memory back');
      try {
        this.#child = this.#start(previous);
      } catch (error) {
        if (error instanceof SweepError) return { type: 'failed', error };
        throw error;
      }
    }
  }

  #count(description: string): ReturnType<RestartPolicy['afterDeath']> {
    this.#deaths.set(description, (this.#deaths.get(description) ?? 0) + 1);
    return this.#policy.afterDeath({
      endedAt: performance.now(),
      ran: this.#ran,
      progressed: this.#progressed,
      bisecting: this.#suspects > 0,
    });
  }

  #notice(level: 'info' | 'warning', message: string): void {
    this.#listen({ type: 'notice', level, message });
  }

  #pause(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

/** `signal SIGSEGV 3 times, exit code 1 once`. Pure. */
export function describeDeaths(deaths: ReadonlyMap<string, number>): string {
  return [...deaths].map(([how, count]) => `${how} ${count === 1 ? 'once' : counted(count, 'time')}`).join(', ');
}
