/** Whole sweeps: `nightsweep run` of the peers' workloads beside the peers, start-up and persistence included. */

import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { median } from './interleaved.ts';
import type { Peers } from './jax.ts';
import { markdownTable, short } from './markdown.ts';
import { build, ROOT, runProcess, runSweep } from './processes.ts';
import { definitionFile } from './workloads.ts';

const WORKERS = 2;

interface Sweep {
  /** Of the full scale. */
  readonly epochs: number;
  /** Share of the full epochs, and replicates of each config. */
  readonly scale: number;
  readonly seeds: number;
}

/** The peers' workloads, at the sizes at which they are compared. */
export const SWEEPS: Readonly<Record<string, Sweep>> = {
  W1: { epochs: 4000, scale: 0.25, seeds: 1 },
  W2: { epochs: 4000, scale: 0.25, seeds: 1 },
  W3: { epochs: 100, scale: 1, seeds: 2 },
  W4: { epochs: 30, scale: 1, seeds: 2 },
};

/** A peer's JSON line. It says in words what it cannot do, or why it failed. */
const line = z.object({
  peer: z.string(),
  total_seconds: z.number().optional(),
  unsupported: z.string().optional(),
  error: z.string().optional(),
  partial: z.string().optional(),
});
type PeerLine = z.output<typeof line>;

/** Peers that keep their results; the others train only. */
const PERSISTING: ReadonlySet<string> = new Set(['optuna_keras', 'optuna_torch', 'ray_torch', 'kerastuner']);

export interface SweepOptions {
  /** Names in `SWEEPS`. */
  readonly names: readonly string[];
  /** In each round ours run once, then each peer once. */
  readonly repeats: number;
  /** Instead of those of `SWEEPS`. */
  readonly scale?: number | undefined;
  readonly seeds?: number | undefined;
  readonly peers?: Peers | undefined;
}

export async function sweepsTable({ names, repeats, peers, scale, seeds }: SweepOptions): Promise<string> {
  await build();
  const folder = await mkdtemp(join(tmpdir(), 'bench-sweeps-'));
  try {
    const rows: string[][] = [];
    for (const name of names) {
      const normal = SWEEPS[name]!;
      const sweep = { ...normal, scale: scale ?? normal.scale, seeds: seeds ?? normal.seeds };
      const ours: number[] = [];
      const theirs: PeerLine[][] = [];
      const file = await definitionIn(folder, name);
      for (let round = 0; round < repeats; round += 1) {
        ours.push(await runOurs(file, join(folder, `${name}-${round}.db`), sweep));
        if (peers) theirs.push(await runPeers(peers, folder, name, sweep));
      }
      rows.push(...tableRows(name, sweep, ours, theirs));
    }
    return markdownTable(['workload', 'scale', 'seeds', 'who', 'keeps results', 'total, s', 'times ours'], rows);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function tableRows(
  name: string,
  { scale, seeds }: Sweep,
  ours: readonly number[],
  theirs: readonly (readonly PeerLine[])[],
): string[][] {
  const own = median(ours);
  const size = [name, String(scale), String(seeds)];
  const peers = theirs[0] ?? [];
  return [
    [...size, 'nightsweep', 'yes', short(own), '1'],
    ...peers.map(({ peer, unsupported, error, partial }, index) => {
      const seconds = theirs.flatMap((round) => round[index]?.total_seconds ?? []);
      const who = partial === undefined ? peer : `${peer} (${partial})`;
      const keeps = PERSISTING.has(peer) ? 'yes' : 'no';
      if (seconds.length === 0) return [...size, who, keeps, unsupported ?? error ?? 'no result', ''];
      return [...size, who, keeps, short(median(seconds)), short(median(seconds) / own)];
    }),
  ];
}

function runOurs(file: string, database: string, { epochs, scale, seeds }: Sweep): Promise<number> {
  const set = [`train.epochs=${Math.max(1, Math.round(epochs * scale))}`, `replicates=${seeds}`];
  return runSweep(file, database, ['--workers', String(WORKERS), ...set.flatMap((change) => ['--set', change])]);
}

async function runPeers(
  { folder, scripts }: Peers,
  results: string,
  name: string,
  { scale, seeds }: Sweep,
): Promise<PeerLine[]> {
  const { code } = await runProcess(join(scripts, 'run_all.sh'), [name, String(scale), String(seeds)], {
    PV_PYTHON: join(folder, 'pv/bin/python'),
    JV_PYTHON: join(folder, 'jv/bin/python'),
    WORKERS: String(WORKERS),
    RESULTS: results,
  });
  if (code !== 0) throw new Error(`run_all.sh must end with code 0, but it ended with ${code}`);
  const lines = await readFile(join(results, `${name}-${scale}-${seeds}.jsonl`), 'utf8');
  return lines
    .split('\n')
    .filter((text) => text.startsWith('{'))
    .map((text) => line.parse(JSON.parse(text)));
}

/** The definition in a folder of its own, with the file that W4 reads beside it. */
async function definitionIn(folder: string, name: string): Promise<string> {
  const own = join(folder, name);
  await mkdir(own);
  const file = join(own, `${name.toLowerCase()}.yaml`);
  await copyFile(definitionFile(name.toLowerCase()), file);
  if (name === 'W4') {
    const digits = await readFile(join(ROOT, 'sweeps/data/digits.csv'), 'utf8');
    await writeFile(join(own, 'digits-16.csv'), dividedBy16(digits));
  }
  return file;
}

/** Every column but the last, the target, divided by 16: from 0 to 1, as the peers take them. */
function dividedBy16(csv: string): string {
  const [header, ...rows] = csv.trimEnd().split('\n');
  const divided = rows.map((row) => {
    const cells = row.split(',');
    return [...cells.slice(0, -1).map((cell) => String(Number(cell) / 16)), cells.at(-1)].join(',');
  });
  return `${[header, ...divided].join('\n')}\n`;
}
