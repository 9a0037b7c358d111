/** The painter against a real terminal in memory: resizing, changed lines, and leaving no trace. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Painter } from '../../src/dashboard/terminal/painter.ts';
import { openScreen } from './screen.ts';

// eslint-disable-next-line no-control-regex
const CLEARS = /\u001b\[[23]J/;

/** A painter on a screen; `settled` waits until the screen has taken in all bytes. */
function paintOn(columns: number, rows: number) {
  const screen = openScreen(columns, rows);
  let settled: Promise<void> = Promise.resolve();
  const painter = new Painter((text) => {
    settled = screen.write(text);
  });
  return { screen, painter, settled: () => settled };
}

const shown = (lines: readonly string[], rows: number): readonly string[] =>
  Array.from({ length: rows }, (_, index) => lines[index] ?? '');

describe('the painter', () => {
  it('shows any sequence of frames as the last of them alone, through any resizing', async () => {
    const line = fc.string({ unit: fc.constantFrom('a', 'b', '█', '活'), maxLength: 12 });
    const step = fc.record({
      lines: fc.array(line, { minLength: 1, maxLength: 12 }),
      columns: fc.integer({ min: 24, max: 40 }),
      rows: fc.integer({ min: 2, max: 14 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 6 }), async (steps) => {
        const { screen, painter, settled } = paintOn(80, 24);
        for (const { lines, columns, rows } of steps) {
          screen.resize(columns, rows);
          painter.paint(lines.join('\n'), { columns, rows });
          await settled();
          expect(screen.lines()).toEqual(shown(lines.slice(0, rows - 1), rows));
        }
        expect(screen.bytes).not.toMatch(CLEARS);
      }),
      { numRuns: 50 },
    );
  });

  it('writes only the lines that changed', async () => {
    const { screen, painter, settled } = paintOn(20, 6);
    painter.paint('one\ntwo\nthree', { columns: 20, rows: 6 });
    await settled();
    const before = screen.bytes.length;
    painter.paint('one\n2\nthree', { columns: 20, rows: 6 });
    await settled();
    expect(screen.lines().slice(0, 3)).toEqual(['one', '2', 'three']);
    expect(screen.bytes.slice(before)).not.toMatch(/one|three/);
  });

  it('writes nothing for a frame that is shown already', () => {
    const written: string[] = [];
    const painter = new Painter((text) => written.push(text));
    painter.paint('same', { columns: 20, rows: 6 });
    const before = written.length;
    painter.paint('same', { columns: 20, rows: 6 });
    expect(written.length).toBe(before);
  });

  it('keeps the last character of a line as wide as the screen', async () => {
    const { screen, painter, settled } = paintOn(5, 4);
    painter.paint('abcde\nxy', { columns: 5, rows: 4 });
    await settled();
    expect(screen.lines().slice(0, 2)).toEqual(['abcde', 'xy']);
  });

  it('cuts, but never wraps, a line that is wider than a screen that has just shrunk', async () => {
    const { screen, painter, settled } = paintOn(5, 4);
    painter.paint('abcdefgh\nxy', { columns: 8, rows: 4 });
    await settled();
    expect(screen.lines()[1]).toBe('xy');
    expect(screen.wrapped()).toBe(0);
  });

  it('gives the screen back as it was, once', async () => {
    const { screen, painter, settled } = paintOn(20, 6);
    await screen.write('$ nightsweep run\r\n');
    painter.paint('frame', { columns: 20, rows: 6 });
    await settled();
    expect(screen.onAlternateScreen).toBe(true);
    painter.leave();
    painter.leave();
    painter.paint('too late', { columns: 20, rows: 6 });
    await settled();
    expect(screen.onAlternateScreen).toBe(false);
    expect(screen.lines()[0]).toBe('$ nightsweep run');
    expect(screen.bytes.split('\u001b[?1049l')).toHaveLength(2);
    expect(screen.bytes.lastIndexOf('\u001b[?25h')).toBeGreaterThan(screen.bytes.lastIndexOf('\u001b[?25l'));
  });

  it('does not touch a screen on which it never drew', () => {
    const written: string[] = [];
    new Painter((text) => written.push(text)).leave();
    expect(written).toEqual([]);
  });
});
