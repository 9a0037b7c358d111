/** What took a coordinator's process down, from how it ended and what the kernel counted meanwhile. */

import { readFileSync } from 'node:fs';
import type { LossCause } from '../db/writes.ts';

export type DeathCause = LossCause;

export interface LastWords {
  readonly cause: DeathCause;
  readonly message: string;
}

export interface ChildExit {
  readonly signal: NodeJS.Signals | null;
  /** Null where a signal ended it. */
  readonly code: number | null;
  /** The kernel's count of processes killed for want of memory, when the child began and after its end; null where there is none. */
  readonly oomKillsBefore: number | null;
  readonly oomKillsAfter: number | null;
  /** What it said of itself before it died. */
  readonly told: LastWords | null;
  /** The end of what it printed. */
  readonly printed: string;
}

/** Sent from outside; all other deadly signals come from the process's own code. */
const FROM_OUTSIDE: readonly NodeJS.Signals[] = ['SIGKILL', 'SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT'];

/**
 * V8's words before it aborts. A worker thread over its heap limit mostly ends alone, but not where V8 asks for the
 * memory at a moment that allows no failure, as when a large `Map` grows.
 */
const HEAP_EXHAUSTED = /^FATAL ERROR: .*out of memory/m;

/** Pure. */
export function causeOfDeath({ signal, told, oomKillsBefore, oomKillsAfter, printed }: ChildExit): DeathCause {
  if (told !== null) return told.cause;
  if (signal === 'SIGKILL' && oomKillsBefore !== null && oomKillsAfter !== null && oomKillsAfter > oomKillsBefore) {
    return 'out_of_memory';
  }
  if (signal !== null && FROM_OUTSIDE.includes(signal)) return 'killed';
  return HEAP_EXHAUSTED.test(printed) ? 'out_of_memory' : 'crashed';
}

/** `signal SIGKILL`, `exit code 75`. Pure. */
export function describeExit({ signal, code }: Pick<ChildExit, 'signal' | 'code'>): string {
  return signal === null ? `exit code ${code ?? 'unknown'}` : `signal ${signal}`;
}

/** Of our control group, where a container has one of its own, and of the machine: a rise of either tells. */
const COUNTERS = ['/sys/fs/cgroup/memory.events', '/proc/vmstat'];

/** Processes that the kernel has killed for want of memory so far; null where it does not say. */
export function oomKills(files: readonly string[] = COUNTERS): number | null {
  const counts = files.flatMap((file) => {
    const [, count] = /^oom_kill (\d+)$/m.exec(contentOf(file)) ?? [];
    return count === undefined ? [] : [Number(count)];
  });
  return counts.length > 0 ? counts.reduce((sum, count) => sum + count, 0) : null;
}

function contentOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
