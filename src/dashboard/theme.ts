/** How things look: one accent colour, shapes that tell states apart without colour, and ASCII where UTF-8 is not spoken. */

import type { TrialState } from '../../db/writes.ts';

/** What a piece of text is, not how it looks. */
export type Tone = 'plain' | 'strong' | 'quiet' | 'accent' | 'title' | 'warning' | 'bad' | 'selected';

/** A piece of a line. */
export interface Span {
  readonly text: string;
  readonly tone: Tone;
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
  /** Before the selected row. */
  readonly selected: string;
  /** A cell of the progress bar, and the mark before a count. */
  readonly bar: Readonly<Record<TrialState, string>>;
  readonly mark: Readonly<Record<TrialState, string>>;
  /** An interval from its low end to its high end, and the line to compare it with. */
  readonly interval: Readonly<Record<'low' | 'line' | 'mean' | 'high' | 'guide', string>>;
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
  selected: '▸',
  bar: { completed: '█', pruned: '▓', failed: '▚', cancelled: '▞', running: '▒', paused: '░', queued: '─' },
  mark: { completed: '■', pruned: '▣', failed: '×', cancelled: '□', running: '▸', paused: '‖', queued: '·' },
  interval: { low: '├', line: '─', mean: '●', high: '┤', guide: '┊' },
  shades: ['░', '▒', '▓', '█'],
};

const ASCII: Glyphs = {
  ellipsis: '~',
  plusMinus: '+-',
  times: 'x',
  missing: '-',
  separator: '|',
  baseline: '*',
  best: '!',
  selected: '>',
  bar: { completed: '#', pruned: '%', failed: '!', cancelled: '/', running: '=', paused: ':', queued: '.' },
  mark: { completed: '#', pruned: '%', failed: '!', cancelled: '/', running: '>', paused: ':', queued: '.' },
  interval: { low: '|', line: '-', mean: 'o', high: '|', guide: ':' },
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
