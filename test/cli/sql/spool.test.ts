/** What is spooled comes out whole and in order, and its temporary file goes. */

import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Spool } from '../../../src/cli/sql/spool.ts';
import { emptyFolder } from '../../empty-folder.ts';

const before = process.env['TMPDIR'];
beforeEach(() => {
  process.env['TMPDIR'] = emptyFolder();
});
afterEach(() => {
  if (before === undefined) delete process.env['TMPDIR'];
  else process.env['TMPDIR'] = before;
});

test.each([
  ['in memory', 1000, 0],
  ['in a file', 10, 1],
  ['all of it in a file', 1, 1],
])('%s', async (_, limit, files) => {
  const spool = new Spool(limit);
  const lines = Array.from({ length: 30 }, (__, index) => `line ${index} \u00e9\n`);
  for (const line of lines) spool.add(line);
  expect(readdirSync(tmpdir())).toHaveLength(files);
  const target = new PassThrough();
  const received = text(target);
  await spool.printTo(target);
  target.end();
  spool.close();
  expect(await received).toBe(lines.join(''));
  expect(readdirSync(tmpdir())).toEqual([]);
});

test('nothing spooled is nothing printed', async () => {
  const target = new PassThrough();
  const received = text(target);
  const spool = new Spool();
  await spool.printTo(target);
  target.end();
  spool.close();
  expect(await received).toBe('');
});
