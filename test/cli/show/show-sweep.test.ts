/** What `show` says of a sweep of some size: whole in a pipe, and never wider than the terminal. */

import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { Reader } from '../../../db/reader.ts';
import { PLAIN_PAPER } from '../../../src/cli/text/paint.ts';
import { readShown } from '../../../src/cli/show/read-shown.ts';
import { type ShownSweep, sweepReport } from '../../../src/cli/show/show-sweep.ts';
import { columnsOf } from '../../../src/dashboard/text.ts';
import { emptyFolder } from '../../empty-folder.ts';
import { makeSweep } from '../../frames/made-sweep.ts';

let shown: ShownSweep;

beforeAll(() => {
  const file = join(emptyFolder(), 'night.db');
  makeSweep(file, { name: 'night', configs: 40, replicates: 4, epochs: 20, done: 1, seed: 1 });
  const reader = Reader.open(file);
  shown = { ...readShown(reader, 'night', 'night.db'), now: Date.UTC(2026, 0, 2, 7) };
  reader.close();
});

test('a pipe gets all of it', () => {
  expect(sweepReport(shown, PLAIN_PAPER)).toMatchSnapshot();
});

describe.each([40, 80, 120])('on a terminal of %i columns', (width) => {
  test('no line is wider, but for a command', () => {
    const lines = sweepReport(shown, { ...PLAIN_PAPER, width }).split('\n');
    expect(lines.filter((line) => columnsOf(line) > width && !line.startsWith('  nightsweep '))).toEqual([]);
  });
});

test('on a terminal of 80 columns sentences are broken between words, and columns that matter little are left out', () => {
  expect(sweepReport(shown, { ...PLAIN_PAPER, width: 80 })).toMatchSnapshot();
});
