/** A report's file: whole or not at all, and over nothing but an older report. */

import { lstatSync, mkdirSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { checkReportFile, writeReportFile } from '../../src/report/report-file.ts';
import { emptyFolder } from '../empty-folder.ts';

const page = (text: string): string =>
  `<!doctype html>\n<html><head>\n<meta name="generator" content="nightsweep">\n</head>${text}</html>`;

test('a new file holds the page, and nothing else is left in its folder', async () => {
  const folder = emptyFolder();
  const file = join(folder, 'moons-report.html');
  expect(await writeReportFile(file, page('é'))).toBe(Buffer.byteLength(page('é')));
  expect(readFileSync(file, 'utf8')).toBe(page('é'));
  expect(readdirSync(folder)).toEqual(['moons-report.html']);
});

test('an older report is overwritten, also behind a link', async () => {
  const folder = emptyFolder();
  const [file, link] = [join(folder, 'a.html'), join(folder, 'link.html')];
  await writeReportFile(file, page('old'));
  await writeReportFile(file, page('new'));
  expect(readFileSync(file, 'utf8')).toBe(page('new'));
  symlinkSync(file, link);
  await writeReportFile(link, page('newest'));
  expect(readFileSync(file, 'utf8')).toBe(page('newest'));
  expect(lstatSync(link).isSymbolicLink()).toBe(true);
});

test.each(['<html>my own page</html>', ''])('another file is left as it is: %j', async (text) => {
  const file = join(emptyFolder(), 'notes.html');
  writeFileSync(file, text);
  await expect(writeReportFile(file, page('new'))).rejects.toThrow(
    `only an older report is overwritten, but ${file} is a file of another kind (name another file with --out)`,
  );
  expect(readFileSync(file, 'utf8')).toBe(text);
});

test('a folder and a device are refused, and a folder that is not there', async () => {
  const folder = emptyFolder();
  mkdirSync(join(folder, 'reports'));
  await expect(checkReportFile(join(folder, 'reports'))).rejects.toThrow(/but .*reports is a folder/);
  await expect(checkReportFile('/dev/null')).rejects.toThrow('/dev/null is no ordinary file');
  await expect(checkReportFile(join(folder, 'none', 'a.html'))).rejects.toThrow(
    /the folder of .* must exist.*mkdir -p/,
  );
  await expect(checkReportFile(join(folder, 'a.html'))).resolves.toBeUndefined();
});

test('what cannot be written leaves nothing behind', async () => {
  const folder = emptyFolder();
  const name = 'x'.repeat(240);
  await expect(writeReportFile(join(folder, name), page(''))).rejects.toThrow('ENAMETOOLONG');
  expect(readdirSync(folder)).toEqual([]);
});
