/** The completion scripts in the shells themselves, as far as they are here. */

import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, test } from 'vitest';
import { NIGHTSWEEP, Terminal, Workplace, canOpenTerminal } from './nightsweep.ts';

const scripts = fileURLToPath(new URL('../../src/cli/completions/', import.meta.url));
const has = (shell: string): boolean => spawnSync(shell, ['--version']).status === 0;

let place: Workplace;
let env: NodeJS.ProcessEnv;
beforeAll(() => {
  place = new Workplace();
  mkdirSync(join(place.folder, 'bin'));
  const command = join(place.folder, 'bin', 'nightsweep');
  place.write('bin/nightsweep', `#!/bin/sh\nexec ${NIGHTSWEEP.join(' ')} "$@"\n`);
  chmodSync(command, 0o755);
  mkdirSync(join(place.folder, 'some studies'));
  for (const name of ['some studies/first one.yaml', 'some studies/notes.txt']) place.write(name, '');
  env = { ...process.env, PATH: `${join(place.folder, 'bin')}:${process.env['PATH']}`, TERM: 'xterm' };
});

test.skipIf(!has('bash') || !canOpenTerminal)(
  'bash completes commands, choices behind an equals sign, and files with blanks',
  async () => {
    const terminal = new Terminal(place.folder, ['bash', '--norc', '--noprofile', '-i'], env);
    await terminal.answer('', `source ${scripts}nightsweep.bash; echo rea''dy\r`);
    await terminal.answer('ready', 'nightsweep resu\t');
    await terminal.answer('resume ', '\u0015nightsweep run --backend=was\t');
    await terminal.answer('=wasm ', '\u0015nightsweep run so\t');
    await terminal.answer('studies/', 'f\t');
    await terminal.answer('first\\ one.yaml', '\u0015exit\r');
    expect(await terminal.exited).toBe(0);
  },
);

/** Stand-ins for what zsh has only while somebody presses the tab key; they print what they are given. */
const ZSH = `
  compdef() { }
  compset() { print compset "$@" }
  _describe() { print -l -- "\${(P@)4}" }
  _files() { print files "$@" }
  source ${scripts}nightsweep.zsh
  complete() { words=("$@"); CURRENT=$#words; _nightsweep }
  complete nightsweep resu
  complete nightsweep run --backend=was
  complete nightsweep list --db=some`;

test.skipIf(!has('zsh'))('zsh completes commands with what they do, choices behind an equals sign, and files', () => {
  const { stdout, stderr } = spawnSync('zsh', ['-f', '-c', ZSH], { cwd: place.folder, env, encoding: 'utf8' });
  expect(stderr).toBe('');
  expect(stdout).toMatchInlineSnapshot(`
    "resume:go on with what was paused, stopped or broken off
    --backend=wasm:
    compset -P --*=
    files -g *.(db|sqlite)(-.)
    "
  `);
});

test.skipIf(!has('fish'))('fish completes commands with what they do, and files', () => {
  const line = (typed: string): string => `complete -C '${typed}'`;
  const commands = [
    `source ${scripts}nightsweep.fish`,
    line('nightsweep resu'),
    line('nightsweep run "some studies/"'),
  ];
  const { stdout, stderr } = spawnSync('fish', ['--no-config', '-c', commands.join('; ')], {
    cwd: place.folder,
    env,
    encoding: 'utf8',
  });
  expect(stderr).toBe('');
  expect(stdout).toMatch(/^resume\tgo on with/);
  expect(stdout).toMatch(/first one\.yaml/);
  expect(stdout).not.toMatch(/notes/);
});
