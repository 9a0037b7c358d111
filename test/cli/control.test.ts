/** A sweep that runs is paused, resumed and stopped from other shells, and outlives its supervisor and its terminal. */

import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { Workplace } from './nightsweep.ts';

/** One worker and plain JavaScript: these tests are about the command, not about numbers. */
const FAST = ['--workers', '1', '--backend', 'cpu'];

const ENDLESS = `
name: moons
data: { file: moons.csv, target: label, split: { train: 4, test: rest } }
model: { layers: [{ units: 4, activation: relu }, { units: 1, activation: sigmoid }] }
train: { loss: binary_crossentropy, optimizer: adam, batch_size: 4, epochs: 100000000 }
replicates: 2
objective: test_accuracy
`;

const CSV = `x,y,label\n${Array.from({ length: 12 }, (_, row) => `${row},${row % 3},${row % 2}`).join('\n')}\n`;

let place: Workplace;
beforeEach(() => {
  place = new Workplace();
  place.write('moons.csv', CSV);
  place.write('moons.yaml', ENDLESS);
});

describe('a sweep that runs', () => {
  test('is paused, resumed and stopped from other shells, and resumed from the database alone', async () => {
    const running = place.start('run', 'moons.yaml', '--json', ...FAST);
    await running.line(/"trial_started"/);
    expect(await place.run('pause', 'moons')).toEqual({
      code: 0,
      stdout: 'moons paused.\nTo go on: nightsweep resume moons\n',
      stderr: '',
    });
    await running.line(/"type":"holding","reason":"paused","message":"paused; to go on: nightsweep resume moons"/);
    const again = await place.run('pause', 'moons');
    expect(again.stderr).toMatch(/cannot be paused: it is paused already \(to go on: nightsweep resume moons\)/);
    const watching = place.start('watch', 'moons', '--plain');
    await watching.line(/paused; to go on: nightsweep resume moons/);
    expect((await place.run('resume', 'moons')).stdout).toMatch(/^moons goes on\.\n/);
    await watching.line(/going on/);
    await running.line(/"type":"holding","reason":null/);
    expect((await place.run('retry', 'moons', '--failed')).stderr).toMatch(/end it first with `nightsweep stop moons`/);
    expect((await place.run('stop', 'moons')).stdout).toMatch(/^moons stopped\.\nTo go on: nightsweep resume moons\n/);
    expect((await running.finished).code).toBe(3);
    await watching.finished;
    const idle = await place.run('pause', 'moons');
    expect(idle.stderr).toMatch(/cannot be paused: no process runs it now/);
    expect(idle.code).toBe(1);

    rmSync(join(place.folder, 'moons.yaml'));
    const resumed = await place.run('resume', 'moons', '--for', '1s', '--on-end', 'cat > end.json; exit 9', ...FAST);
    expect(resumed.stdout).toMatch(/deadline: 2 queued/);
    expect(resumed.stderr).toMatch(/warning: the command of --on-end ended with exit code 9/);
    expect(resumed.code).toBe(3);
    expect(JSON.parse(readFileSync(join(place.folder, 'end.json'), 'utf8'))).toMatchObject({
      sweep: 'moons',
      outcome: 'deadline',
      exit_code: 3,
      trials: { queued: 2, completed: 0 },
      best: null,
    });
    place.write('moons.csv', CSV.replace('0,0,0', '0,0,1'));
    const changed = await place.run('resume', 'moons', ...FAST);
    expect(changed.stderr).toMatch(/moons\.csv this file of sweep moons must be as it was .*, but it was changed/);
    expect(changed.code).toBe(1);
  });

  test('runs in the background with --detach, and is refused to nobody when its supervisor is killed', async () => {
    const started = await place.run('run', 'moons.yaml', '--detach', ...FAST);
    expect(started.stderr).toBe('');
    expect(started.stdout).toMatch(
      /\n {2}nightsweep watch moons\n {2}nightsweep pause moons\n {2}nightsweep stop moons\n$/,
    );
    process.kill(Number(/process (\d+)/.exec(started.stdout)?.[1]), 'SIGKILL');
    const next = await place.run('run', 'moons.yaml', '--for', '1s', '--plain', ...FAST);
    expect(next.stdout).toMatch(/deadline: 2 queued/);
    expect(next.code).toBe(3);
  });

  test('is not what a misspelt name means', async () => {
    await place.run('run', 'moons.yaml', '--for', '0.1s', ...FAST);
    for (const command of [['pause'], ['stop'], ['resume'], ['retry', '--failed']]) {
      const { code, stderr } = await place.run(...command, 'mons');
      expect(stderr).toBe("there is no sweep 'mons' (did you mean moons?)\n");
      expect(code).toBe(1);
    }
  });
});
