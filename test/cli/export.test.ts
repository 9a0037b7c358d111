/** `nightsweep export` as a shell sees it: what it says, and what it refuses. */

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { exportCommand } from '../../src/cli/export.ts';
import { emptyFolder } from '../empty-folder.ts';
import { sampleDatabase } from '../export/sample-export.ts';

const database = sampleDatabase(emptyFolder());

afterEach(() => vi.restoreAllMocks());

/** What it prints; `to` is a folder in an empty one. */
async function exported(to: string, ...args: readonly string[]): Promise<string> {
  let printed = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed += typeof text === 'string' ? text : Buffer.from(text).toString();
    return true;
  });
  const command = exportCommand().exitOverride();
  command.configureOutput({ writeErr: () => {} });
  await command.parseAsync(['moons', ...args, '--to', to, '--db', database], { from: 'user' });
  return printed.replaceAll(to, 'out');
}

test('says what it has written, how large it is, what was left out, and what to do with it', async () => {
  const to = join(emptyFolder(), 'out');
  expect(await exported(to, '--format', 'tensorboard', '--top', '1')).toMatchInlineSnapshot(`
    "Wrote out:

    file             rows  size   holds
    ---------------  ----  -----  --------------------------------------------------------------------
    definition.yaml        51 B   the definition of the sweep; its files lie beside /sweeps/moons.yaml
    best.yaml              300 B  the best config as a definition that can be run
    tensorboard            14 kB  learning curves and results of 4 trials, for TensorBoard

    Note: tensorboard holds 2 of 3 configs, the best and the baseline; --top N writes more, or fewer
    To look at it: tensorboard --logdir out/tensorboard
    "
  `);
  const tables = await exported(to, '--format', 'csv,jsonl');
  // How wide columns are, and how large files, is up to the views.
  expect(tables).toMatch(/^trials\.csv +6 +\d+ B +a row per trial/m);
  expect(tables.slice(tables.indexOf('\n\nNote:'))).toMatchInlineSnapshot(`
    "

    Note: intervals, comparisons and effects rest on fewer results than there are; they catch up when the sweep goes on
    In Python: pandas.read_csv("out/trials.csv")
    In Python: pandas.read_json("out/trials.jsonl", lines=True)
    "
  `);
});

test.each([
  [['--trial', '0/0'], '--trial must have a --format of tfjs or keras'],
  [['--top', '3'], '--top must have a --format of tensorboard'],
  [['--format', 'csv,tsv'], 'It must be one of csv, jsonl, tensorboard, tfjs, keras'],
  [['--format', 'tfjs', '--trial', '0'], 'It must be CONFIG/REPLICATE, such as 7/0'],
  [['--format', 'csv,tfjs', '--trial', '9/0'], 'there is no trial moons/9/0'],
  [['--format', 'csv,tfjs', '--trial', '1/1'], 'a model needs a completed trial, but moons/1/1 is failed (diverged)'],
])('%j is refused, and nothing is written', async (args, message) => {
  const place = emptyFolder();
  await expect(exported(join(place, 'out'), ...args)).rejects.toThrow(message);
  expect(readdirSync(place)).toEqual([]);
});
