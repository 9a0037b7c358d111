/** What took a coordinator's process down, from how it ended and what the kernel counted meanwhile. */

import { readFileSync } from 'node:fs';
import type { LossCause } from '../db/writes.ts';

export type DeathCause = LossCause;

export interface ChildExit {
  readonly signal: NodeJS.Signals | null;
  /** Null where a signal ended it. */
  readonly code: number | null;
  /** The kernel's count of processes killed for want of memory, when the child began and after its end; null where there is none. */
  readonly oomKillsBefore: number | null;
  readonly oomKillsAfter: number | null;
  /** What it said of itself before it died. */
  readonly told: DeathCause | null;
}

/** Sent from outside; all other deadly signals come from the process's own code. */
const FROM_OUTSIDE: readonly NodeJS.Signals[] = ['SIGKILL', 'SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT'];

/** Pure. */
export function causeOfDeath({ signal, told, oomKillsBefore, oomKillsAfter }: ChildExit): DeathCause {
  if (told !== null) return told;
  if (signal === 'SIGKILL' && oomKillsBefore !== null && oomKillsAfter !== null && oomKillsAfter > oomKillsBefore) {
    return 'out_of_memory';
  }
  return signal !== null && FROM_OUTSIDE.includes(signal) ? 'killed' : 'crashed';
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
