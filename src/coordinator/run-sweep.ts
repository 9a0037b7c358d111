/** One run of a sweep in this process: holds its lock, recovers what a predecessor left, trains, and records how it ended. */

import { hostname } from 'node:os';
import { setTimeout } from 'node:timers/promises';
import { passes } from '../../db/database-error.ts';
import { type Lock, acquireLock } from '../../db/lock.ts';
import type { Recovery } from '../../db/recover.ts';
import type { Store } from '../../db/store.ts';
import type { Write } from '../../db/writes.ts';
import type { OwnProgram } from '../../workers/modules/own-task.ts';
import type { Program } from '../../workers/train/program.ts';
import { counted } from '../counted.ts';
import { isOwnSweep, type AnySweep, type ResolvedModule } from '../definition/resolved.ts';
import { divergenceAdvice } from '../diagnosis/divergence-advice.ts';
import { SweepError } from '../errors.ts';
import type { Executor, TrialLimits } from '../executor/executor.ts';
import { WatchedExecutor } from '../executor/watched.ts';
import { faultPoint } from '../faults.ts';
import { recordedVersions } from '../setup-verdict.ts';
import { AnalysisUpkeep } from './analysis-upkeep.ts';
import { Coordinator } from './coordinator.ts';
import { widestStack } from './core/cohort-width.ts';
import { type CoreState, allEnded, createCore } from './core/state.ts';
import { convicted } from './core/suspects.ts';
import { secondsPerEpoch } from './estimate.ts';
import { heldSweep } from './held-sweep.ts';
import type { Begin, RunOutcome } from './messages.ts';
import { planSweep } from './plan.ts';
import { RunWatch, type WatchHooks } from './run-watch.ts';
import { VitalsMeter } from './vitals.ts';
import type { CohortLimits } from './watchdog.ts';

/** Tries, with a pause between them, for the lock of a coordinator that is just leaving. */
const LOCK_TRIES = 2;
const LOCK_PAUSE = 100;
/** Milliseconds that cohorts have for the end of their chunk when the process must end. */
const HUNG_PATIENCE = 10_000;

export interface RunHooks extends WatchHooks {
  /** The run has begun; `stop` may be called from now on. */
  readonly onRunning: (running: {
    readonly run: number;
    readonly recovered: number;
    readonly core: CoreState;
    readonly sweep: AnySweep;
    readonly stop: (when: 'chunk' | 'now') => void;
  }) => void;
  readonly onCommitted: (writes: readonly Write[]) => void;
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
  const lock = await patientLock(store, begin.sweep);
  if (!lock) throw heldSweep(sweep.name);
  try {
    // Its threads load their backend while the sweep is being planned.
    const executor = openExecutor();
    try {
      return await runWith(executor, store, sweep, begin, hooks);
    } finally {
      await executor.close();
    }
  } finally {
    lock.release();
  }
}

