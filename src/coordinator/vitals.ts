/** What a coordinator's process uses: its processor, its memory, and how busy its workers are. */

import type { Vitals } from '../dashboard/snapshot.ts';
import type { Executor } from '../executor/executor.ts';
import type { CoreState } from './core/state.ts';

/** What the process has used so far; a clock that stands still while the machine sleeps. */
export interface ProcessUse {
  /** Milliseconds. */
  readonly clock: number;
  /** Milliseconds of all its threads on processors. */
  readonly cpu: number;
  /** Bytes of resident memory. */
  readonly resident: number;
}

export interface VitalsOptions {
  readonly core: Pick<CoreState, 'cohorts'>;
  readonly executor: Pick<Executor, 'use'>;
  /** Bytes. */
  readonly memoryLimit: number;
}

export class VitalsMeter {
  readonly #options: VitalsOptions;
  readonly #process: () => ProcessUse;
  #before: ProcessUse;
  #trainingSeconds = 0;

  constructor(options: VitalsOptions, ofProcess: () => ProcessUse = processUse) {
    this.#options = options;
    this.#process = ofProcess;
    this.#before = ofProcess();
  }

  /**
   * Since the last call, or since the meter was made.
   * @param at milliseconds since 1970
   */
  measure(at: number): Vitals {
    const { core, executor, memoryLimit } = this.#options;
    const now = this.#process();
    const elapsed = now.clock - this.#before.clock;
    const cores = elapsed > 0 ? (now.cpu - this.#before.cpu) / elapsed : 0;
    this.#before = now;
    const trials = trialsByWorker(core);
    if ([...trials.values()].some((seated) => seated > 0)) this.#trainingSeconds += elapsed / 1000;
    return {
      at,
      cores,
      memory: now.resident,
      memory_limit: memoryLimit,
      training_seconds: this.#trainingSeconds,
      workers: executor.use().map((use) => ({ ...use, trials: trials.get(use.worker) ?? 0 })),
    };
  }
}

/** Trials that have a slot. */
function trialsByWorker({ cohorts }: Pick<CoreState, 'cohorts'>): ReadonlyMap<number, number> {
  const counts = new Map<number, number>();
  for (const { started, open } of cohorts.values()) {
    if (!started) continue;
    const seated = [...open].filter(({ attempt }) => attempt?.slot !== undefined).length;
    counts.set(started.worker, (counts.get(started.worker) ?? 0) + seated);
  }
  return counts;
}

function processUse(): ProcessUse {
  const { user, system } = process.cpuUsage();
  return { clock: performance.now(), cpu: (user + system) / 1000, resident: process.memoryUsage.rss() };
}
