/** What checkpoints and commits cost: the CPU time of a sweep with both against the same sweep with neither, in turn. */

import { join } from 'node:path';
import { coordinatorEnvironment } from '../../src/supervisor.ts';
import { median } from './interleaved.ts';
import { markdownTable, short } from './markdown.ts';
import { ROOT, runProcess } from './processes.ts';

const STUDY = 'sweeps/circles-dropout.yaml';
const EPOCHS = 4_000;

/** @param scale share of the full epochs */
export async function durabilityTable(repeats: number, scale: number): Promise<string> {
  const epochs = Math.max(2, Math.round(EPOCHS * scale));
  const environment = Object.fromEntries(
    Object.entries(coordinatorEnvironment(1, false, {})).map(([name, value]) => [name, value ?? '']),
  );
  const cpuSeconds = async (mode: 'durable' | 'volatile'): Promise<number> => {
    const script = ['--import', 'tsx', join(ROOT, 'scripts/bench/durability-run.ts'), join(ROOT, STUDY), mode];
    const { code, stdout } = await runProcess(process.execPath, [...script, String(epochs)], environment);
    if (code !== 0) throw new Error(`the ${mode} run of ${STUDY} must end, but its exit code is ${code}`);
    return Number(stdout);
  };
  const pairs: { readonly durable: number; readonly volatile: number }[] = [];
  for (let round = 0; round < repeats; round += 1) {
    // Each goes first in turn: what drifts over the minutes must not count for one of them.
    if (round % 2 === 0) pairs.push({ volatile: await cpuSeconds('volatile'), durable: await cpuSeconds('durable') });
    else pairs.push({ durable: await cpuSeconds('durable'), volatile: await cpuSeconds('volatile') });
  }
  const volatile = median(pairs.map((pair) => pair.volatile));
  const durable = median(pairs.map((pair) => pair.durable));
  const overheads = pairs.map((pair) => 100 * (pair.durable / pair.volatile - 1)).toSorted((a, b) => a - b);
  return markdownTable(
    ['study', 'epochs', 'without, CPU s', 'with, CPU s', 'overhead (median of pairs)', 'wanted', 'pairs, %'],
    [
      [
        STUDY,
        String(epochs),
        short(volatile),
        short(durable),
        `${short(median(overheads))} %`,
        'below 3 %',
        overheads.map((overhead) => overhead.toFixed(1)).join(' '),
      ],
    ],
  );
}
