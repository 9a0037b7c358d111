/** `nightsweep verify` as a user meets it: what it prints and its exit codes, with trials that are trained once more. */

import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { damage } from '../db/damage.ts';
import { Workplace } from './nightsweep.ts';

const MOONS = `
name: moons
data: { generator: moons, samples: 40, noise: 0.2, seed: 1, split: { train: 20, test: rest } }
model:
  hidden: { activation: relu, dropout: $dropout }
  layers: [{ units: 4 }, { units: 1, activation: sigmoid }]
train: { loss: binary_crossentropy, optimizer: adam, batch_size: 10, epochs: 4 }
record: { weight_norms: true }
search: { dropout: { values: [0, 0.2] } }
replicates: 2
objective: test_accuracy
`;

const place = new Workplace();
beforeAll(async () => {
  place.write('moons.yaml', MOONS);
  await place.run('run', 'moons.yaml', '--workers', '1', '--backend', 'cpu');
});

describe('nightsweep verify', () => {
  test('says what it has checked, trains trials once more, and finds the same bits', async () => {
    const { code, stdout, stderr } = await place.run('verify', 'moons', '--rerun', '3', '--seed', '1');
    expect(stderr).toBe('');
    expect(stdout).toMatch(/ok {3}trials +4 trials: every config has every replicate once/);
    expect(stdout.match(/ok {3}trial \d\/\d {2}4 rows: the same bits/g)).toHaveLength(3);
    expect(stdout).not.toMatch(/BAD/);
    expect(code).toBe(0);
  });

  test('ends with exit code 2 where a row is missing or a number has changed', async () => {
    damage(
      join(place.folder, 'nightsweep.db'),
      `UPDATE epoch SET train_loss = train_loss + 1e-9 WHERE trial = 1 AND epoch = 2;
       DELETE FROM epoch WHERE trial = 2 AND epoch = 3`,
    );
    const { code, stdout } = await place.run('verify', 'moons', '--rerun', '4');
    expect(stdout).toMatch(
      /BAD {2}epochs .*\n +moons\/1\/0 has reached epoch 4, but has no row of epoch 3\n +What to do: /,
    );
    expect(stdout).toMatch(
      /BAD {2}trial 0\/0 {2}4 rows: not the same bits\n +epoch 2 train_loss: recorded 0\.\d+, now 0\.\d+\n/,
    );
    expect(stdout).toMatch(/BAD {2}trial 1\/0 {2}3 rows: not the same bits\n/);
    expect(code).toBe(2);
  });

  test('asks for a sweep where trials are to be trained', async () => {
    const { code, stderr } = await place.run('verify', '--rerun', '1');
    expect(stderr).toMatch(/--rerun must have a sweep/);
    expect(code).toBe(1);
  });
});
