/** Lines of a log on the screen: when, how bad, and all of what they say. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { widthOf } from '../../../src/dashboard/line.ts';
import { logLines } from '../../../src/dashboard/views/log-lines.ts';
import type { LogLine } from '../../../src/dashboard/queries.ts';

const AT = new Date(2026, 10, 23, 21, 4, 5).getTime();
const TOMORROW = new Date(2026, 10, 24, 0, 0, 1).getTime();

function textOf(line: Partial<LogLine>, width: number, now = AT): readonly string[] {
  return logLines({ at: AT, level: 'info', message: '', ...line }, width, now).map((spans) =>
    spans
      .map(({ text }) => text)
      .join('')
      .trimEnd(),
  );
}

describe('a line of a log', () => {
  it('says the local time, and the day where it is another one', () => {
    expect(textOf({ message: 'going on' }, 80)).toEqual(['21:04:05  going on']);
    expect(textOf({ message: 'going on' }, 80, TOMORROW)).toEqual(['Nov 23 21:04:05  going on']);
  });

  it('says by a word how bad it is', () => {
    expect(textOf({ level: 'warning', message: 'the disk is nearly full' }, 80)).toEqual([
      '21:04:05  warning: the disk is nearly full',
    ]);
    expect(textOf({ level: 'error', message: 'no' }, 80)).toEqual(['21:04:05  error: no']);
  });

  it('goes on below itself where it is long, and below the time where that leaves too little room', () => {
    expect(textOf({ message: 'the disk is nearly full\nnothing is lost' }, 28)).toEqual([
      '21:04:05  the disk is nearly',
      '          full',
      '          nothing is lost',
    ]);
    expect(textOf({ message: 'the disk is full' }, 20)).toEqual(['21:04:05', 'the disk is full']);
  });

  it('is never wider than the screen, and steers no terminal', () => {
    const message = fc.oneof(fc.string({ unit: 'grapheme', maxLength: 60 }), fc.constant('a\u001b[2J\tb'));
    const level = fc.constantFrom<LogLine['level']>('debug', 'info', 'warning', 'error');
    fc.assert(
      fc.property(message, level, fc.integer({ min: 20, max: 100 }), (text, how, width) => {
        for (const line of logLines({ at: AT, level: how, message: text }, width, AT)) {
          expect(widthOf(line)).toBeLessThanOrEqual(width);
          // eslint-disable-next-line no-control-regex
          expect(line.map((span) => span.text).join('')).not.toMatch(/[\u0000-\u001f]/);
        }
      }),
    );
  });
});
