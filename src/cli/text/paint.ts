/** How what commands print looks: the theme's tones on a terminal, plain text in a pipe. */

import { styleText } from 'node:util';
import { type Glyphs, type Tone, themeFor } from '../../dashboard/theme.ts';
import { terminalWidth } from '../options.ts';

/** Where text goes, and how it may look there. */
export interface Paper {
  /** Columns of the terminal; undefined where it is none: nothing is cut, and no mark or colour is added. */
  readonly width: number | undefined;
  readonly glyphs: Glyphs;
  /** The text in a tone. */
  readonly paint: (text: string, tone: Tone) => string;
}

/** The palette of the dashboard (`line-view.tsx`), which colour-blind eyes tell apart, on light and on dark. */
const STYLES: Readonly<Record<Tone, Parameters<typeof styleText>[0]>> = {
  plain: [],
  strong: 'bold',
  quiet: 'dim',
  accent: 'cyan',
  title: ['bold', 'cyan'],
  warning: 'yellow',
  bad: 'red',
  selected: 'inverse',
};

/** Text as it is, of any width. */
export const PLAIN_PAPER: Paper = { width: undefined, glyphs: themeFor().glyphs, paint: (text) => text };

export function paperForStdout(environment: Readonly<Record<string, string | undefined>> = process.env): Paper {
  const paint = usesColor(process.stdout.isTTY, environment)
    ? (text: string, tone: Tone): string =>
        STYLES[tone].length === 0 ? text : styleText(STYLES[tone], text, { validateStream: false })
    : PLAIN_PAPER.paint;
  return { width: terminalWidth(), glyphs: themeFor(environment).glyphs, paint };
}

/** FORCE_COLOR (0 for no) before NO_COLOR, as Node itself has it; else colour on a terminal that knows it. */
export function usesColor(isTerminal: boolean, environment: Readonly<Record<string, string | undefined>>): boolean {
  const { FORCE_COLOR: forced, NO_COLOR: refused, TERM: terminal } = environment;
  if (forced !== undefined && forced !== '') return forced !== '0' && forced !== 'false';
  return isTerminal && !refused && terminal !== 'dumb';
}
