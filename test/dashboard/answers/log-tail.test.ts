/** The end of a log, newest lines first: ours parsed, others as they are, while it grows or is replaced. */

import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { LogTail } from '../../../src/dashboard/answers/log-tail.ts';
import { emptyFolder } from '../../empty-folder.ts';

let file: string;
let tail: LogTail;

beforeEach(() => {
  file = join(emptyFolder(), 'a.log');
  tail = new LogTail(file);
});

function line(time: number, msg: string, level = 30): string {
  return `${JSON.stringify({ level, time, pid: 1, msg })}\n`;
}

function messages(offset = 0, count = 100): string[] {
  expect(tail.update()).toBe(true);
  return tail.lines(offset, count).map(({ message }) => message);
}

test('without a file there is no log', () => {
  expect(tail.update()).toBe(false);
});

test('lines have their time and level', () => {
  writeFileSync(file, line(1, 'begins') + line(2, 'slow', 40) + line(3, 'dead', 60) + line(4, 'detail', 20));
  expect(tail.update()).toBe(true);
  expect(tail.lines(0, 10)).toEqual([
    { at: 4, level: 'debug', message: 'detail' },
    { at: 3, level: 'error', message: 'dead' },
    { at: 2, level: 'warning', message: 'slow' },
    { at: 1, level: 'info', message: 'begins' },
  ]);
});

test('what native libraries print is of the time of the line before it, else of the one after it', () => {
  writeFileSync(file, `early\n${line(7, 'begins')}2026 W tensorflow: slow\r\n  at x.cc:3\n{"not": "ours"}\n{broken\n`);
  tail.update();
  expect(tail.lines(0, 10)).toEqual([
    { at: 7, level: 'info', message: '{broken' },
    { at: 7, level: 'info', message: '{"not": "ours"}' },
    { at: 7, level: 'info', message: '  at x.cc:3' },
    { at: 7, level: 'info', message: '2026 W tensorflow: slow' },
    { at: 7, level: 'info', message: 'begins' },
    { at: 7, level: 'info', message: 'early' },
  ]);
});

test('it grows, also in the middle of a line or of a character', () => {
  writeFileSync(file, line(1, 'one'));
  expect(messages()).toEqual(['one']);
  const bytes = Buffer.from('größe');
  appendFileSync(file, bytes.subarray(0, 3));
  expect(messages()).toHaveLength(2);
  appendFileSync(file, bytes.subarray(3));
  expect(messages()).toEqual(['größe', 'one']);
  appendFileSync(file, `\n${line(2, 'two')}`);
  expect(messages()).toEqual(['two', 'größe', 'one']);
  expect(tail.total).toBe(3);
});

test('a window of it', () => {
  writeFileSync(file, Array.from({ length: 100 }, (_, index) => line(index, `${index}`)).join(''));
  expect(messages(0, 2)).toEqual(['99', '98']);
  expect(messages(98, 5)).toEqual(['1', '0']);
  expect(messages(100, 5)).toEqual([]);
});

test('a file that is written anew is read anew', () => {
  writeFileSync(file, line(1, 'old') + line(2, 'older'));
  expect(messages()).toHaveLength(2);
  writeFileSync(file, line(3, 'new'));
  expect(messages()).toEqual(['new']);
});

test('of a large file only the end is shown, whole lines only', () => {
  const filler = 'x'.repeat(1000);
  writeFileSync(file, Array.from({ length: 10_000 }, (_, index) => line(index, `${index} ${filler}`)).join(''));
  const [newest, ...others] = messages(0, 10_000);
  expect(newest).toBe(`9999 ${filler}`);
  expect(others.length).toBeGreaterThan(3000);
  expect(others.length).toBeLessThan(5000);
  const oldest = Number(others.at(-1)?.split(' ')[0]);
  expect(oldest).toBe(9999 - others.length);
});
