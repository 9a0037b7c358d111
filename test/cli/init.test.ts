/** `nightsweep init` and `nightsweep schema`, as a user calls them. */

import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type InitFlags, writeDefinition } from '../../src/cli/init/write-definition.ts';
import { schemaCommand } from '../../src/cli/schema.ts';
import { NIGHTSWEEP, Terminal, Workplace, canOpenTerminal } from './nightsweep.ts';

let workplace: Workplace;
beforeEach(() => void (workplace = new Workplace()));
afterEach(() => void vi.restoreAllMocks());

/** What it prints; in this process, since starting one takes a second. Files are named in the workplace. */
async function init({ csv, output, ...flags }: InitFlags): Promise<string> {
  let printed = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed += String(text);
    return true;
  });
  const files = {
    ...(csv === undefined ? {} : { csv: join(workplace.folder, csv) }),
    output: join(workplace.folder, output ?? 'mine.yaml'),
  };
  await writeDefinition({ ...flags, ...files, yes: true }).finally(() => vi.restoreAllMocks());
  return printed.replaceAll(`${workplace.folder}/`, '');
}

function definition(name = 'mine.yaml'): string {
  return readFileSync(join(workplace.folder, name), 'utf8');
}

function csv(header: string, row: (index: number) => string, rows = 40, lineEnd = '\n'): string {
  return [header, ...Array.from({ length: rows }, (_, index) => row(index)), ''].join(lineEnd);
}

const HOUSES = csv('id,district,price', (row) => `${row},${row % 2 ? 'north' : 'south'},${row * 1.5}`);

/** Files as people have them, and what is to be made of them. */
const FILES: Readonly<
  Record<string, { readonly text: string; readonly target: string; readonly lines: readonly RegExp[] }>
