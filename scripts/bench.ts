/**
 * `npm run bench [-- OPTIONS]`: how fast training is, as Markdown tables on stdout; progress goes to stderr.
 * `--help` lists the options, docs/engine.md says what each table measures.
 */

import { fileURLToPath } from 'node:url';
import { Command, InvalidArgumentError, Option } from 'commander';
import { coordinatorEnvironment } from '../src/supervisor.ts';
import { loadBackend, type Backend } from '../workers/backend/backend.ts';
import { warmUp } from '../workers/backend/warm-up.ts';
import { bookkeepingTable } from './bench/bookkeeping.ts';
import { dashboardTables } from './bench/dashboard.ts';
import { durabilityTable } from './bench/durability.ts';
import { jaxTable, type Peers } from './bench/jax.ts';
import { memoryTable } from './bench/memory.ts';
import { sqlTable } from './bench/sql.ts';
import { bestOf, goalsTable, stepsTable, timeSteps, type StepRow } from './bench/steps.ts';
import { SWEEPS, sweepsTable } from './bench/sweeps.ts';
import { throughputTable } from './bench/throughput.ts';
import { epochsTable, timeEpochs, type EpochRow } from './bench/whole-epochs.ts';
import { loadWorkloads, NETWORKS, type Workload } from './bench/workloads.ts';

interface Options {
  readonly workloads?: readonly string[];
  readonly repeats?: number;
  readonly milliseconds: number;
  readonly layouts?: true;
  readonly peers?: string;
  readonly peerScripts: string;
  readonly sweeps?: true;
  readonly scale?: number;
  readonly seeds?: number;
  readonly throughput?: true;
  readonly memory?: true;
  readonly bookkeeping?: true;
  readonly durability?: true;
  readonly dashboard?: true;
  readonly sql?: true;
  readonly database?: string;
  readonly cohorts: number;
}

const PEER_SCRIPTS = fileURLToPath(new URL('../../shared/peers', import.meta.url));

const command = new Command('npm run bench --')
  .description('Times training. Without a choice of tables: steps and whole epochs, in less than 5 minutes.')
  .option(
    '--workloads <names>',
    `some only, separated by commas: ${Object.keys(NETWORKS).join(', ')}; with --sweeps ${Object.keys(SWEEPS).join(', ')}`,
    names,
  )
  .option('--repeats <n>', 'rounds of each comparison (default: 9; with --sweeps and beside JAX 3)', wholeNumber)
  .option('--milliseconds <n>', 'how long one side of a round runs, about', wholeNumber, 100)
  .option('--layouts', 'steps in every layout, not only in the one that the program is run in')
  .option('--peers <folder>', "made by the peers' setup.sh: adds JAX to the steps and the peers to the sweeps")
  .option('--peer-scripts <folder>', 'jax_steps.py, run_all.sh and the others', PEER_SCRIPTS)
  .option('--scale <share>', 'share of the epochs, with --sweeps, --throughput and --durability', positive)
  .option('--seeds <n>', 'replicates of each config, with --sweeps', wholeNumber)
  .option('--cohorts <n>', 'with --memory', wholeNumber, 500)
  .addOption(only('--sweeps', 'instead: whole sweeps by `nightsweep run`, start-up and database included'))
  .addOption(only('--throughput', 'instead: two workers against one'))
  .addOption(only('--memory', 'instead: memory over many cohorts in one worker'))
  .addOption(only('--durability', 'instead: CPU time of checkpoints and commits on the dropout study'))
  .addOption(only('--dashboard', 'instead: how soon the dashboard is there and answers, and what it costs'))
  .addOption(only('--sql', 'instead: how long queries and the analysis take in a large database'))
  .option('--database <file>', 'with --dashboard and --sql: made by scripts/big-database.ts before')
  .addOption(only('--bookkeeping', 'instead: what the coordinator and its database cost per trial and per row'))
  .addHelpText(
    'after',
    `
Examples:
  npm run bench
  npm run bench -- --workloads 2-5x5-1 --layouts
  npm run bench -- --peers /tmp/peers --sweeps --workloads W4
  npm run bench -- --repeats 1 --milliseconds 5          only to see that all of it works`,
  );
