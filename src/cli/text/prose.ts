/** Sentences on a terminal or in a pipe: headings, paragraphs and lists, broken between words where there is a width. Pure. */

import { clean, wrap } from '../../dashboard/text.ts';
import type { Tone } from '../../dashboard/theme.ts';
import type { Paper } from './paint.ts';

/** Longer lines are hard to read, however wide the terminal is. */
const WIDEST = 110;

/** With a final line feed. */
export function heading(text: string, paper: Paper): string {
  return paragraph(text, paper, 'strong');
}

/** With a final line feed. */
export function paragraph(text: string, paper: Paper, tone: Tone = 'plain'): string {
  return hanging('', text, paper, tone);
}

/** A line or more for each text. */
export function bullets(texts: readonly string[], paper: Paper): string {
  return texts.map((text) => hanging('- ', text, paper)).join('');
}

/** The lines after the first are indented as far as the text of the first. */
export function hanging(mark: string, text: string, { width, paint }: Paper, tone: Tone = 'plain'): string {
  const line = clean(text);
  const room = Math.max(1, Math.min(width ?? WIDEST, WIDEST) - mark.length);
  const lines = width === undefined ? [line] : wrap(bound(line), room).map(unbound);
  const indent = ' '.repeat(mark.length);
  return lines.map((each, index) => `${index === 0 ? mark : indent}${paint(each, tone)}\n`).join('');
}

const BOND = '\u00a0';

/** A number stays with its per cent. */
function bound(text: string): string {
  return text.replace(/(\d) %/g, `$1${BOND}%`);
}

function unbound(text: string): string {
  return text.replaceAll(BOND, ' ');
}
