/** `npm run golden -- FOLDER`: replays what Keras recorded, in every layout, eagerly and compiled; exit 1 on a difference. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { coordinatorEnvironment } from '../src/supervisor.ts';
import { loadBackend } from '../workers/backend/backend.ts';
import { layoutsOf, type Layout } from '../workers/train/layout.ts';
import type { GoldenCase } from '../test/golden/case.ts';
import { Comparer, type Comparison } from '../test/golden/comparer.ts';
import { readGolden } from '../test/golden/read.ts';
import { compareWithKeras, differingBits, replay } from '../test/golden/replay.ts';
import type { TableRow } from '../test/golden/table.ts';

const folder = process.argv[2] ?? join(import.meta.dirname, '../test/reference/keras');
const files = readdirSync(folder)
  .filter((file) => file.endsWith('.json'))
  .sort();
if (files.length === 0) throw new Error(`no *.json in ${folder}`);

// Native code reads its settings when it is loaded: the ones that a run has.
Object.assign(process.env, coordinatorEnvironment(1, false));
const { ops } = await loadBackend('native');
const counts = { passed: 0, FAILED: 0, refused: 0 };

for (const file of files) {
  check(file, () => {
    const golden = readGolden(JSON.parse(readFileSync(join(folder, file), 'utf8')));
    if ('refused' in golden) return print('refused', golden.name, golden.refused);
    if ('rows' in golden) {
      for (const row of golden.rows) {
        if ('refused' in row) print('refused', `${golden.name}, ${row.name}`, row.refused);
        else check(`${golden.name}, ${row.name}`, () => printRow(golden.name, row));
      }
      return;
    }
    for (const layout of layoutsOf(golden.program)) {
      check(`${golden.name}, ${layout}`, () => printReplay(golden, layout));
    }
  });
}
console.log(`${counts.passed} passed, ${counts.FAILED} failed, ${counts.refused} refused`);
process.exitCode = counts.FAILED > 0 ? 1 : 0;

/** What cannot be read or replayed at all has failed, too. */
function check(name: string, run: () => void): void {
  try {
    run();
  } catch (error) {
    print('FAILED', name, error instanceof Error ? error.message : String(error));
  }
}

function printRow(table: string, row: TableRow): void {
  const comparer = new Comparer();
  row.check(comparer, ops);
  const comparison = comparer.result();
  print(verdictOf(comparison), `${table}, ${row.name}`, describe(comparison));
}

function printReplay(golden: GoldenCase, layout: Layout): void {
  const [eager, compiled] = [replay(golden, ops, layout, 'eager'), replay(golden, ops, layout, 'compiled')];
  for (const [way, results] of Object.entries({ eager, compiled })) {
    const comparison = compareWithKeras(golden, results);
    print(verdictOf(comparison), `${golden.name}, ${layout}, ${way}`, describe(comparison));
  }
  const differing = differingBits(eager, compiled);
  if (layout === 'single' || differing.length === 0) return;
  print('FAILED', `${golden.name}, ${layout}`, `eager and compiled have other bits in ${differing.join(', ')}`);
}

function verdictOf({ wrong }: Comparison): 'passed' | 'FAILED' {
  return wrong === 0 ? 'passed' : 'FAILED';
}

function describe({ largest, values, wrong, first }: Comparison): string {
  const detail = wrong === 0 ? '' : `, ${wrong} out of tolerance, first: ${first}`;
  return `largest error ${largest.toExponential(2)} over ${values} values${detail}`;
}

function print(verdict: keyof typeof counts, name: string, detail: string): void {
  counts[verdict] += 1;
  console.log(`${verdict}  ${name}: ${detail}`);
}
