/** What keys mean around the views, and what a user is asked before anything is done to a sweep. */

import { renderToString } from 'ink';
import { describe, expect, it } from 'vitest';
import type { CommandName } from '../../db/store.ts';
import type { QueryPort } from '../../src/dashboard/queries.ts';
import { Session } from '../../src/dashboard/session.tsx';
import { themeFor } from '../../src/dashboard/theme.ts';
import type { Key } from '../../src/dashboard/view.ts';
import { SNAPSHOTS } from '../frames/snapshots.ts';

/** Nothing that is asked of the database is answered. */
const SILENT: QueryPort = { ask: () => new Promise(() => {}), close: () => Promise.resolve() };
const THEME = themeFor({ LANG: 'en_US.UTF-8' }, 'linux');

function open({ control = () => Promise.resolve('quickstart paused.') }: { control?: () => Promise<string> } = {}) {
  const said: string[] = [];
  const commands: (readonly [string, CommandName])[] = [];
  const opened: string[] = [];
  const session = new Session(
    {
      changed: () => void said.push('changed'),
      leave: () => void said.push('leave'),
      interrupt: () => void said.push('interrupt'),
      queries: SILENT,
      control: (sweep, command) => {
        commands.push([sweep, command]);
        return control();
      },
      openSweep: (sweep) => void opened.push(sweep),
      leaving: 'leaves',
    },
    THEME,
    () => ({ columns: 100, rows: 30 }),
  );
  const frame = (): readonly string[] => renderToString(session.draw(), { columns: 100 }).split('\n');
  return {
    session,
    said,
    commands,
    opened,
    press: (...keys: readonly Key[]) => keys.forEach((key) => session.onKey(key)),
    tabs: () => frame()[1] ?? '',
    bottom: () => frame().at(-1) ?? '',
  };
}

function running(options?: Parameters<typeof open>[0]) {
  const opened = open(options);
  opened.session.update({ ...SNAPSHOTS.running, notice: null });
  return opened;
}

const settled = (): Promise<void> => new Promise((done) => void setImmediate(done));

describe('the views', () => {
  it('follow each other by tab and by number, in a circle', () => {
    const { press, tabs } = running();
    expect(tabs()).toContain('[1 Overview]');
    press('tab', 'tab');
    expect(tabs()).toContain('[3 Compare]');
    press('shift-tab', 'shift-tab', 'shift-tab');
    expect(tabs()).toContain('[5 Log]');
    press('tab', '2');
    expect(tabs()).toContain('[2 Trials]');
  });

  it('are left by escape: to the overview, then to the list of sweeps, and back', () => {
    const { press, tabs } = running();
    press('4', 'escape');
    expect(tabs()).toContain('[1 Overview]');
    press('escape');
    expect(tabs()).toContain('Sweeps');
    press('escape');
    expect(tabs()).toContain('[1 Overview]');
  });

  it('keep all characters to themselves while one types', () => {
    const { press, said, tabs } = running();
    press('2', '/', 'q', '?', '3', 'x');
    expect(said).not.toContain('leave');
    expect(tabs()).toContain('[2 Trials]');
    press('ctrl-c');
    expect(said).toContain('interrupt');
  });
});

describe('a command', () => {
  it('is given only after yes', async () => {
    const { press, commands, bottom } = running();
    press('p');
    expect(bottom()).toMatch(/^Pause the sweep\? {2}y yes {2}n no/);
    press('n');
    press('p', 'enter');
    press('x', 'escape');
    expect(commands).toEqual([]);
    press('p', 'y');
    expect(commands).toEqual([['quickstart', 'pause']]);
    await settled();
    expect(bottom()).toContain('quickstart paused.');
  });

  it('is resume where the sweep is paused', () => {
    const { session, press, commands } = running();
    session.update({ ...SNAPSHOTS.running, notice: 'paused' });
    press('p', 'y', 'x', 'y');
    expect(commands).toEqual([
      ['quickstart', 'resume'],
      ['quickstart', 'stop'],
    ]);
  });

  it('that is refused says why in one line', async () => {
    const { press, bottom } = running({
      control: () => Promise.reject(new Error('no process runs it now\n(see nightsweep show)')),
    });
    press('x', 'y');
    await settled();
    expect(bottom()).toMatch(/^no process runs it now {2,}/);
  });

  it('is not offered where no process runs the sweep', () => {
    const { session, press, bottom } = running();
    session.update(SNAPSHOTS.finished);
    expect(bottom()).not.toMatch(/stops/);
    press('x');
    expect(bottom()).toMatch(/^no process runs this sweep now/);
  });
});

describe('the last line', () => {
  it('says what is new until a key is pressed, and what lasts as long as it lasts', () => {
    const { session, press, bottom } = running();
    session.say({ level: 'info', message: 'something is new' });
    expect(bottom()).toMatch(/^something is new .*\? help {2}q leaves$/);
    press('down');
    expect(bottom()).not.toContain('something is new');
    session.hold({ level: 'warning', message: 'the disk is full' });
    press('down');
    expect(bottom()).toContain('the disk is full');
    session.hold(null);
    expect(bottom()).not.toContain('the disk is full');
  });
});

it('draws nothing anew where nothing has changed', () => {
  const { session, said } = running();
  const before = said.length;
  session.update({ ...SNAPSHOTS.running, notice: null });
  expect(said.length).toBe(before);
  session.update({ ...SNAPSHOTS.running, notice: null, epochs_done: SNAPSHOTS.running.epochs_done + 1 });
  expect(said.length).toBeGreaterThan(before);
});
