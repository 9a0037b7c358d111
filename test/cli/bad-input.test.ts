/** What a user sees who gives something that cannot be run: all that is wrong, where it stands, and nothing left behind. */

import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { Store } from '../../db/store.ts';
import { planDefinition, prepareSweep } from '../../src/coordinator/prepare.ts';
import { loadDefinition } from '../../src/definition/load.ts';
import { SweepError } from '../../src/errors.ts';
import { emptyFolder } from '../empty-folder.ts';
import { Workplace } from './nightsweep.ts';

/** A sweep over a CSV file of two features; `changes` replaces parts of its text. */
function definition(...changes: readonly (readonly [string, string])[]): string {
  const text = `name: mine
data:
  file: ./data.csv
  target: kind
  split: { train: 0.5, test: rest }
model:
  layers:
    - { units: 4, activation: relu, l2: $l2 }
    - { units: 3, activation: softmax }
train: { loss: categorical_crossentropy, optimizer: adam, epochs: 2 }
search: { l2: { values: [0, 0.1] } }
`;
  return changes.reduce((changed, [before, after]) => changed.replace(before, after), text);
}

const ROWS = Array.from({ length: 12 }, (_, row) => `${row},${row % 5},${'abc'[row % 3]}`);
const CSV = ['size,weight,kind', ...ROWS, ''].join('\n');

describe('a mistake that only the data show', () => {
  let folder: string;
  beforeEach(() => void (folder = emptyFolder()));

  async function complaint(text: string, csv: string): Promise<string> {
    writeFileSync(join(folder, 'data.csv'), csv);
    writeFileSync(join(folder, 'mine.yaml'), text);
    const loaded = await loadDefinition(join(folder, 'mine.yaml'));
    try {
      planDefinition(loaded);
    } catch (error) {
      if (error instanceof SweepError) return error.message.replaceAll(`${folder}/`, '');
      throw error;
    }
    return '';
  }

  test('is none where all is well', async () => {
    expect(await complaint(definition(), CSV)).toBe('');
  });

  test.each([
    [
      'columns that are not there',
      definition(['target: kind', 'target: knid\n  drop: [wheight]']),
      CSV,
      'mine.yaml:4:11 data.target: must name a column of data.csv, found "knid" (did you mean "kind"?)\n' +
        'mine.yaml:5:9 data.drop: must name a column of data.csv, found "wheight" (did you mean "weight"?)',
    ],
    [
      'more classes than units',
      definition(['units: 3', 'units: 2']),
      CSV,
      'mine.yaml:8:5 model.layers: the last layer must have a unit per class, but has 2 for 3 classes, in config 0 (set its `units` to 3)',
    ],
    [
      'more folds than rows',
      definition(['{ train: 0.5, test: rest }', '{ folds: 50 }']),
      CSV,
      'mine.yaml:5:19 data.split.folds: must be at most the number of rows, found 50 folds of 12 rows',
    ],
    [
      'rows that are longer or shorter than the header',
      definition(),
      `${CSV}1,2,a,4\n1,2\n`,
      'data.csv:14:7 every row must have 3 cells as the header has, found 4\n' +
        'data.csv:15:3 every row must have 3 cells as the header has, found 2',
    ],
    [
      'a text among numbers, and a gap',
      definition(),
      `${CSV}1,heavy,a\n,2,b\n`,
      'data.csv:15:1 column "size" must have a value in every row, found "" (set data.missing to impute or drop)\n' +
        'data.csv:14:3 column "weight" must hold numbers, found "heavy" (list the column under data.categorical or data.drop)',
    ],
  ])('%s', async (_, text, csv, lines) => {
    expect(await complaint(text, csv)).toBe(lines);
  });

  test('a file that has changed since the sweep was made: said in words, and nothing is overwritten', async () => {
    expect(await complaint(definition(), CSV)).toBe('');
    const store = Store.open(join(folder, 'results.db'));
    try {
      const prepare = async () => {
        const loaded = await loadDefinition(join(folder, 'mine.yaml'));
        return prepareSweep(store, loaded, planDefinition(loaded), { commandFor: (name) => `run ${name}` });
      };
      const first = await prepare();
      writeFileSync(join(folder, 'data.csv'), `${CSV}1,2,a\n`);
      await expect(prepare()).rejects.toThrow(
        /can be extended, but not changed where it has results:\n {2}\S*\/data\.csv has changed: its SHA-256 was [0-9a-f]{12}\.\.\., and is [0-9a-f]{12}\.\.\.\nTo run this one beside it: run mine-2$/,
      );
      writeFileSync(join(folder, 'data.csv'), CSV);
      expect(await prepare()).toEqual(first);
    } finally {
      store.close();
    }
  });
});

describe('nightsweep run', () => {
  let place: Workplace;
  beforeEach(() => void (place = new Workplace()));

  test('names each bad file once, with all its mistakes, and leaves no database behind', async () => {
    place.write('bad.yaml', definition(['categorical_crossentropy', 'cce'], ['epochs: 2', 'epochs: 0']));
    place.write('data.csv', CSV);
    const { code, stdout, stderr } = await place.run('run', 'bad.yaml', 'dab.yaml');
    expect(stderr).toMatch(
      /^bad\.yaml:10:16 train\.loss: must be one of .* \(here it is called categorical_crossentropy\)\nbad\.yaml:10:46 train\.epochs: must be >= 1, but found 0\ndab\.yaml must be a readable file: there is none \(did you mean bad\.yaml\?\)\n$/,
    );
    expect(stdout).toBe('');
    expect(code).toBe(1);
    expect(readdirSync(place.folder).toSorted()).toEqual(['bad.yaml', 'data.csv']);
  });

  test('refuses two displays at once', async () => {
    const { code, stderr } = await place.run('run', 'any.yaml', '--plain', '--json');
    expect(stderr).toMatch(/'--json' cannot be used with option '--plain'/);
    expect(code).toBe(1);
  });

  test('refuses a sweep that another process runs before it shows anything; ends early when its reader leaves', async () => {
    place.write('data.csv', CSV);
    place.write('mine.yaml', definition(['epochs: 2', 'epochs: 100000000']));
    const command = ['run', 'mine.yaml', '--workers', '1', '--backend', 'cpu', '--json'];
    const first = place.start(...command);
    await first.line(/"type":"started"/);
    const second = await place.run(...command);
    expect(second).toEqual({
      code: 1,
      stdout: '',
      stderr:
        'another process runs mine: waiting 4 s in case it is about to end\n' +
        'sweep mine must be run by one process at a time, but another one runs it now (look on with `nightsweep watch mine`)\n',
    });
    first.process.stdout?.destroy();
    const { code } = await first.finished;
    expect(code).toBe(3);
  });
});
