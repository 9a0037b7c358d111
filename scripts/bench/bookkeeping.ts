/** What the coordinator and its database cost where training costs nothing: simulated trials, a real database. */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Store } from '../../db/store.ts';
import { Coordinator } from '../../src/coordinator/coordinator.ts';
import { widestStack } from '../../src/coordinator/core/cohort-width.ts';
import { orderTrials } from '../../src/coordinator/core/order.ts';
import { createCore } from '../../src/coordinator/core/state.ts';
import { planSweep } from '../../src/coordinator/plan.ts';
import { loadDefinition } from '../../src/definition/load.ts';
import type { ResolvedSweep } from '../../src/definition/resolved.ts';
import { SimulatedExecutor } from '../../src/executor/simulated.ts';
import { markdownTable, short } from './markdown.ts';
import { ROOT } from './processes.ts';

const REPLICATES = 10;
const WORKERS = 2;
/** Trials of few epochs show what a trial costs, trials of many what a row does. */
const SIZES = [100, 1_000, 10_000, 100_000] as const;
const SHORT_EPOCHS = 3;
const LONG_EPOCHS = 1_000;
const LONG_TRIALS = 500;

interface Load {
  readonly trials: number;
  readonly epochs: number;
}

interface Cost {
  readonly milliseconds: number;
  readonly rows: number;
}

export async function bookkeepingTable(): Promise<string> {
  const loads: Load[] = [
    ...SIZES.map((trials) => ({ trials, epochs: SHORT_EPOCHS })),
    { trials: LONG_TRIALS, epochs: LONG_EPOCHS },
  ];
  const rows: string[][] = [];
  // The first compiles the code that is timed.
  await bookkeeping(loads[0]!);
  for (const load of loads) {
    const { milliseconds, rows: recorded } = await bookkeeping(load);
    rows.push([
      String(load.trials),
      String(load.epochs),
      short(milliseconds / 1000),
      short(milliseconds / load.trials),
      short((1000 * recorded) / milliseconds),
    ]);
  }
  return markdownTable(['trials', 'epochs each', 'seconds', 'ms per trial', 'epoch rows a second'], rows);
}

/** Runs so many trials through the coordinator, from its first event to the last commit. */
async function bookkeeping({ trials, epochs }: Load): Promise<Cost> {
  const sweep = await sweepOf(trials / REPLICATES, epochs);
  const plan = planSweep(sweep);
  const folder = await mkdtemp(join(tmpdir(), 'bench-bookkeeping-'));
  const store = Store.open(join(folder, 'bench.db'));
  try {
    const origin = { definition: {}, hash: 'bench', file: 'bench.yaml', versions: {} };
    const order = orderTrials(sweep.configs.length, REPLICATES, sweep.seed);
    const id = store.createSweep(sweep, origin, order);
    const run = store.startRun(id, {
      pid: process.pid,
      workers: WORKERS,
      backend: 'simulated',
      versions: {},
      host: '',
    });
    const core = createCore({
      trials: store.trials(id),
      programOf: ({ config, replicate }) => plan.programOf(config, replicate),
      widest: plan.programs.map(widestStack),
      workers: WORKERS,
      run,
    });
    const executor = new SimulatedExecutor({
      workers: WORKERS,
      simulate: () => ({ epochs, secondsPerEpoch: 0.01, outcome: 'completes' }),
    });
    const started = performance.now();
    await new Coordinator({ core, plan, executor, commit: (writes) => store.write(writes) }).run();
    const milliseconds = performance.now() - started;
    return { milliseconds, rows: trials * epochs };
  } finally {
    store.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** The quick start's first config, many times. */
async function sweepOf(configs: number, epochs: number): Promise<ResolvedSweep> {
  const { sweep } = await loadDefinition(join(ROOT, 'sweeps/quickstart.yaml'), { set: [] });
  const [first] = sweep.configs;
  if (!first || 'trial' in first) throw new Error('the quick start must train a network');
  return {
    ...(sweep as ResolvedSweep),
    configs: Array.from({ length: configs }, (_, ordinal) => ({
      ...first,
      ordinal,
      train: { ...first.train, epochs, early_stopping: null },
    })),
    baseline: null,
    included: 0,
    replicates: { ...sweep.replicates, count: REPLICATES },
    record: { ...sweep.record, epochs: 'all' },
  };
}
