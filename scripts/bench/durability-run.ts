/**
 * A sweep trained in this process, as `nightsweep run` does in its coordinator: with its results and checkpoints in a
 * database, or with none of both. Prints the CPU seconds of the whole process.
 * Arguments: definition, `durable` or `volatile`, share of the epochs.
 */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Store } from '../../db/store.ts';
import { Coordinator } from '../../src/coordinator/coordinator.ts';
import { widestStack } from '../../src/coordinator/core/cohort-width.ts';
import { createCore } from '../../src/coordinator/core/state.ts';
import { planDefinition, prepareSweep } from '../../src/coordinator/prepare.ts';
import { loadDefinition } from '../../src/definition/load.ts';
import { localExecutor } from '../../src/executor/local.ts';

const [file, mode, epochs] = process.argv.slice(2);
if (file === undefined || epochs === undefined || (mode !== 'durable' && mode !== 'volatile')) {
  throw new Error('the arguments must be a definition, durable or volatile, and a number of epochs');
}
const workers = 1;
const folder = await mkdtemp(join(tmpdir(), 'bench-durability-'));
const loaded = await loadDefinition(file, { set: [`train.epochs=${epochs}`] });
const plan = planDefinition(loaded);
const store = Store.open(join(folder, 'bench.db'));
const executor = localExecutor({ workers, backend: 'native' });
try {
  const { id } = prepareSweep(store, loaded, plan, { commandFor: () => '' });
  const run = store.startRun(id, { pid: process.pid, workers, backend: 'native', versions: {}, host: '' });
  const core = createCore({
    trials: store.trials(id),
    programOf: ({ config, replicate }) => plan.programOf(config, replicate),
    widest: plan.programs.map(widestStack),
    workers,
    run,
  });
  await new Coordinator({
    core,
    plan,
    executor,
    commit: mode === 'durable' ? (writes) => store.write(writes) : () => {},
    cohortOptions: { checkpointSeconds: mode === 'durable' ? 0.5 : Number.POSITIVE_INFINITY },
  }).run();
} finally {
  await executor.close();
  store.close();
  await rm(folder, { recursive: true, force: true });
}
const { user, system } = process.cpuUsage();
process.stdout.write(`${(user + system) / 1e6}\n`);
