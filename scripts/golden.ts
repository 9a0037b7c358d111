/** `npm run golden -- FOLDER`: replays Keras trajectories and prints a line per case with its largest error. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { coordinatorEnvironment } from '../src/supervisor.ts';
import { loadBackend } from '../workers/backend/backend.ts';
import { readCase } from '../test/golden/case.ts';
import { replay } from '../test/golden/replay.ts';

const folder = process.argv[2] ?? join(import.meta.dirname, '../test/reference/keras');
const files = readdirSync(folder)
  .filter((file) => file.endsWith('.json'))
  .sort();
if (files.length === 0) throw new Error(`no *.json in ${folder}`);

// Native code reads its settings when it is loaded: the ones that a run has.
Object.assign(process.env, coordinatorEnvironment(1, false));
const { ops } = await loadBackend('native');
const counts = { passed: 0, failed: 0, skipped: 0 };
for (const file of files) {
  const golden = readCase(JSON.parse(readFileSync(join(folder, file), 'utf8')));
  if ('skipped' in golden) {
    counts.skipped += 1;
    console.log(`skipped  ${golden.name}: ${golden.skipped}`);
    continue;
  }
  const { largest, wrong, values, first } = replay(golden, ops);
  const passed = wrong === 0;
  counts[passed ? 'passed' : 'failed'] += 1;
  const verdict = passed ? 'passed ' : 'FAILED ';
  const detail = passed ? '' : `, ${wrong} out of tolerance, first: ${first}`;
  console.log(`${verdict}  ${golden.name}: largest error ${largest.toExponential(2)} over ${values} values${detail}`);
}
console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
process.exitCode = counts.failed > 0 ? 1 : 0;
