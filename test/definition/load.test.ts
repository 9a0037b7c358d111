/** Reading definitions from disk: formats, data files, positions, names. */

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadDefinition } from '../../src/definition/load.ts';
import { SweepError } from '../../src/errors.ts';
import { emptyFolder } from '../empty-folder.ts';
import { definition } from './reading.ts';

const folder = emptyFolder();

async function write(name: string, text: string | Uint8Array): Promise<string> {
  const file = join(folder, name);
  await writeFile(file, text);
  return file;
}

/** The lines of the error, the folder's name taken out. */
async function linesOf(promise: Promise<unknown>): Promise<string[]> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof SweepError)) throw new Error(`must be a SweepError, but was ${String(error)}`);
  return error.message.split('\n').map((line) => line.replaceAll(`${folder}/`, ''));
}

const object = {
  name: 'small',
  data: { generator: 'moons', split: { train: 30, test: 70 } },
  model: {
    layers: [
      { units: 8, activation: 'relu' },
      { units: 1, activation: 'sigmoid' },
    ],
  },
  train: { loss: 'binary_crossentropy', optimizer: 'adam', epochs: 10 },
};

describe('the same definition', () => {
  test('is the same sweep in YAML, JSON, TypeScript and JavaScript', async () => {
    const files = await Promise.all([
      write('a.yaml', definition()),
      write('a.json', JSON.stringify(object, null, '\t')),
      write(
        'a.ts',
        `const epochs: number = 10;\nexport default { ...${JSON.stringify(object)}, seed: undefined, train: { ...${JSON.stringify(object.train)}, epochs } };`,
      ),
      write('a.mjs', `export const definition = ${JSON.stringify(object)};`),
      write('a.cjs', `module.exports = ${JSON.stringify(object)};`),
    ]);
    const loaded = await Promise.all(files.map((file) => loadDefinition(file)));
    expect(new Set(loaded.map(({ hash }) => hash)).size).toBe(1);
    expect(loaded[2]?.document.definition).toEqual(object);
  });

  test('is another sweep with another seed, and the same with another name or with a default written out', async () => {
    const file = await write('b.yaml', definition());
    const [plain, renamed, spelled, seeded] = await Promise.all([
      loadDefinition(file),
      loadDefinition(file, { name: 'other' }),
      loadDefinition(file, { set: ['train.batch_size=32'] }),
      loadDefinition(file, { set: ['seed=2'] }),
    ]);
    expect(renamed.sweep.name).toBe('other');
    expect(renamed.hash).toBe(plain.hash);
    expect(spelled.hash).toBe(plain.hash);
    expect(seeded.hash).not.toBe(plain.hash);
  });
});

describe('a data file', () => {
  const text = definition({ data: '{ file: ./rows.csv, target: y, split: { train: 0.5, test: rest } }' });

  test('belongs to the sweep by its content, not by its place', async () => {
    const file = await write('c.yaml', text);
    await write('rows.csv', 'x,y\n1,a\n2,b\n');
    const first = await loadDefinition(file);
    expect(first.sweep.configs[0]).toMatchObject({
      data: { source: { file: join(folder, 'rows.csv'), target: 'y' } },
    });
    expect(Object.keys(first.document.files)).toEqual(['./rows.csv']);
    await write('rows.csv', 'x,y\n1,a\n3,b\n');
    expect((await loadDefinition(file)).hash).not.toBe(first.hash);
  });

  test('that is missing is named where it is written, with the one that is near', async () => {
    await write('rows.csv', 'x,y\n1,a\n2,b\n');
    const file = await write('d.yaml', text.replace('rows.csv', 'row.csv'));
    expect(await linesOf(loadDefinition(file))).toEqual([
      'd.yaml:2:15 data.file: must be a readable file, but found "./row.csv": there is none (did you mean rows.csv?)',
    ]);
  });
});

test('positions of paths can be asked for later', async () => {
  const file = await write('e.yaml', definition());
  const { locate } = await loadDefinition(file);
  expect(locate('data.split.train')).toEqual({ file, line: 2, column: 43 });
});

describe('is refused', () => {
  test.each<readonly [what: string, name: string, text: string | Uint8Array, lines: readonly string[]]>([
    [
      'text that is no YAML',
      'f.yaml',
      'name: [1, 2\ndata: 3',
      [
        'f.yaml:2:1 must be readable YAML or JSON: Flow sequence in block collection must be sufficiently indented and end with a ]',
      ],
    ],
    [
      'a key that comes twice',
      'g.yaml',
      'name: a\nname: b',
      ['g.yaml:2:1 must have every key once, but found name again (leave one of them out)'],
    ],
    ['an empty file', 'h.yaml', '', ['h.yaml:1:1 a definition must be a map, but found nothing']],
    [
      'bytes that are no text',
      'i.yaml',
      new Uint8Array([0xff, 0xfe, 0x00]),
      ['i.yaml must be UTF-8 text, but found bytes that are not (save it as UTF-8)'],
    ],
    [
      'a second document',
      'i2.yaml',
      'name: a\n---\nname: b',
      ['i2.yaml:2:1 must be one definition, but a second YAML document begins here (put it into a file of its own)'],
    ],
    ['a tab', 'i3.yaml', 'search:\n\ta: 1', ['i3.yaml:2:1 must be indented by blanks, but found a tab']],
    [
      'braces around the name of a reference, which put the parser out of step',
      'i4.yaml',
      'model: { l2: ${l2} }\ntrain: { epochs: 1 }',
      [
        'i4.yaml:1:15 must be readable YAML or JSON: Unexpected flow-map-start at node end (a reference has no braces: $name)',
      ],
    ],
    [
      'a number that JSON has not',
      'j.mjs',
      'export default 10n;',
      ['j.mjs a definition must be a map, but found "10n"'],
    ],
    [
      'a module without a definition',
      'k.mjs',
      'export const a = 1;',
      ['k.mjs must export the definition as default or as `definition`, but exports neither'],
    ],
    ['a file of another kind', 'l.toml', '', ['must be a .yaml, .yml, .json, .ts or .js file, but found "l.toml"']],
    [
      'a function in a module',
      'm.mjs',
      `export default { ...${JSON.stringify(object)}, train: { loss: () => 0, optimizer: 'adam', epochs: 1 } };`,
      [
        'm.mjs train.loss: must be one of mse, binary_crossentropy, categorical_crossentropy, sparse_categorical_crossentropy, mae, msle, huber, hinge, squared_hinge, kl_divergence, poisson or a map, but found a function',
      ],
    ],
  ])('%s', async (_, name, text, lines) => {
    const found = await linesOf(loadDefinition(await write(name, text)));
    expect(found).toHaveLength(lines.length);
    for (const [index, line] of lines.entries()) expect(found[index]).toContain(line);
  });

  test('a file that is not there, with the one that is near', async () => {
    await write('moons.yaml', definition());
    expect(await linesOf(loadDefinition(join(folder, 'mons.yaml')))).toEqual([
      'mons.yaml must be a readable file: there is none (did you mean moons.yaml?)',
    ]);
  });

  test('a wrong --set, at --set, and a wrong --name, at --name', async () => {
    const file = await write('n.yaml', definition());
    expect(await linesOf(loadDefinition(file, { set: ['train.epoch=5'], name: 'A' }))).toEqual([
      '--name name: must be text of a-z, 0-9 and inner hyphens, but found "A"',
      '--set train.epoch: unknown key (did you mean epochs?)',
    ]);
  });
});
