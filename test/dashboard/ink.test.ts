/** The live dashboard on a terminal in memory: keys, the end, and what happens when our own drawing breaks. */

import { PassThrough, Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import type { DashboardOptions } from '../../src/dashboard/display.ts';
import { openDashboard, type Terminal } from '../../src/dashboard/ink.tsx';
import type { QueryPort } from '../../src/dashboard/queries.ts';
import type { Snapshot } from '../../src/dashboard/snapshot.ts';
import { openScreen, type Screen } from '../frames/screen.ts';
import { SNAPSHOTS, standingsOf } from '../frames/snapshots.ts';

/** Streams with the few features of a terminal that a display uses, in front of a screen. */
function openTerminal() {
  const screen: Screen = openScreen(80, 24);
  const rawModes: boolean[] = [];
  const input = Object.assign(new PassThrough(), {
    isTTY: true,
    ref: () => undefined,
    unref: () => undefined,
    setRawMode: (raw: boolean) => rawModes.push(raw),
  });
  const size = { columns: 80, rows: 24 };
  const output = Object.assign(
    new Writable({
      decodeStrings: false,
      // A terminal turns line feeds into new lines.
      write: (text: string, _encoding, done) => void screen.write(text.replaceAll('\n', '\r\n')).then(() => done()),
    }),
    { isTTY: true },
    size,
  );
  const settled = (): Promise<void> => new Promise((done) => output.write('', () => done()));
  return { screen, input, output, rawModes, settled, terminal: { input, output } as unknown as Terminal };
}

/** These tests are about the terminal: nothing that is asked of the database is answered. */
/** The dashboard opens on the overview, which asks for the standings. */
const QUERIES: QueryPort = {
  ask: () => Promise.resolve(standingsOf(SNAPSHOTS.finished) as never),
  close: () => Promise.resolve(),
};

/** A display, and promises for the two things that its keys ask for. */
function open(command: DashboardOptions['command']) {
  const memory = openTerminal();
  let stops = 0;
  let onStop: (count: number) => void = () => undefined;
  let onLeave: () => void = () => undefined;
  const stopped = (count: number): Promise<void> =>
    new Promise((done) => {
      onStop = (now) => now === count && done();
    });
  const left = new Promise<void>((done) => {
    onLeave = done;
  });
  const display = openDashboard(
    {
      command,
      sweep: 'quickstart',
      onStop: () => onStop((stops += 1)),
      onLeave: () => onLeave(),
      queries: QUERIES,
      control: () => Promise.resolve(''),
    },
    memory.terminal,
  );
  return { ...memory, display, stopped, left };
}

const shown = (screen: Screen): string => screen.lines().join('\n');

describe('the live dashboard', () => {
  it('leaves the last frame and the warnings in the scroll-back, and the terminal as it was', async () => {
    const { display, screen, rawModes, settled } = open('run');
    display.update(SNAPSHOTS.running);
    display.event({ type: 'notice', level: 'warning', message: 'the disk is nearly full' });
    display.event({ type: 'notice', level: 'info', message: 'going on' });
    display.update(SNAPSHOTS.finished);
    await display.close();
    await settled();
    expect(screen.onAlternateScreen).toBe(false);
    expect(rawModes).toEqual([true, false]);
    expect(screen.bytes.lastIndexOf('\u001b[?25h')).toBeGreaterThan(screen.bytes.lastIndexOf('\u001b[?25l'));
    expect(shown(screen)).toContain('all trials have ended');
    expect(shown(screen)).toContain('warning: the disk is nearly full');
    expect(shown(screen)).not.toContain('Ctrl-C');
  });

  it('asks once more before the last frame, so that it shows all that is known at the end', async () => {
    const { display, screen, settled } = open('run');
    display.update(SNAPSHOTS.finished);
    await display.close();
    await settled();
    expect(shown(screen)).toMatch(/1 +5 +0\.967 ± 0\.008/);
    expect(shown(screen)).toContain('config 5 leads');
  });

  it('passes every press of Ctrl-C on, also two at once', async () => {
    const { display, input, stopped } = open('run');
    const twice = stopped(2);
    input.write('\u0003');
    input.write('\u0003');
    await twice;
    await display.close();

    const other = open('run');
    const both = other.stopped(2);
    other.input.write('\u0003\u0003');
    await both;
    await other.display.close();
  });

  it.each(['watch', 'run'] as const)('is left by q in %s', async (command) => {
    const { display, input, left, screen, settled } = open(command);
    display.update(SNAPSHOTS.running);
    input.write('q');
    await left;
    await display.close();
    await settled();
    expect(screen.onAlternateScreen).toBe(false);
  });

  it('draws anew for a new size at once', async () => {
    const { display, output, screen, settled } = open('run');
    display.update(SNAPSHOTS.running);
    screen.resize(40, 12);
    Object.assign(output, { columns: 40, rows: 12 });
    output.emit('resize');
    await settled();
    expect(screen.lines()[0]).toMatch(/^nightsweep quickstart running +[\d:]+$/);
    expect(screen.wrapped()).toBe(0);
    await display.close();
  });

  it('goes on in plain lines where a defect of ours breaks the drawing', async () => {
    const { display, output, screen, rawModes, settled } = open('run');
    const broken: Snapshot = {
      ...SNAPSHOTS.running,
      get workers(): never {
        throw new Error('a defect');
      },
    };
    display.update({ ...SNAPSHOTS.running });
    // Lines on progress do not tell where it runs, the drawing does.
    display.update(broken);
    output.emit('resize');
    await settled();
    display.event({ type: 'notice', level: 'info', message: 'the run goes on' });
    await display.close();
    await settled();
    expect(rawModes).toEqual([true, false]);
    expect(screen.onAlternateScreen).toBe(false);
    expect(shown(screen)).toMatch(/error: the dashboard broke, plain lines go on: a defect/);
    expect(shown(screen)).toMatch(/the run goes on/);
  });
});