command.parse();
await main(command.opts<Options>());

async function main(options: Options): Promise<void> {
  const peers = options.peers === undefined ? undefined : { folder: options.peers, scripts: options.peerScripts };
  if (options.sweeps) await sweeps(options, peers);
  else if (options.durability)
    print('Checkpoints and commits', await durabilityTable(options.repeats ?? 9, options.scale ?? 1));
  else if (options.dashboard) {
    const { speed, throughput } = await dashboardTables(options.repeats ?? 9, options.database);
    print('The dashboard with 100,000 trials and 5 million epoch rows', speed);
    print('A sweep with and without a watcher', throughput);
  } else if (options.sql) {
    const table = await sqlTable(options.repeats ?? 9, options.database);
    print('SQL with 100,000 trials and 5 million epoch rows', table);
  } else if (options.bookkeeping) print('Bookkeeping', await bookkeepingTable());
  else if (options.throughput)
    print('Two workers against one', await throughputTable(options.repeats ?? 9, options.scale ?? 1));
  else {
    // Native code reads its settings when it is loaded: those of a run with one worker.
    Object.assign(process.env, coordinatorEnvironment(1, false));
    const backend = await loadBackend('native');
    warmUp(backend);
    if (options.memory) print('Memory over cohorts', await memoryTable(backend, options.cohorts));
    else await training(options, backend, peers);
  }
}

async function sweeps({ workloads, repeats = 3, scale, seeds }: Options, peers: Peers | undefined): Promise<void> {
  const names = chosen(workloads, Object.keys(SWEEPS));
  print('Whole sweeps', await sweepsTable({ names, repeats, scale, seeds, peers }));
}

async function training(options: Options, backend: Backend, peers: Peers | undefined): Promise<void> {
  const { repeats = 9, milliseconds, layouts = false } = options;
  const timing = { repeats, milliseconds };
  const workloads: Workload[] = [];
  const rows: StepRow[] = [];
  const best: StepRow[] = [];
  const epochs: EpochRow[] = [];
  for (const name of chosen(options.workloads, Object.keys(NETWORKS))) workloads.push(...(await loadWorkloads(name)));
  for (const workload of workloads) {
    progress(`${workload.name}${workload.dropout ? ' with dropout' : ''}`);
    const own = await timeSteps(workload, backend, timing, layouts);
    const fastest = bestOf(own);
    rows.push(...own);
    best.push(fastest);
    epochs.push(await timeEpochs(workload, backend, timing, fastest));
  }
  print('Steps: milliseconds per step and trial', stepsTable(rows));
  print('Steps against their goals', goalsTable(best));
  print('Whole epochs: milliseconds per epoch and trial', epochsTable(epochs));
  if (!peers) return;
  progress('JAX');
  const beside = { repeats: options.repeats ?? 3, milliseconds };
  print('Steps beside JAX: milliseconds per step and trial', await jaxTable(workloads, backend, peers, beside));
}

function chosen(names: readonly string[] | undefined, known: readonly string[]): readonly string[] {
  const unknown = names?.filter((name) => !known.includes(name)) ?? [];
  if (unknown.length > 0) command.error(`unknown workloads: ${unknown.join(', ')}; there are ${known.join(', ')}`);
  return names ?? known;
}

function print(title: string, table: string): void {
  process.stdout.write(`### ${title}\n\n${table}\n\n`);
}

function progress(what: string): void {
  process.stderr.write(`... ${what}\n`);
}

function only(flag: string, description: string): Option {
  const tables = ['sweeps', 'throughput', 'memory', 'bookkeeping', 'durability', 'dashboard', 'sql'];
  return new Option(flag, description).conflicts(tables.filter((name) => `--${name}` !== flag));
}

function names(text: string): readonly string[] {
  return text.split(',');
}

function positive(text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new InvalidArgumentError('must be a number above 0');
  return value;
}

function wholeNumber(text: string): number {
  const value = positive(text);
  if (!Number.isInteger(value)) throw new InvalidArgumentError('must be a whole number');
  return value;
}
