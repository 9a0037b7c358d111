/** Which program's trials go to a free worker, how wide, and how far a running cohort is refilled. Pure. */

import { cohortWidth } from './cohort-width.ts';
import type { Waiter, WaitingTrials } from './waiting.ts';

export interface Grant {
  readonly program: number;
  readonly width: number;
  /** Trials to hand over: `width` for the slots and some for the worker's backlog, so that a refill need not wait. */
  readonly count: number;
}

/**
 * Workers among which a program's trials are shared, when every other program at hand gets one worker first.
 * At least two, where there are two: else the sweep's end would hang on the one worker that holds the last trials.
 */
function workersFor(program: number, waiting: readonly number[], served: readonly number[], workers: number): number {
  const rivals = new Set([...waiting, ...served]);
  rivals.delete(program);
  return Math.min(workers, Math.max(2, workers - rivals.size));
}

/** What decides about a program besides the trials that wait. */
export interface ProgramFacts {
  /** How many of its trials running cohorts have, which are of their workers' shares. */
  readonly held: (program: number) => number;
  /** Slots of its widest stack. */
  readonly widest: (program: number) => number;
  /** Whether the worker that is free has run it before, and need not compile it again. */
  readonly isCompiled: (program: number) => boolean;
}

/**
 * The next cohort for a free worker: of the program whose turn it is in the sweep's order, but before it, within a
 * replicate, of one that the worker has compiled. Undefined when none waits.
 */
export function nextGrant<T extends Waiter>(
  waiting: WaitingTrials<T>,
  served: readonly number[],
  { held, widest, isCompiled }: ProgramFacts,
  workers: number,
): Grant | undefined {
  const programs = waiting.programs();
  const waiters = programs.map((program) => waiting.foremost(program)!).toSorted((a, b) => a.position - b.position);
  const [foremost] = waiters;
  if (!foremost) return undefined;
  const compiled = waiters.find(({ program, replicate }) => replicate === foremost.replicate && isCompiled(program));
  const { program } = compiled ?? foremost;
  const count = waiting.count(program);
  const sharers = workersFor(program, programs, served, workers);
  const share = Math.min(count, Math.ceil((count + held(program)) / sharers));
  const width = cohortWidth(widest(program), share, 1);
  return { program, width, count: Math.min(share, width + Math.ceil(width / 2)) };
}

/**
 * How many trials a running cohort gets when it asks for `wanted` more. As long as some program has no worker,
 * a cohort may not run ahead of it into later replicates: a sweep that is cut short stays balanced.
 */
export function refillCount<T extends Waiter>(
  waiting: WaitingTrials<T>,
  served: readonly number[],
  program: number,
  wanted: number,
  workers: number,
): number {
  const next = waiting.foremost(program);
  if (!next) return 0;
  const programs = waiting.programs();
  const overtakes = programs.some(
    (other) => !served.includes(other) && waiting.foremost(other)!.replicate < next.replicate,
  );
  if (overtakes) return 0;
  const share = Math.ceil(waiting.count(program) / workersFor(program, programs, served, workers));
  return Math.min(wanted, share);
}
