/** A disk that fills up while a sweep runs: it waits, says so, goes on when there is room, and loses nothing. */

import { spawnSync } from 'node:child_process';
import { rmSync, mkdirSync, openSync, closeSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Reader } from '../../db/reader.ts';
import { Workplace } from '../cli/nightsweep.ts';

const SWEEP = `
name: full
data: { generator: moons, samples: 40, noise: 0.2, seed: 1, split: { train: 20, test: rest } }
model:
  hidden: { activation: relu, dropout: $dropout }
  layers: [{ units: 4 }, { units: 1, activation: sigmoid }]
train: { loss: binary_crossentropy, optimizer: adam, batch_size: 10, epochs: 400 }
search: { dropout: { values: [0, 0.2] } }
replicates: 3
record: { epochs: all }
objective: test_accuracy
`;

type SqlRows = readonly (readonly unknown[])[];

const place = new Workplace();
const disk = join(place.folder, 'disk');
mkdirSync(disk);
/** To mount takes root's rights, and Linux. */
const isMounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=20m', 'tmpfs', disk]).status === 0;

beforeAll(() => place.write('full.yaml', SWEEP));
afterAll(() => {
  if (isMounted) spawnSync('umount', ['--lazy', disk]);
});

/** Takes all room that is left; gives what sets it free again. */
function fillUp(): () => void {
  const ballast = join(disk, 'ballast');
  const file = openSync(ballast, 'w');
  const block = Buffer.alloc(4096);
  try {
    for (;;) writeSync(file, block);
  } catch (error) {
    expect(error).toMatchObject({ code: 'ENOSPC' });
  } finally {
    closeSync(file);
  }
  return () => rmSync(ballast);
}

function results(database: string): SqlRows[] {
  const reader = Reader.open(join(place.folder, database));
  try {
    return [
      'SELECT * FROM learning_curves ORDER BY sweep, config, replicate, epoch',
      'SELECT * FROM comparisons ORDER BY sweep, reference, config',
      'SELECT config, replicate, state, stop_reason, epochs, objective, metrics FROM trial_results ORDER BY 1, 2',
    ].map((sql) => [...reader.query(sql).rows]);
  } finally {
    reader.close();
  }
}

test.skipIf(!isMounted)(
  'a full disk delays a sweep, and changes none of its numbers',
  async () => {
    const options = ['--workers', '2', '--backend', 'cpu', '--json'];
    const run = place.start('run', 'full.yaml', '--db', 'disk/full.db', ...options);
    await run.line(/"type":"progress".*"epochs_done":[1-9]/);
    const free = fillUp();
    await run.line(/"type":"holding","reason":"disk"/);
    free();
    const { code, stdout, stderr } = await run.finished;
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/"type":"holding","reason":null.*\n(.*\n)*.*"type":"ended","reason":"finished"/);

    expect(await place.run('run', 'full.yaml', '--db', 'undisturbed.db', ...options)).toMatchObject({ code: 0 });
    const [curves, comparisons, trials] = results('disk/full.db');
    expect([curves!.length, trials!.length]).toEqual([6 * 400, 6]);
    expect(comparisons!.length).toBeGreaterThan(0);
    expect([curves, comparisons, trials]).toEqual(results('undisturbed.db'));
  },
  60_000,
);
