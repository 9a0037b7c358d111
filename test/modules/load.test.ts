/** Loading users' modules: every kind of file, and what is wrong with some. */

import { writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { loadModule } from '../../workers/modules/load.ts';
import { plainly, written } from './written.ts';

async function mistake(file: ReturnType<typeof written>): Promise<string> {
  const error: unknown = await loadModule(file).then(
    () => 'none',
    (reason: unknown) => reason,
  );
  return plainly(error instanceof Error ? error.message : String(error));
}

test.each([
  ['a.ts', 'interface P { n: number }\nexport default (tf: unknown, { n }: P): number => n + 1;'],
  ['a.mjs', 'export default (tf, { n }) => n + 1;'],
  ['a.cjs', 'module.exports = (tf, { n }) => n + 1;'],
  ['b.cjs', 'exports.default = (tf, { n }) => n + 1;'],
])('%s is loaded', async (name, text) => {
  const run = await loadModule(written(name, text));
  expect((run as (tf: unknown, params: object) => unknown)(undefined, { n: 2 })).toBe(3);
});

test.each([
  ['number.ts', 'export default 3;', 'must export a function as default, but exports number'],
  ['nothing.ts', 'export const net = 3;', 'must export a function as default, but exports object'],
  ['throws.ts', "throw new Error('no luck');", 'must be a module that can be loaded: no luck'],
])('%s is refused', async (name, text, message) => {
  expect(await mistake(written(name, text))).toBe(`${name} ${message}`);
});

test('a syntax error is named', async () => {
  expect(await mistake(written('broken.ts', 'export default (tf) => {'))).toContain(
    'broken.ts must be a module that can be loaded: ',
  );
});

test('a file that has changed since the sweep was made is refused, and one that is gone', async () => {
  const file = written('changed.ts', 'export default () => 1;');
  writeFileSync(file.path, 'export default () => 2;');
  expect(await mistake(file)).toMatch(
    /^changed\.ts must be as it was when the sweep was made, but its SHA-256 is \w{12}\.\.\., no more \w{12}\.\.\. \(run the changed one under another name\)$/,
  );
  expect(await mistake({ ...file, path: `${file.path}.gone.ts` })).toContain('must be a file that can be read: ENOENT');
});
