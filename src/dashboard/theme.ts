/** How things look: one accent colour, shapes that tell states apart without colour, and ASCII where UTF-8 is not spoken. */

import type { TrialState } from '../../db/writes.ts';

/** What a piece of text is, not how it looks. */
export type Tone = 'plain' | 'strong' | 'quiet' | 'accent' | 'title' | 'warning' | 'bad' | 'selected';

/** A piece of a line. */
export interface Span {
  readonly text: string;
  readonly tone: Tone;
}

/** How a line is drawn, so that several can be told apart without colour. */
export type Stroke = 'solid' | 'dotted' | 'dashed';

export interface ChartGlyphs {
  /** Whether lines are made of braille dots; else of the characters in `strokes`. */
  readonly braille: boolean;
  /** A piece of each line: one character in ASCII. */
  readonly strokes: Readonly<Record<Stroke, string>>;
  /** A single value, and the low and the high end of an interval along a line. */
  readonly point: string;
  readonly ends: readonly [string, string];
  readonly vertical: string;
  readonly horizontal: string;
  readonly corner: string;
  /** On the vertical axis, and on the horizontal one. */
  readonly verticalTick: string;
  readonly horizontalTick: string;
  /** A line from bottom to top at one place of the horizontal axis, and its foot on the axis. */
  readonly rule: string;
  readonly ruleFoot: string;
}

export interface Glyphs {
  readonly ellipsis: string;
  readonly plusMinus: string;
  readonly times: string;
  readonly missing: string;
  readonly separator: string;
  readonly baseline: string;
  /** Beside what is best of all that is compared. */
  readonly best: string;
  /** Beside what the data cannot tell from the best. */
  readonly tied: string;
  /** Before the selected row. */
  readonly selected: string;
  /** Beside the name of the column that a table is sorted by. */
  readonly ascending: string;
  readonly descending: string;
  /** Names of keys. */
  readonly upDown: string;
  readonly leftRight: string;
  /** A cell of the progress bar, and the mark before a count. */
  readonly bar: Readonly<Record<TrialState, string>>;
  readonly mark: Readonly<Record<TrialState, string>>;
  /** Heights of a sparkline, from low to high, a character each. */
  readonly spark: string;
  readonly chart: ChartGlyphs;
  /** From the lightest to the fullest. */
  readonly shades: readonly [string, string, string, string];
}

export interface Theme {
  readonly glyphs: Glyphs;
  readonly color: boolean;
}

const UNICODE: Glyphs = {
  ellipsis: '…',
  plusMinus: '±',
  times: '×',
  missing: '–',
  separator: '·',
  baseline: '◆',
  best: '★',
  tied: '≈',
  selected: '▸',
  ascending: '▲',
  descending: '▼',
  upDown: '↑↓',
  leftRight: '←→',
  bar: { completed: '█', pruned: '▓', failed: '▚', cancelled: '▞', running: '▒', paused: '░', queued: '─' },
  mark: { completed: '■', pruned: '▣', failed: '×', cancelled: '□', running: '▸', paused: '‖', queued: '·' },
  spark: '▁▂▃▄▅▆▇█',
  chart: {
    braille: true,
    strokes: { solid: '⠒⠒', dotted: '⠂⠂', dashed: '⠒⠒⠀⠒⠒' },
    point: '●',
    ends: ['├', '┤'],
    vertical: '│',
    horizontal: '─',
    corner: '└',
    verticalTick: '┤',
    horizontalTick: '┬',
    rule: '┊',
    ruleFoot: '▲',
  },
  shades: ['░', '▒', '▓', '█'],
};

const ASCII: Glyphs = {
  ellipsis: '~',
  plusMinus: '+-',
  times: 'x',
  missing: '-',
  separator: '|',
  baseline: '*',
  best: '^',
  tied: '=',
  selected: '>',
  ascending: '^',
  descending: 'v',
  upDown: 'up/down',
  leftRight: 'left/right',
  bar: { completed: '#', pruned: '%', failed: '!', cancelled: '/', running: '=', paused: ':', queued: '.' },
  mark: { completed: '#', pruned: '%', failed: '!', cancelled: '/', running: '>', paused: ':', queued: '.' },
  spark: '.:-=+*#',
  chart: {
    braille: false,
    strokes: { solid: '*', dotted: '.', dashed: '+' },
    point: 'o',
    ends: ['|', '|'],
    vertical: '|',
    horizontal: '-',
    corner: '+',
    verticalTick: '+',
    horizontalTick: '+',
    rule: ':',
    ruleFoot: '^',
  },
  shades: ['.', ':', '*', '#'],
};

/** Reads NO_COLOR (https://no-color.org) and the locale. */
export function themeFor(
  environment: Readonly<Record<string, string | undefined>> = process.env,
  platform: NodeJS.Platform = process.platform,
): Theme {
  const locale = environment['LC_ALL'] || environment['LC_CTYPE'] || environment['LANG'];
  const unicode = locale ? /utf-?8/i.test(locale) : platform !== 'linux';
  return { glyphs: unicode ? UNICODE : ASCII, color: !environment['NO_COLOR'] };
}

export const STATE_TONES: Readonly<Record<TrialState, Tone>> = {
  completed: 'accent',
  pruned: 'accent',
  failed: 'bad',
  cancelled: 'quiet',
  running: 'accent',
  paused: 'warning',
  queued: 'quiet',
};
