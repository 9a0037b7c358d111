/** One run of a sweep in this process: holds its lock, recovers what a predecessor left, trains, and records how it ended. */

import { hostname } from 'node:os';
import { acquireLock } from '../../db/lock.ts';
import type { Store } from '../../db/store.ts';
import type { Write } from '../../db/writes.ts';
import { isOwnSweep, type AnySweep, type ResolvedModule } from '../definition/resolved.ts';
import { SweepError } from '../errors.ts';
import type { Executor } from '../executor/executor.ts';
import { recordedVersions } from '../setup-verdict.ts';
import { Coordinator } from './coordinator.ts';
import { widestStack } from './core/cohort-width.ts';
import { type CoreState, allEnded, createCore } from './core/state.ts';
import { heldSweep } from './held-sweep.ts';
import type { Begin, RunOutcome } from './messages.ts';
import { planSweep } from './plan.ts';

/** Milliseconds between looks at the clock and at the commands of other processes. */
const LOOK_INTERVAL = 1000;

export interface RunHooks {
  /** The run has begun; `stop` may be called from now on. */
  readonly onRunning: (running: {
    readonly run: number;
    readonly recovered: number;
    readonly core: CoreState;
    readonly sweep: AnySweep;
    readonly stop: (when: 'chunk' | 'now') => void;
  }) => void;
  readonly onCommitted: (writes: readonly Write[]) => void;
  readonly onNotice: (level: 'info' | 'warning', message: string) => void;
}

/**
 * Errors: `SweepError` of code `conflict` when another process holds the sweep, `data` or `definition` when it cannot be
 * planned, `backend` when workers cannot start, `database` when it cannot be written to.
 */
export async function runSweepHere(
  store: Store,
  begin: Begin,
  openExecutor: () => Executor,
  hooks: RunHooks,
): Promise<RunOutcome> {
  const sweep = withFilesAt(store.loadSweep(begin.sweep), begin.files);
  const lock = acquireLock(store.file, begin.sweep);
  if (!lock) throw heldSweep(sweep.name);
  try {
    const recovered = store.recover(begin.sweep);
    const plan = planSweep(sweep);
    const { workers, backend } = begin;
    const versions = recordedVersions();
    const run = store.startRun(begin.sweep, { pid: process.pid, workers, backend, versions, host: hostname() });
    // Commands that were given to earlier runs are not ours.
    store.takeCommands(begin.sweep);
    const core = createCore({
      trials: store.trials(begin.sweep),
      programOf: ({ config, replicate }) => plan.programOf(config, replicate),
      widest: plan.programs.map(widestStack),
      workers,
      run,
    });
    const executor = openExecutor();
    let outcome: RunOutcome | 'failed' = 'failed';
    try {
      const coordinator = new Coordinator({
        core,
        plan,
        executor,
        commit: (writes) => store.write(writes),
        onCommitted: hooks.onCommitted,
        cohortOptions: { checkpointSeconds: begin.checkpointSeconds },
      });
      const stop = (when: 'chunk' | 'now'): void => coordinator.stop(when);
      hooks.onRunning({ run, recovered, core, sweep, stop });
      const limit = watchLimits(store, begin, hooks, coordinator);
      await coordinator.run().finally(() => limit.end());
      if (core.broken) throw cannotStart(core.broken.message);
      outcome = allEnded(core) ? 'finished' : limit.deadlinePassed() ? 'deadline' : 'stopped';
      return outcome;
    } finally {
      await executor.close();
      store.endRun(run, outcome);
    }
  } finally {
    lock.release();
  }
}

function cannotStart(message: string): SweepError {
  return new SweepError('backend', {
    message: `a worker must be able to start, but several could not: ${message}`,
    hint: '`nightsweep doctor` looks for the cause; `--backend wasm` needs no native library',
  });
}

/** Stops the run at its deadline, or when another process asks for it. Looks at the clock, since timers sleep with the machine. */
function watchLimits(
  store: Store,
  begin: Begin,
  hooks: RunHooks,
  coordinator: Coordinator,
): { readonly deadlinePassed: () => boolean; readonly end: () => void } {
  let passed = false;
  const look = (): void => {
    if (!passed && begin.deadline !== null && Date.now() >= begin.deadline) {
      passed = true;
      hooks.onNotice('info', 'the deadline has come: stopping at the next chunk');
      coordinator.stop('chunk');
    }
    if (store.takeCommands(begin.sweep).some(({ command }) => command === 'stop')) {
      hooks.onNotice('info', 'asked to stop: stopping at the next chunk');
      coordinator.stop('chunk');
    }
  };
  const safeLook = (): void => {
    try {
      look();
    } catch (error) {
      coordinator.fail(error);
    }
  };
  // At once, too: a deadline may have passed while the sweep was being prepared.
  const first = setImmediate(safeLook);
  const timer = setInterval(safeLook, LOOK_INTERVAL);
  const end = (): void => {
    clearImmediate(first);
    clearInterval(timer);
  };
  return { deadlinePassed: () => passed, end };
}

/** The sweep with its data files and modules where they lie now. */
function withFilesAt(sweep: AnySweep, files: Readonly<Record<string, string>>): AnySweep {
  const moved = <Module extends ResolvedModule>(found: Module): Module => ({
    ...found,
    module: files[found.sha256] ?? found.module,
  });
  if (isOwnSweep(sweep)) {
    return { ...sweep, configs: sweep.configs.map((config) => ({ ...config, trial: moved(config.trial) })) };
  }
  const configs = sweep.configs.map((config) => {
    const { data, model } = config;
    const { source } = data;
    return {
      ...config,
      data: 'file' in source ? { ...data, source: { ...source, file: files[source.sha256] ?? source.file } } : data,
      model: 'module' in model ? moved(model) : model,
    };
  });
  return { ...sweep, configs };
}
