/** Whatever becomes of those who look on, the sweep does not notice. */

import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeEach, expect, test } from 'vitest';
import { Program } from '../frames/program.ts';
import { resultTables } from '../kill/evidence.ts';
import { canOpenTerminal, NIGHTSWEEP, Workplace } from './nightsweep.ts';

const SWEEP = `
name: moons
seed: 3
data: { generator: moons, samples: 60, noise: 0.3, seed: 2, split: { train: 40, validation: 10, test: rest } }
model:
  hidden: { activation: tanh, dropout: $dropout }
  layers: [{ units: 4 }, { units: 1, activation: sigmoid }]
train: { loss: binary_crossentropy, optimizer: adam, batch_size: 20, epochs: 250 }
search: { dropout: { values: [0, 0.2, 0.4] } }
replicates: 3
objective: validation_loss
`;

const RUN = ['run', 'moons.yaml', '--backend', 'cpu', '--workers', '1'];

let undisturbed: Workplace;
let place: Workplace;
beforeEach(() => {
  undisturbed = new Workplace();
  place = new Workplace();
  for (const each of [undisturbed, place]) each.write('moons.yaml', SWEEP);
});

const SIZE = { columns: 100, rows: 30 };

test.skipIf(!canOpenTerminal)(
  'killed, hung up, resized, left: the results are those of a sweep that nobody saw',
  async () => {
    // Run from its sources in another folder, tsx would not find how JSX is to be read.
    const environment = { TSX_TSCONFIG_PATH: fileURLToPath(new URL('../../tsconfig.json', import.meta.url)) };
    const open = (...args: string[]) =>
      new Program([...NIGHTSWEEP, ...args], { ...SIZE, cwd: place.folder, environment });
    const run = open(...RUN);
    const isShown = (text: string): boolean => text.includes('moons running');
    await run.until(isShown);
    const watchers = [open('watch', 'moons'), open('watch', 'moons'), open('watch', 'moons')] as const;
    await Promise.all(watchers.map((watcher) => watcher.until(isShown)));
    const [killed, hungUp, left] = watchers;
    killed.kill();
    hungUp.hangUp();
    run.resize(40, 12);
    await run.until((text) => text.split('\n').length === 12 && isShown(text));
    run.resize(120, 40);
    left.press('q');
    expect(await left.ended).toBe(0);
    await Promise.all([killed.ended, hungUp.ended]);
    expect(await run.ended).toBe(0);

    expect((await undisturbed.run(...RUN, '--plain')).code).toBe(0);
    const [seen, unseen] = [place, undisturbed].map(({ folder }) => resultTables(join(folder, 'nightsweep.db')));
    expect(seen).toEqual(unseen);
  },
);
