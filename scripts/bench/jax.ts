/** Steps beside hand-written JAX: `jax_steps.py` and ours in turn. */

import { join } from 'node:path';
import { z } from 'zod';
import type { Backend } from '../../workers/backend/backend.ts';
import { layoutOf } from '../../workers/train/layout.ts';
import { interleaved, median, type Timing } from './interleaved.ts';
import { markdownTable, short } from './markdown.ts';
import { runProcess } from './processes.ts';
import { widthsOf } from './steps.ts';
import { TrainingAlone } from './training-alone.ts';
import { NETWORKS, type Workload } from './workloads.ts';

export interface Peers {
  /** Made by `setup.sh`: holds `pv/bin/python` and `jv/bin/python`. */
  readonly folder: string;
  /** Holds `jax_steps.py`, `run_all.sh` and the others. */
  readonly scripts: string;
}

const line = z.object({
  network: z.string(),
  dropout: z.boolean(),
  k: z.int(),
  ms_per_step_per_trial: z.number(),
});
type JaxLine = z.output<typeof line>;

/** The least milliseconds per step and trial over all widths. */
interface Best {
  readonly slots: number;
  readonly milliseconds: number;
}

interface Round {
  readonly jax: Best;
  readonly ours: Best;
}

/** Rounds of JAX, then ours. One run of `jax_steps.py` times all its networks. */
export async function jaxTable(
  workloads: readonly Workload[],
  backend: Backend,
  peers: Peers,
  timing: Timing,
): Promise<string> {
  const rounds = workloads.map((): Round[] => []);
  for (let round = 0; round < timing.repeats; round += 1) {
    const lines = await runJax(peers);
    for (const [index, workload] of workloads.entries()) {
      const ours = await bestOfOurs(workload, backend, { ...timing, repeats: 3 });
      rounds[index]!.push({ jax: bestOfJax(lines, workload), ours });
    }
  }
  const header = ['network', 'dropout', 'ours, ms', 'K', 'JAX, ms', 'K', 'ours / JAX', 'wanted'];
  return markdownTable(
    header,
    workloads.map((workload, index) => tableRow(workload, rounds[index]!)),
  );
}

function tableRow({ name, dropout }: Workload, rounds: readonly Round[]): string[] {
  const goal = NETWORKS[name]!.jax[Number(dropout)];
  const widths = (side: keyof Round): string => [...new Set(rounds.map((round) => round[side].slots))].join(', ');
  const milliseconds = (side: keyof Round): string => short(median(rounds.map((round) => round[side].milliseconds)));
  return [
    name,
    dropout ? '.4' : 'none',
    milliseconds('ours'),
    widths('ours'),
    milliseconds('jax'),
    widths('jax'),
    short(median(rounds.map(({ ours, jax }) => ours.milliseconds / jax.milliseconds))),
    goal === undefined ? '' : `at most ${goal}`,
  ];
}

/** On one core: its flags ask for one thread, but it uses more where random numbers are drawn. */
async function runJax({ folder, scripts }: Peers): Promise<readonly JaxLine[]> {
  const command = [join(folder, 'jv/bin/python'), join(scripts, 'jax_steps.py'), '--repeats', '3'];
  const { code, stdout } = await runProcess('taskset', ['-c', '0', ...command]);
  if (code !== 0) throw new Error(`jax_steps.py must end with code 0, but it ended with ${code}`);
  return stdout
    .split('\n')
    .filter((text) => text.startsWith('{'))
    .map((text) => line.parse(JSON.parse(text)));
}

function bestOfJax(lines: readonly JaxLine[], { name, dropout }: Workload): Best {
  // Its networks are called "2-500-1 b30".
  const own = lines.filter((each) => each.dropout === dropout && each.network.startsWith(`${name} `));
  return least(own.map(({ k, ms_per_step_per_trial }) => ({ slots: k, milliseconds: ms_per_step_per_trial })));
}

async function bestOfOurs({ program, entrants }: Workload, backend: Backend, timing: Timing): Promise<Best> {
  const layout = layoutOf(program);
  const sides = widthsOf(layout).map(
    (slots) => new TrainingAlone(program, backend, entrants.slice(0, slots), { layout, eager: false }),
  );
  try {
    const timings = await interleaved(sides, timing);
    return least(sides.map(({ slots }, index) => ({ slots, milliseconds: median(timings[index]!) })));
  } finally {
    for (const side of sides) side.dispose();
  }
}

function least(all: readonly Best[]): Best {
  return all.reduce((best, each) => (each.milliseconds < best.milliseconds ? each : best));
}