> = {
  'classes as text, an identifier': {
    text: csv('id,x,y,species', (row) => `${row},${row % 7},${row % 5},${['a', 'b', 'c'][row % 3]}`),
    target: 'species',
    lines: [
      /^ {2}drop:\n {4}- id {3}# different in every row$/m,
      /units: 3, activation: softmax/,
      /^objective: validation_accuracy /m,
    ],
  },
  'amounts with gaps': {
    text: csv('area,rooms,price', (row) => `${row % 6 ? row : ''},${row % 4},${row * 2.5}`),
    target: 'price',
    lines: [/^ {2}missing: impute {3}# 7 empty cells/m, /units: 1, activation: linear/, /^metrics: \[mae, rmse, r2\]/m],
  },
  'a target with gaps, one class of which is in such rows only': {
    text: csv('x,z,kind', (row) =>
      row < 4 ? `${row},,rare` : `${row},${row % 3},${row % 5 ? ['a', 'b'][row % 2] : ''}`,
    ),
    target: 'kind',
    lines: [/^ {2}missing: drop .*: 29 rows stay$/m, /units: 1, activation: sigmoid/],
  },
  'two classes, semicolons, a byte order mark, CRLF': {
    text: `\uFEFF${csv('größe;gewicht;gut?', (row) => `${row};${row % 9};${row % 2 ? 'ja' : 'nein'}`, 40, '\r\n')}`,
    target: 'gut?',
    lines: [/^ {2}target: gut\?$/m, /units: 1, activation: sigmoid/],
  },
  'commas in quotes, dates, decimal commas, free text and a column that is nearly empty': {
    text: csv(
      '"name, first",day,rate,note,rest,x,y',
      (row) => `"A${row % 2}, b",2026-01-${10 + (row % 20)},"1,${row}","n ${row}",${row ? '' : 1},${row},${row % 2}`,
      120,
    ),
    target: 'y',
    lines: [
      /^ {2}categorical: \["name, first"\]/m,
      /- day .*dates.*\n.*- rate .*decimal commas.*\n.*- note .*free text\n.*- rest .*mostly empty$/m,
    ],
  },
  'many columns': {
    text: csv(Array.from({ length: 150 }, (_, column) => `feature ${column}`).join('\t'), (row) =>
      Array.from({ length: 150 }, (_, column) => (column % 2 ? `v${row % 3}` : (row * column) % 17)).join('\t'),
    ),
    target: 'feature 148',
    lines: [/^ {2}categorical: \[\n {4}feature 1, feature 3,/m],
  },
};

describe('a definition', () => {
  test.each(Object.entries(FILES))('for %s fits its columns and can be run', async (_, { text, target, lines }) => {
    workplace.write('data.csv', text);
    expect(await init({ csv: 'data.csv', target })).toMatch(/= 54 trials\nNext: /);
    for (const line of lines) expect(definition()).toMatch(line);
    expect(
      Math.max(
        ...definition()
          .split('\n')
          .map((line) => line.length),
      ),
    ).toBeLessThan(130);
  });

  test('is trained as it stands', async () => {
    const { text, target } = FILES['a target with gaps, one class of which is in such rows only']!;
    workplace.write('data.csv', text);
    await init({ csv: 'data.csv', target, search: ['depth'] });
    const small = ['--set', 'train.epochs=2', '--set', 'replicates=1', '--backend', 'cpu', '--workers', '1'];
    const { code, stdout, stderr } = await workplace.run('run', 'mine.yaml', ...small);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/finished: 2 completed/);
  });

  test('searches what it is told to, and says of the rest how', async () => {
    workplace.write('houses.csv', HOUSES);
    expect(await init({ csv: 'houses.csv', search: ['depth', 'batch_size'] })).toMatch(/, 4 configs x 3 replicates/);
    expect(definition()).toMatch(/repeat: \$depth .*[^]*batch_size: \$batch_size [^]*^ {2}depth: [^]*^ {2}# width: /m);
  });

  test('is named after its file, and names the data relative to it', async () => {
    workplace.write('My Houses.csv', HOUSES);
    expect(await init({ csv: 'My Houses.csv', target: 'price', output: 'Our houses.yaml' })).toBe(
      `${workplace.folder}/Our houses.yaml: regression of price, 18 configs x 3 replicates = 54 trials
Next: look through it, then
  nightsweep run '${workplace.folder}/Our houses.yaml' --dry-run
  nightsweep run '${workplace.folder}/Our houses.yaml'
`.replaceAll(`${workplace.folder}/`, ''),
    );
    expect(definition('Our houses.yaml')).toMatch(/^name: our-houses\n[^]*^ {2}file: \.\/My Houses\.csv /m);
  });
});

test.each([
  ['sweeps.yaml', 'sweeps-1'],
  ['2024.yaml', '"2024"'],
  ['-- Größe --.yaml', 'gr-e'],
  ['???.yaml', 'my-sweep'],
])('%s is a sweep called %s', async (output, name) => {
  workplace.write('houses.csv', HOUSES);
  await init({ csv: 'houses.csv', output });
  expect(definition(output).split('\n')).toContain(`name: ${name}`);
});

describe('what cannot be', () => {
  test.each<[InitFlags, string | RegExp]>([
    [{ csv: 'none.csv' }, /none\.csv must be a file that can be read/],
    [{ csv: 'a.csv', target: 'prise' }, /--target must be a column of .*, found prise \(did you mean price\?\)/],
    [{ csv: 'a.csv', target: 'same' }, '--target must be a column with different values, found one in same'],
    [{ csv: 'a.csv', target: 'comma' }, /found decimal commas in comma/],
    [{ csv: 'a.csv', target: 'day' }, /found dates in day/],
    [{ csv: 'a.csv', target: 'district', task: 'regression' }, /must have a target of numbers, found text in district/],
    [{ csv: 'a.csv', output: 'a.json' }, /--output must end in \.yaml/],
    [{ csv: 'a.csv', output: 'no/a.yaml' }, /the folder of .*no\/a\.yaml must exist/],
    [{ csv: 'a.csv', name: 'A b' }, /name/],
    [
      { csv: 'alone.csv' },
      'there must be columns to predict y from, but none is of use, such as id: different in every row',
    ],
  ])('%j is refused, and nothing is written', async (flags, message) => {
    const text = csv(
      'price,same,comma,day,district',
      (row) => `${row},1,"0,${row}",2026-11-${10 + (row % 9)},${row % 2 ? 'n' : 's'}`,
    );
    workplace.write('a.csv', text);
    workplace.write(
      'alone.csv',
      csv('id,y', (row) => `${row},${row % 2}`),
    );
    await expect(init(flags)).rejects.toMatchObject({ name: 'SweepError', message: expect.stringMatching(message) });
    expect(readdirSync(workplace.folder).toSorted()).toEqual(['a.csv', 'alone.csv']);
  });

  test('a definition that exists is left alone, unless told to overwrite it', async () => {
    workplace.write('houses.csv', HOUSES);
    workplace.write('mine.yaml', 'mine');
    await expect(init({ csv: 'houses.csv' })).rejects.toThrow(
      'mine.yaml must not exist yet (--force overwrites it, --output names another)',
    );
    expect(definition()).toBe('mine');
    await init({ csv: 'houses.csv', force: true });
    expect(definition()).toMatch(/^name: mine$/m);
  });

  test('in a pipe nothing is asked: the CSV file must be named', async () => {
    workplace.write('houses.csv', HOUSES);
    expect(await workplace.run('init')).toEqual({
      code: 1,
      stdout: '',
      stderr: 'init must be told which CSV file it is for (such as --csv houses.csv)\n',
    });
  });
});

describe.skipIf(!canOpenTerminal)('on a terminal', () => {
  test('asks for the file, the target, what is searched, and the file to write', async () => {
    workplace.write('houses.csv', HOUSES);
    writeFileSync(join(workplace.folder, 'houses.yaml'), 'mine');
    const terminal = new Terminal(workplace.folder, [...NIGHTSWEEP, 'init']);
    await terminal.answer('Which CSV file', '\r');
    await terminal.answer('be predicted', '\r');
    await terminal.answer('numbers in price', '\r');
    // Takes width away, and adds depth.
    await terminal.answer('to be searched', ' \u001b[B \r');
    await terminal.answer('to be written', '\r');
    await terminal.answer('Overwrite', 'n');
    await terminal.answer('to be written', '\u007f'.repeat('.yaml'.length) + '2.yaml\r');
    expect(await terminal.exited).toBe(0);
    expect(definition('houses2.yaml')).toMatch(/^search: .*2 x 3 x 3[^]*^ {2}depth: [^]*^ {2}# width: /m);
    expect(definition('houses.yaml')).toBe('mine');
  });

  test('leaves nothing behind when it is broken off', async () => {
    workplace.write('houses.csv', HOUSES);
    const terminal = new Terminal(workplace.folder, [...NIGHTSWEEP, 'init']);
    await terminal.answer('Which CSV file', '\r');
    await terminal.answer('be predicted', '\u0003');
    expect(await terminal.exited).toBe(130);
    expect(terminal.text).toMatch(/Nothing was written\./);
    expect(existsSync(join(workplace.folder, 'houses.yaml'))).toBe(false);
  });
});

test('schema prints a JSON Schema', async () => {
  let printed = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed += String(text);
    return true;
  });
  await schemaCommand().parseAsync([], { from: 'user' });
  expect(JSON.parse(printed)).toMatchObject({ $schema: 'https://json-schema.org/draft/2020-12/schema' });
});
