/** The help, the completions, and usage errors, from the tree of commands itself: no process is started. */

import type { Command } from 'commander';
import { CommanderError } from 'commander';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { Store } from '../../db/store.ts';
import { completionLines } from '../../src/cli/complete.ts';
import { buildProgram } from '../../src/cli/program.ts';
import { emptyFolder } from '../empty-folder.ts';
import { createSample } from '../db/sample-sweep.ts';

const NAMES = (await buildProgram()).commands.map((command) => command.name()).filter((name) => !name.startsWith('_'));

interface Said {
  readonly out: string;
  readonly error: string;
}

/** What a command line prints that never comes to an action, at 80 columns. */
async function said(...args: readonly string[]): Promise<Said> {
  let out = '';
  let error = '';
  const program = await buildProgram();
  for (const command of [program, ...program.commands]) {
    command.exitOverride().configureOutput({
      writeOut: (text) => (out += text),
      writeErr: (text) => (error += text),
      getOutHelpWidth: () => 80,
      getErrHelpWidth: () => 80,
    });
  }
  await program.parseAsync(args, { from: 'user' }).catch((thrown: unknown) => {
    if (!(thrown instanceof CommanderError)) throw thrown;
  });
  return { out, error };
}

describe('help', () => {
  test.each(['', ...NAMES])('of `%s` has an example, and is no wider than 80 columns', async (name) => {
    const { out } = await said(...name.split(' ').filter(Boolean), '--help');
    expect(out).toMatch(/\nExamples?:\n {2}/);
    expect(out.split('\n').filter((line) => line.length > 80)).toEqual([]);
    expect((await said('help', ...(name === '' ? [] : [name]))).out).toBe(out);
  });

  test('lists every command with a line', async () => {
    const { out } = await said('--help');
    expect(NAMES.filter((name) => !new RegExp(`^  ${name}\\b.{20}`, 'm').test(out))).toEqual([]);
  });
});

describe('a misspelt', () => {
  test.each([
    ['command', ['docter'], "unknown command 'docter'\n(Did you mean doctor?)"],
    ['command to help with', ['help', 'lst'], "unknown command 'lst'\n(Did you mean list?)"],
    ['option', ['run', 'x.yaml', '--backnd', 'wasm'], "unknown option '--backnd'\n(Did you mean --backend?)"],
    ['value', ['run', 'x.yaml', '--backend', 'natvie'], '(Did you mean native?)'],
    ['kind of failure', ['retry', 'x', '--failed', '--kind', 'divreged'], '(Did you mean diverged?)'],
    ['format', ['sql', 'SELECT 1', '--format', 'jsno'], '(Did you mean json?)'],
    ['shell', ['completion', 'bsh'], '(Did you mean bash?)'],
  ])('%s is a usage error that names the right one', async (_, args, expected) => {
    const { out, error } = await said(...args);
    expect(error).toContain(expected);
    expect(out).toBe('');
  });

  test('command that is a definition is told how to run it', async () => {
    const file = 'sweeps/quickstart.yaml';
    expect((await said(file)).error).toContain(
      `unknown command '${file}'\n(To run a definition: nightsweep run ${file})`,
    );
  });
});

describe('completion', () => {
  let database: string;
  beforeAll(() => {
    database = join(emptyFolder(), 'a.db');
    const store = Store.open(database);
    createSample(store);
    store.close();
  });

  /** The values, without their descriptions. */
  async function values(...words: readonly string[]): Promise<string[]> {
    const lines = await completionLines(await buildProgram(), words);
    return lines.split('\n').flatMap((line) => (line === '' ? [] : [line.split('\t')[0] ?? '']));
  }

  test('offers every command with its description, and those that begin so', async () => {
    expect(await values('')).toEqual(NAMES);
    expect(await completionLines(await buildProgram(), ['schem'])).toMatch(/^schema\t\w.+\n$/);
    expect(await values('help', 're')).toEqual(['resume', 'retry', 'report', 'rename']);
  });

  test('offers options, those that gather values again and others once, and with `--debug` anywhere', async () => {
    expect(await values('run', 'a.yaml', '--p')).toEqual(['--portable', '--plain']);
    expect(await values('run', '--plain', 'a.yaml', '--p')).toEqual(['--portable']);
    expect(await values('retry', '--kind', 'crashed', '--kin')).toEqual(['--kind']);
    expect(await values('run', '--set', 'seed=1', '--se')).toEqual(['--set']);
    expect(await values('list', '')).toEqual(['--db', '--help', '--debug']);
  });

  test('offers the choices of an option, also behind an equals sign and as bash cuts it', async () => {
    expect(await values('run', '--backend', '')).toEqual(['native', 'wasm', 'cpu']);
    expect(await values('run', '--backend=w')).toEqual(['--backend=wasm']);
    expect(await values('run', '--backend', '=', 'w')).toEqual(['wasm']);
    expect(await values('run', '--backend', '=')).toEqual(['native', 'wasm', 'cpu']);
    expect(await values('retry', 'x', '--kind', 'c')).toEqual(['crashed']);
    expect(await values('completion', '')).toEqual(['bash', 'zsh', 'fish']);
    expect(await values('init', '--search', 'l2,width,d')).toEqual(['l2,width,depth', 'l2,width,dropout']);
  });

  test('leaves files to the shell', async () => {
    expect(await completionLines(await buildProgram(), ['run', 'a.yaml', ''])).toBe(
      ':files\tyaml yml json ts js mjs\n',
    );
    expect(await completionLines(await buildProgram(), ['list', '--db', 'x'])).toBe(':files\tdb sqlite\n');
    expect(await completionLines(await buildProgram(), ['init', '--csv='])).toBe(':files\tcsv tsv txt\n');
  });

  test('offers the sweeps of the database that is named', async () => {
    expect(await values('show', '--db', database, '')).toEqual(['moons']);
    expect(await values('pause', `--db=${database}`, 'm')).toEqual(['moons']);
    expect(await values('best', '--db', database, 'x')).toEqual([]);
  });

  test('offers the queries that have a name, also where there is no database', async () => {
    expect(await values('sql', '--db', 'none.db', '@be')).toEqual(['@best', '@best-by-value']);
  });

  test('knows nothing of free text and of what is no command', async () => {
    expect(await values('run', 'a.yaml', '--name', '')).toEqual([]);
    expect(await values('nonsense', '')).toEqual([]);
    expect(await values('sql', 'SELECT ')).toEqual([]);
  });

  test('knows what every argument and option stands for', async () => {
    const free = ['set', 'name', 'workers', 'memory-limit', 'checkpoint-every', 'until', 'for', 'on-end', 'trial'];
    const known = [
      ...free,
      'rerun',
      'seed',
      'config',
      'top',
      'target',
      'db',
      'csv',
      'input',
      'output',
      'out',
      'search',
      'to',
      'param',
      'save',
      'forget',
    ];
    const unknown = (await buildProgram()).commands.flatMap((command: Command) =>
      command.options
        .filter((option) => option.required && !option.argChoices && !known.includes(option.name()))
        .map((option) => `${command.name()} ${option.flags}`),
    );
    expect(unknown).toEqual([]);
  });
});
