/** Which trials may have taken their process down, and the order in which they are tried by themselves. Pure. */

import type { Loss } from '../../../db/writes.ts';
import type { FailureKind } from '../../executor/executor.ts';

/**
 * A SIGKILL that nobody explains comes mostly from people, and from containers that are stopped: only trials that it
 * hits again and again are suspects, and only those that it also hits without company are guilty.
 */
const KILLED = { suspect: 5, guilty: 8, alone: 3 } as const;

/** Checkpoints after which a suspect is taken to be innocent. The first may have been due before it did much. */
const CLEARED = 2;

/** The kind of failure that a trial's losses, from new to old, convict it of; null where they do not. */
export function convicted(losses: readonly Loss[]): FailureKind | null {
  const [newest] = losses;
  if (!newest?.cause) return null;
  if (newest.cause !== 'killed') return newest.alone ? newest.cause : null;
  const kills = losses.filter(({ cause }) => cause === 'killed');
  const guilty = kills.length >= KILLED.guilty && kills.slice(0, KILLED.alone).every(({ alone }) => alone);
  return guilty ? 'crashed' : null;
}

/** Whether a trial is to be tried with nothing else in flight but other suspects. */
export function isSuspect(losses: readonly Loss[]): boolean {
  if (losses.some(({ cause }) => cause !== null && cause !== 'killed')) return true;
  return losses.filter(({ cause }) => cause === 'killed').length >= KILLED.suspect;
}

/**
 * Finds culprits by bisection: of the suspects with the most losses one half at a time is on probation. A process that
 * dies leaves that half with one loss more, so that the next process halves it again, down to one that is alone.
 */
export class Suspects<T> {
  /** Suspects with equally many losses, the most losses last; in each class in the order in which they came. */
  readonly #classes: T[][];
  /** Checkpoints since a suspect's probation began. */
  readonly #onProbation = new Map<T, number>();

  /** `losses` is how many a trial has. */
  constructor(suspects: Iterable<T>, losses: (suspect: T) => number) {
    const classes = new Map<number, T[]>();
    for (const suspect of suspects) {
      const members = classes.get(losses(suspect));
      if (members) members.push(suspect);
      else classes.set(losses(suspect), [suspect]);
    }
    this.#classes = [...classes].sort(([a], [b]) => a - b).map(([, members]) => members);
  }

  /** Suspects that have not been on probation yet. */
  get waiting(): number {
    return this.#classes.reduce((sum, members) => sum + members.length, 0);
  }

  get onProbation(): number {
    return this.#onProbation.size;
  }

  /** Whether any suspect waits or is on probation: nothing else may be started. */
  get pending(): boolean {
    return this.#onProbation.size > 0 || this.#classes.length > 0;
  }

  /** Puts the next half on probation, a lone suspect or one of two by itself; empty when none wait. */
  nextGroup(): readonly T[] {
    if (this.#onProbation.size > 0) throw new Error('A group of suspects is on probation already.');
    const foremost = this.#classes.at(-1) ?? [];
    const group = foremost.splice(0, Math.ceil(foremost.length / 2));
    if (foremost.length === 0) this.#classes.pop();
    for (const suspect of group) this.#onProbation.set(suspect, 0);
    return group;
  }

  isOnProbation(trial: T): boolean {
    return this.#onProbation.has(trial);
  }

  /** A trial has got further, by a checkpoint. */
  checkpointed(trial: T): void {
    const earlier = this.#onProbation.get(trial);
    if (earlier === undefined) return;
    if (earlier + 1 < CLEARED) this.#onProbation.set(trial, earlier + 1);
    else this.#onProbation.delete(trial);
  }

  /** A trial has a result that stands. */
  ended(trial: T): void {
    this.#onProbation.delete(trial);
  }
}
