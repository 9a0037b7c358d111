/** The loop around the core, over virtual time: what is committed when, and how it ends. */

import { describe, expect, test } from 'vitest';
import type { TrialRecord, Write } from '../../db/writes.ts';
import { Coordinator } from '../../src/coordinator/coordinator.ts';
import { widestStack } from '../../src/coordinator/core/cohort-width.ts';
import { allEnded, createCore } from '../../src/coordinator/core/state.ts';
import { planSweep } from '../../src/coordinator/plan.ts';
import type { Executor, RunningCohort } from '../../src/executor/executor.ts';
import { type SimulatedAttempt, SimulatedExecutor } from '../../src/executor/simulated.ts';
import { Ledger, queuedTrials } from './ledger.ts';
import { smallSweep } from './small-sweep.ts';

const CONFIGS = Array.from({ length: 12 }, (_, index) => ({
  batch_size: index % 2 === 0 ? 10 : 20,
  dropout: index / 40,
}));
const sweep = smallSweep({ configs: CONFIGS, replicates: 3 });
const plan = planSweep(sweep);

function setUp(simulate: (trial: number, attempt: number) => SimulatedAttempt, workers = 2) {
  const trials: TrialRecord[] = queuedTrials(36, 12);
  const ledger = new Ledger(trials);
  const commits: (readonly Write[])[] = [];
  const executor = new SimulatedExecutor({ workers, simulate: ({ trial }, attempt) => simulate(trial, attempt) });
  const core = createCore({
    trials,
    programOf: ({ config, replicate }) => plan.programOf(config, replicate),
    widest: plan.programs.map(widestStack),
    workers,
    run: 1,
  });
  const commit = (writes: readonly Write[]): void => {
    ledger.write(writes);
    commits.push(writes);
  };
  return { executor, core, ledger, commits, commit };
}

const completes: SimulatedAttempt = { epochs: 10, secondsPerEpoch: 0.5, outcome: 'completes' };

/** Asserts the promise of the seam: nothing runs whose intent is not committed. */
function onlyIntended(inner: Executor, ledger: Ledger): Executor {
  const check = (trials: readonly { readonly trial: number }[]): void => {
    for (const { trial } of trials) expect(ledger.trials.get(trial)?.state).toBe('running');
  };
  return {
    workers: inner.workers,
    use: () => inner.use(),
    close: () => inner.close(),
    start: (task, listen) => {
      check(task.trials);
      const cohort = inner.start(task, listen);
      const watched: RunningCohort = {
        ended: cohort.ended,
        add: (trials) => {
          check(trials);
          cohort.add(trials);
        },
        stop: (when) => cohort.stop(when),
        fail: (kind, message) => cohort.fail(kind, message),
      };
      return watched;
    },
  };
}

describe('Coordinator', () => {
  test('runs every trial, each intent committed before its trial starts', async () => {
    const { executor, core, ledger, commit } = setUp(() => completes);
    await new Coordinator({ core, plan, executor: onlyIntended(executor, ledger), commit }).run();
    expect(allEnded(core)).toBe(true);
    expect(new Set(ledger.states())).toEqual(new Set(['completed']));
    expect([...ledger.trials.values()].every(({ epochs }) => epochs.length === 10)).toBe(true);
  });

  test('goes on past trials that diverge, throw, and break their workers', async () => {
    const { executor, core, ledger, commit } = setUp((trial, attempt) => {
      if (trial === 3) return { ...completes, outcome: 'diverges' };
      if (trial === 5) return { ...completes, outcome: 'throws' };
      if (trial === 7) return { ...completes, outcome: { breaks: 'crashed' } };
      if (trial === 9 && attempt === 1) return { ...completes, outcome: { breaks: 'out_of_memory' } };
      return completes;
    });
    await new Coordinator({ core, plan, executor, commit }).run();
    const failed = [...ledger.trials].filter(([, { state }]) => state === 'failed').map(([id]) => id);
    expect(failed).toEqual([3, 5, 7]);
    expect(ledger.states().filter((state) => state === 'completed')).toHaveLength(33);
  });

  test('stops between chunks, with the rows so far committed and every trial queued or ended', async () => {
    const { executor, core, ledger, commits, commit } = setUp((trial) => ({ ...completes, epochs: trial * 10 }));
    const coordinator = new Coordinator({
      core,
      plan,
      executor,
      commit,
      onCommitted: (writes) => {
        if (writes.some(({ type }) => type === 'trial_ended')) coordinator.stop('chunk');
      },
    });
    await coordinator.run();
    expect(new Set(ledger.states())).toEqual(new Set(['completed', 'queued']));
    expect(commits.flat().filter(({ type }) => type === 'epochs').length).toBeGreaterThan(0);
  });

  test('commits the last rows of a trial with or before its end, never after', async () => {
    const { executor, core, commits, commit } = setUp(() => completes);
    await new Coordinator({ core, plan, executor, commit }).run();
    const ended = new Set<number>();
    for (const write of commits.flat()) {
      if (write.type === 'trial_ended') ended.add(write.trial);
      if (write.type === 'epochs') expect(ended.has(write.trial)).toBe(false);
    }
    expect(ended.size).toBe(36);
  });

  test('gives up when the database refuses, with the workers stopped', async () => {
    const { executor, core, commit } = setUp(() => ({ ...completes, epochs: 1_000_000 }));
    let commits = 0;
    const coordinator = new Coordinator({
      core,
      plan,
      executor,
      commit: (writes) => {
        commits += 1;
        if (commits === 2) throw new Error('disk I/O error');
        commit(writes);
      },
    });
    await expect(coordinator.run()).rejects.toThrow('disk I/O error');
    const after = commits;
    coordinator.stop('now');
    await executor.close();
    expect(commits).toBe(after);
  });
});
