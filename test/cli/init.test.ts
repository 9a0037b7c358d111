/** `nightsweep init` and `nightsweep schema`, as a user calls them. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { Workplace } from './nightsweep.ts';

let workplace = new Workplace();
afterEach(() => {
  workplace.remove();
  workplace = new Workplace();
});

const rows = Array.from({ length: 20 }, (_, row) => `${row},${row % 2 ? 'north' : 'south'},${row * 1.5}`);
const houses = ['id,district,price', ...rows, ''].join('\n');

test('writes a definition that can be run, and says how', async () => {
  workplace.write('My Houses.csv', houses);
  const { code, stdout } = await workplace.run(
    'init',
    '--csv',
    'My Houses.csv',
    '--target',
    'price',
    '--output',
    'houses.yaml',
  );
  expect({ code, stdout }).toEqual({
    code: 0,
    stdout: `houses.yaml: regression of price, 18 configs x 3 replicates = 54 trials
Next: look through it, then
  nightsweep run houses.yaml --dry-run
  nightsweep run houses.yaml
`,
  });
  const text = readFileSync(join(workplace.folder, 'houses.yaml'), 'utf8');
  expect(text).toContain('name: my-houses\n');
  expect(text).toContain('  file: ./My Houses.csv ');
  expect(text).toContain('  drop: [id] ');
});

test('leaves a definition that exists alone, unless told to overwrite it', async () => {
  workplace.write('houses.csv', houses);
  workplace.write('houses.yaml', 'mine');
  const refused = await workplace.run('init', '--csv', 'houses.csv');
  expect(refused).toMatchObject({
    code: 1,
    stderr: 'houses.yaml must not exist yet (--force overwrites it, --output names another)\n',
  });
  expect(readFileSync(join(workplace.folder, 'houses.yaml'), 'utf8')).toBe('mine');
  expect(await workplace.run('init', '--csv', 'houses.csv', '--force')).toMatchObject({ code: 0 });
});

test('names the column that is near a misspelt target', async () => {
  workplace.write('houses.csv', houses);
  expect(await workplace.run('init', '--csv', 'houses.csv', '--target', 'prise')).toMatchObject({
    code: 1,
    stderr: '--target must be a column of houses.csv, found prise (did you mean price?)\n',
  });
});

test('schema prints a JSON Schema', async () => {
  const { code, stdout } = await workplace.run('schema');
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ $schema: 'https://json-schema.org/draft/2020-12/schema' });
});
