/** Two workers against one: the same sweep by `nightsweep run`, in turn. */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { median } from './interleaved.ts';
import { markdownTable, short } from './markdown.ts';
import { build, runSweep } from './processes.ts';
import { definitionFile } from './workloads.ts';

/** 80 trials of W1. */
const REPLICATES = 8;
const EPOCHS = 4000;

interface Pair {
  readonly one: number;
  readonly two: number;
}

/** @param scale share of the full epochs */
export async function throughputTable(repeats: number, scale: number): Promise<string> {
  await build();
  const folder = await mkdtemp(join(tmpdir(), 'bench-throughput-'));
  let database = 0;
  const seconds = (workers: number, epochs: number): Promise<number> => {
    database += 1;
    const set = [`train.epochs=${epochs}`, `replicates=${REPLICATES}`, 'record.epochs=auto'];
    const options = ['--workers', String(workers), ...set.flatMap((change) => ['--set', change])];
    return runSweep(definitionFile('w1'), join(folder, `${database}.db`), options);
  };
  const epochs = Math.max(2, Math.round(EPOCHS * scale));
  const whole: Pair[] = [];
  const start: Pair[] = [];
  try {
    for (let round = 0; round < repeats; round += 1) {
      whole.push({ one: await seconds(1, epochs), two: await seconds(2, epochs) });
      start.push({ one: await seconds(1, 1), two: await seconds(2, 1) });
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  const training = whole.map(({ one, two }, round) => ({
    one: one - start[round]!.one,
    two: two - start[round]!.two,
  }));
  const row = (what: string, pairs: readonly Pair[], wanted: string): string[] => [
    what,
    short(median(pairs.map(({ one }) => one))),
    short(median(pairs.map(({ two }) => two))),
    short(median(pairs.map(({ one, two }) => one / two))),
    wanted,
  ];
  return markdownTable(
    ['what', '1 worker, s', '2 workers, s', '1 / 2', 'wanted'],
    [
      row(`whole command, ${epochs} epochs`, whole, ''),
      row('whole command, 1 epoch', start, ''),
      row('the difference: training', training, 'at least 1.8'),
    ],
  );
}