async function runWith(
  opened: Executor,
  store: Store,
  sweep: AnySweep,
  begin: Begin,
  hooks: RunHooks,
): Promise<RunOutcome> {
  const recovery = store.recover(begin.sweep, begin.previous, convicted);
  tellRecovery(recovery, hooks);
  faultPoint('start_up');
  const plan = planSweep(sweep);
  const { workers, backend, checkpointSeconds } = begin;
  const versions = recordedVersions();
  const run = store.startRun(begin.sweep, { pid: process.pid, workers, backend, versions, host: hostname() });
  const core = createCore({
    trials: store.trials(begin.sweep),
    programOf: ({ config, replicate }) => plan.programOf(config, replicate),
    widest: plan.programs.map(widestStack),
    workers,
    run,
    divergenceAdvice: (config) => adviceFor(sweep, config),
  });
  const executor = new WatchedExecutor(opened, {
    limitsOf: ({ program, width }) => cohortLimits(sweep, program, width),
    onHung: (message) => void endHung(coordinator, hooks, message),
  });
  const coordinator = new Coordinator({
    core,
    plan,
    executor,
    commit: (writes) => store.write(writes),
    passes: (error) => passes(error) !== undefined,
    onBlocked: (error) => watch.blocked(error),
    resumePoint: (trial) => store.checkpoint(trial),
    cohortOptions: { checkpointSeconds, limits: trialLimits(sweep) },
    onCommitted: hooks.onCommitted,
  });
  const vitals = new VitalsMeter({ core, executor, memoryLimit: begin.memoryLimit });
  const upkeep = new AnalysisUpkeep({
    store,
    sweep: begin.sweep,
    onTrouble: (message) => hooks.onNotice('warning', message),
  });
  const watch = new RunWatch(
    store,
    begin,
    { run, coordinator, vitals },
    {
      ...hooks,
      onFatal: (cause, message) => {
        coordinator.tryCommit();
        hooks.onFatal(cause, message);
      },
    },
  );
  let outcome: RunOutcome | 'failed' = 'failed';
  try {
    hooks.onRunning({ run, recovered: recovery.trials, core, sweep, stop: (when) => coordinator.stop(when) });
    watch.holdIfPaused();
    const ended = coordinator.run();
    watch.begin();
    upkeep.begin();
    await ended;
    if (core.broken) throw cannotStart(core.broken.message);
    outcome = outcomeOf(core, watch);
    return outcome;
  } finally {
    watch.end();
    await Promise.all([executor.close(), upkeep.end()]);
    endRun(store, run, outcome);
  }
}

/** Of a module's trials nobody knows how they train. */
function adviceFor({ configs }: AnySweep, config: number): string | undefined {
  const found = configs[config];
  return found && 'train' in found ? divergenceAdvice(found) : undefined;
}

/** Undefined when another process holds the sweep and goes on to. */
async function patientLock(store: Store, sweep: number): Promise<Lock | undefined> {
  for (let tries = 1; ; tries += 1) {
    const lock = acquireLock(store.file, sweep);
    if (lock || tries === LOCK_TRIES) return lock;
    await setTimeout(LOCK_PAUSE);
  }
}

function tellRecovery({ failed, damaged }: Recovery, { onNotice }: RunHooks): void {
  for (const { config, replicate, epoch } of damaged) {
    onNotice(
      'warning',
      `the checkpoint of config ${config}, replicate ${replicate}, at epoch ${epoch} is damaged: it goes on from the one before it`,
    );
  }
  if (failed > 0) onNotice('warning', `${counted(failed, 'trial')} that took the coordinator down counts as failed`);
}

function trialLimits({ limits: { seconds, epochs } }: AnySweep): TrialLimits {
  return { ...(seconds === null ? {} : { seconds }), ...(epochs === null ? {} : { epochs }) };
}

function cohortLimits({ limits }: AnySweep, program: Program | OwnProgram, width: number): CohortLimits {
  const { seconds: timeout, stall_seconds: stall } = limits;
  const own = 'trial' in program;
  return { own, call: own ? 0 : width * secondsPerEpoch(program, width), stall, timeout };
}

/** Native code holds a worker: what the others have reached is kept, and the process ends. */
async function endHung(coordinator: Coordinator, hooks: RunHooks, message: string): Promise<void> {
  coordinator.stop('chunk');
  await setTimeout(HUNG_PATIENCE);
  coordinator.tryCommit();
  hooks.onFatal('stalled', message);
}

function outcomeOf(core: CoreState, { deadlinePassed, draining }: RunWatch): RunOutcome {
  if (allEnded(core)) return 'finished';
  if (deadlinePassed) return 'deadline';
  return draining ? 'restart' : 'stopped';
}

/** A full disk may keep this from being written: the next run then finds that this one was lost, which is no matter. */
function endRun(store: Store, run: number, outcome: string): void {
  try {
    store.endRun(run, outcome);
  } catch (error) {
    if (passes(error) === undefined) throw error;
  }
}

function cannotStart(message: string): SweepError {
  return new SweepError('backend', {
    message: `a worker must be able to start, but several could not: ${message}`,
    hint: '`nightsweep doctor` looks for the cause; `--backend wasm` needs no native library',
  });
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
