/** The process of a rerun: trains trials of a sweep once more, each by itself, and compares. Writes nothing. */

import { openForReading } from '../../db/database.ts';
import { recordedTrial } from '../../db/recorded-trial.ts';
import { selectSweep } from '../../db/sweep-rows.ts';
import type { AnyCohortTask, Executor } from '../executor/executor.ts';
import { localExecutor } from '../executor/local.ts';
import { type SweepPlan, planSweep } from './plan.ts';
import { Retraining, differencesOf } from './rerun-differences.ts';
import { type RerunAnswer, type RerunRequest, parseRerunRequest } from './rerun-messages.ts';

process.once('message', (message) => void main(parseRerunRequest(message)));
// Nobody waits for the answer any more.
process.once('disconnect', () => process.exit());

async function main(request: RerunRequest): Promise<void> {
  try {
    await rerun(request);
  } catch (error) {
    await send({ type: 'failed', message: error instanceof Error ? error.message : String(error) });
  }
  process.removeAllListeners('disconnect');
  process.disconnect();
}

function send(answer: RerunAnswer): Promise<void> {
  return new Promise((resolve) => void process.send!(answer, undefined, undefined, () => resolve()));
}

async function rerun({ database, sweep, trials, workers, backend }: RerunRequest): Promise<void> {
  const db = openForReading(database);
  const executor = localExecutor({ workers, backend });
  try {
    const plan = planSweep(selectSweep(db, sweep));
    const places = db.prepare<[number], { config: number; replicate: number }>(
      'SELECT config, replicate FROM trial WHERE id = ?',
    );
    const waiting = [...trials];
    const work = async (): Promise<void> => {
      for (let trial = waiting.shift(); trial !== undefined; trial = waiting.shift()) {
        const { config, replicate } = places.get(trial)!;
        const { trained, fingerprint } = await train(executor, cohortOf(plan, trial, config, replicate));
        const recorded = recordedTrial(db, trial);
        const differences = differencesOf(recorded, trained);
        await send({ type: 'trained', trial, rows: recorded.rows.size, fingerprint, differences });
      }
    };
    await Promise.all(Array.from({ length: workers }, work));
  } finally {
    await executor.close();
    db.close();
  }
}

/** Alone, whatever company it had: that must not matter. */
function cohortOf(plan: SweepPlan, trial: number, config: number, replicate: number): AnyCohortTask {
  const program = plan.programs[plan.programOf(config, replicate)]!;
  const tasks = [plan.task(trial, config, replicate)];
  // The plan's tasks are those of its program.
  return { version: 1, cohort: trial, program, width: 1, trials: tasks, checkpointSeconds: Infinity } as AnyCohortTask;
}

async function train(
  executor: Executor,
  task: AnyCohortTask,
): Promise<{ readonly trained: NonNullable<Retraining['trial']>; readonly fingerprint: string }> {
  const retraining = new Retraining();
  const cohort = executor.start(task, (event) => {
    retraining.hear(event);
    if (event.type === 'wants_trials') cohort.add([]);
  });
  const end = await cohort.ended;
  const { trial: trained, fingerprint } = retraining;
  if (!trained) throw new Error(end.reason === 'failed' ? end.message : `its cohort ended: ${end.reason}`);
  return { trained, fingerprint };
}
