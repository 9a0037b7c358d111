/** A bad trial fails alone and with the right name, whatever it does to its thread or its process; all others complete. */

import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeEach, expect, test } from 'vitest';
import { Reader } from '../../db/reader.ts';
import { Workplace } from '../cli/nightsweep.ts';

const MODULE = fileURLToPath(new URL('../fixtures/bad-trial.ts', import.meta.url));
const INNOCENT = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];

let place: Workplace;
beforeEach(() => void (place = new Workplace()));

interface Failure {
  readonly what: unknown;
  readonly kind: unknown;
  readonly message: unknown;
}

/** Runs a sweep of innocent and bad trials with two workers, holds it to what must be so of every one, and tells its failures. */
async function failures(bad: readonly string[], limits = ''): Promise<Failure[]> {
  const values = [...INNOCENT.slice(0, 2), ...bad.flatMap((name, n) => [name, INNOCENT[n + 2]]), ...INNOCENT.slice(-3)];
  place.write(
    'bad.yaml',
    `
name: bad
trial: { module: ${MODULE}, params: { what: $what } }
search: { what: { values: [${values.join(', ')}] } }
replicates: 1
objective: { metric: depth, goal: maximize }
${limits}`,
  );
  const options = ['--workers', '2', '--backend', 'cpu', '--memory-limit', '600MB'];
  const { code, stderr } = await place.run('run', 'bad.yaml', ...options);
  expect({ code, stderr }).toEqual({ code: 2, stderr: '' });
  const reader = Reader.open(join(place.folder, 'nightsweep.db'));
  try {
    const innocent = INNOCENT.map((what) => `'${what}'`).join();
    const others = reader.query(`SELECT DISTINCT state, epochs, depth FROM bad WHERE what IN (${innocent})`);
    expect([...others.rows]).toEqual([['completed', 4n, 4]]);
    const { rows } = reader.query(
      'SELECT what, f.failure_kind, f.message FROM failures f JOIN bad USING (config, replicate) ORDER BY what',
    );
    return [...rows].map(([what, kind, message]) => ({ what, kind, message }));
  } finally {
    reader.close();
  }
}

test('one that ends, holds or leaves its thread takes nothing else along', async () => {
  expect(await failures(['exit', 'loop', 'throws'], 'limits: { stall_timeout: 2s }')).toEqual([
    { what: 'exit', kind: 'error', message: expect.stringContaining('process.exit(7)') },
    { what: 'loop', kind: 'stalled', message: expect.stringMatching(/^no progress for \d s$/) },
    { what: 'throws', kind: 'error', message: 'as told' },
  ]);
}, 60_000);

test('one that takes its process down is found out, and those that ran beside it go on', async () => {
  expect(await failures(['segfault', 'buffers', 'objects'])).toEqual([
    { what: 'buffers', kind: 'out_of_memory', message: expect.stringContaining('more than the limit of 0.6 GB') },
    { what: 'objects', kind: 'out_of_memory', message: expect.any(String) },
    { what: 'segfault', kind: 'crashed', message: expect.stringContaining('signal SIGSEGV') },
  ]);
}, 90_000);
