/** `nightsweep run` as a user meets it: exit codes, going on, signals, and a coordinator that is killed. */

import { mkdirSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { Workplace, canOpenTerminal } from './nightsweep.ts';

/** One worker and plain JavaScript: these tests are about the command, not about numbers. */
const FAST = ['--workers', '1', '--backend', 'cpu'];

let place: Workplace;
beforeEach(() => void (place = new Workplace()));

/** A network of a few units on the moons: a second or two with the start of the workers. */
function moons({ name = 'moons', epochs = 4, replicates = 2 } = {}): string {
  return `
name: ${name}
data: { generator: moons, samples: 40, noise: 0.2, seed: 1, split: { train: 20, test: rest } }
model:
  hidden: { activation: relu, dropout: $dropout }
  layers: [{ units: 4 }, { units: 1, activation: sigmoid }]
train: { loss: binary_crossentropy, optimizer: adam, batch_size: 10, epochs: ${epochs} }
search: { dropout: { values: [0, 0.2] } }
replicates: ${replicates}
objective: test_accuracy
`;
}

const DIVERGES = `
name: explode
data: { generator: regression, samples: 40, features: 12, noise: 0.1, seed: 1, split: { train: 20, test: rest } }
model: { hidden: { activation: relu }, layers: [{ units: 8 }, { units: 1, activation: linear }] }
train:
  loss: mse
  optimizer: { name: sgd, learning_rate: $rate }
  batch_size: 10
  epochs: 30
search: { rate: { values: [0.00001, 10] } }
replicates: 1
objective: test_mse
`;

const FOREVER = 100_000_000;

function events(stdout: string): Record<string, unknown>[] {
  return stdout
    .trim()
    .split('\n')
    .map((line): Record<string, unknown> => JSON.parse(line));
}

describe('nightsweep run', () => {
  test('trains every trial, names the best setting, and says so when it is run again', async () => {
    place.write('moons.yaml', moons());
    const first = await place.run('run', 'moons.yaml', ...FAST);
    expect(first.stderr).toBe('');
    expect(first.stdout).toMatch(/finished: 4 completed/);
    expect(first.stdout).toMatch(/Result of moons\n.*[Cc]onfig [01]/);
    expect(first.stdout).toMatch(/\n {2}nightsweep show moons\n {2}nightsweep report moons\n {2}nightsweep init /);
    expect(first.code).toBe(0);
    const again = await place.run('run', 'moons.yaml', ...FAST);
    expect(again.stdout).toMatch(/^All 4 trials of moons have ended/);
    expect(again.stdout.slice(again.stdout.indexOf('Result of'))).toBe(
      first.stdout.slice(first.stdout.indexOf('Result of')),
    );
    expect(again.code).toBe(0);
  });

  test('refuses another definition under the same name, shows what differs, and gives a command that works', async () => {
    place.write('moons.yaml', moons());
    await place.run('run', 'moons.yaml', ...FAST);
    const conflict = await place.run('run', 'moons.yaml', '--set', 'train.epochs=5', ...FAST);
    expect(conflict.code).toBe(1);
    expect(conflict.stderr).toMatch(/train\.epochs 4 -> 5/);
    const command = /nightsweep (run .*)/.exec(conflict.stderr)?.[1]?.split(' ') ?? [];
    expect(command).toEqual(['run', 'moons.yaml', '--set', 'train.epochs=5', '--name', 'moons-2']);
    expect((await place.run(...command, ...FAST)).code).toBe(0);
  });

  test('ends with 2 when trials failed: the one that diverged is named, its neighbour completes', async () => {
    place.write('explode.yaml', DIVERGES);
    const { code, stdout } = await place.run('run', 'explode.yaml', ...FAST);
    expect(stdout).toMatch(/finished: 1 completed, 1 failed/);
    expect(stdout).toMatch(/One trial failed, such as config 1, replicate 0: diverged at epoch \d+/);
    expect(stdout).toMatch(/What failed diverged, and would again: .*\n$/);
    expect(code).toBe(2);
    const other = await place.run('retry', 'explode', '--failed', '--kind', 'crashed', ...FAST);
    expect(other.stderr).toMatch(/must have failed trials to try again, but none failed as crashed/);
    expect(other.code).toBe(1);
    const again = await place.run('retry', 'explode', '--failed', '--kind', 'diverged', ...FAST);
    expect(again.stdout).toMatch(/^1 trial of explode to run\.\n/);
    expect(again.stdout).toMatch(/finished: 1 completed, 1 failed/);
    expect(again.code).toBe(2);
    const attempts = await place.run('sql', 'SELECT config, count(*) FROM attempts GROUP BY 1', '--format', 'csv');
    expect(attempts.stdout).toMatch(/\n0,1\n1,2\n$/);
  });

  test('runs several files in order: one that cannot be read does not stop the next, and the worst code counts', async () => {
    place.write('moons.yaml', moons());
    const { code, stdout, stderr } = await place.run('run', 'missing.yaml', 'moons.yaml', ...FAST);
    expect(stderr).toMatch(/missing\.yaml/);
    expect(stdout).toMatch(/finished: 4 completed/);
    expect(code).toBe(1);
  });

  test('stops at a deadline with 3 and says how to go on', async () => {
    place.write('moons.yaml', moons({ epochs: FOREVER }));
    const { code, stdout } = await place.run('run', 'moons.yaml', '--for', '2s', ...FAST);
    expect(stdout).toMatch(/deadline: 4 queued/);
    expect(stdout).toMatch(/To go on: nightsweep resume moons\n$/);
    expect(code).toBe(3);
  });

  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('stops cleanly on %s with %d', async (signal, expected) => {
    place.write('moons.yaml', moons({ epochs: FOREVER }));
    const running = place.start('run', 'moons.yaml', '--json', ...FAST);
    await running.line(/"trial_started"/);
    running.process.kill(signal);
    const { code, stdout } = await running.finished;
    expect(events(stdout).at(-1)).toMatchObject({
      type: 'ended',
      reason: 'interrupted',
      states: { queued: 4, running: 0 },
    });
    expect(code).toBe(expected);
  });

  test('survives the death of its coordinator: another one goes on, and the results are those of an undisturbed run', async () => {
    place.write('moons.yaml', moons({ epochs: 1000 }));
    const running = place.start('run', 'moons.yaml', '--json', '--checkpoint-every', '0.1s', ...FAST);
    await running.line(/"trial_started"/);
    const log = readFileSync(join(place.folder, 'nightsweep.db.moons.log'), 'utf8');
    process.kill(Number(/"pid":(\d+)/.exec(log)?.[1]), 'SIGKILL');
    const { code, stdout } = await running.finished;
    expect(stdout).toMatch(
      /"message":"the coordinator's process ended with signal SIGKILL \(killed\); starting the coordinator again"/,
    );
    expect(events(stdout).filter(({ type }) => type === 'started')).toHaveLength(1);
    expect(code).toBe(0);
    await place.run('run', 'moons.yaml', '--db', 'calm.db', ...FAST);
    const curves = ['sql', 'SELECT * FROM learning_curves ORDER BY config, replicate, epoch', '--format', 'csv'];
    const calm = await place.run(...curves, '--db', 'calm.db');
    expect(calm.stdout.split('\n').length).toBeGreaterThan(1000);
    expect((await place.run(...curves)).stdout).toBe(calm.stdout);
  });

  test('hears how a run ended that ended while this process was suspended', async () => {
    // Enough trials for what is said of them to fill a pipe.
    place.write('moons.yaml', moons({ epochs: 1, replicates: 1500 }));
    const running = place.start('run', 'moons.yaml', '--plain', ...FAST);
    await running.line(/: 2 configs x/);
    running.process.kill('SIGSTOP');
    const { stdout } = await place.run('watch', 'moons', '--json');
    running.process.kill('SIGCONT');
    expect(events(stdout).at(-1)).toMatchObject({ type: 'ended', reason: 'finished' });
    const { code, stderr } = await running.finished;
    expect(stderr).toBe('');
    expect(code).toBe(0);
  });

  test.skipIf(!canOpenTerminal)('goes on when its terminal is gone', async () => {
    place.write('moons.yaml', moons({ epochs: 60, replicates: 200 }));
    const running = place.startInTerminal('run', 'moons.yaml', '--plain', ...FAST);
    await running.line(/: 2 configs x/);
    running.process.kill('SIGKILL');
    const { stdout } = await place.run('watch', 'moons', '--json');
    expect(events(stdout).at(-1)).toMatchObject({ type: 'ended', reason: 'finished', exit_code: 0 });
  });

  test('says what is in the way where its log should be', async () => {
    place.write('moons.yaml', moons());
    mkdirSync(join(place.folder, 'nightsweep.db.moons.log'));
    const { code, stderr } = await place.run('run', 'moons.yaml', '--plain', ...FAST);
    expect(stderr).toMatch(/nightsweep\.db\.moons\.log the log must be a file that can be written to, but: EISDIR/);
    expect(code).toBe(1);
  });

  test.each([
    [['--workers', '0'], /--workers must be a whole number from 1, but is "0"/],
    [['--memory-limit', '8'], /--memory-limit must be an amount of memory, but is "8"/],
    [['--db', '.'], /the database must be a file, but this is a folder/],
  ])('refuses %j with 1 and creates nothing', async (flags, message) => {
    place.write('moons.yaml', moons());
    const { code, stderr } = await place.run('run', 'moons.yaml', ...flags);
    expect(stderr).toMatch(message);
    expect(code).toBe(1);
    expect(readdirSync(place.folder)).toEqual(['moons.yaml']);
  });

  test('says with --dry-run how large a sweep is, and writes nothing', async () => {
    place.write('moons.yaml', moons());
    const { code, stdout } = await place.run('run', 'moons.yaml', '--dry-run');
    expect(stdout).toMatch(
      /configs {4}2\nreplicates 2\ntrials {5}4\nobjective  test_accuracy, maximize\nprograms {3}1\n/,
    );
    expect(code).toBe(0);
    expect(readdirSync(place.folder)).toEqual(['moons.yaml']);
  });
});
