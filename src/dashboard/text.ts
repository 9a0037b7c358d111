/** Text measured in terminal columns: cleaning, truncating and padding that is safe for wide characters. */

import stringWidth from 'string-width';

/** Latin letters and the marks and lines that we draw with: a column each, in any order. Measured at once, unlike others. */
const NARROW = /^[\x20-\x7e\u00a1-\u00ac\u00ae-\u02ff\u2010-\u2027\u2190-\u22ff\u2500-\u25fc\u2800-\u28ff]*$/;
// eslint-disable-next-line no-control-regex
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/gu;

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** Columns that a terminal needs for `text`. */
export function columnsOf(text: string): number {
  return NARROW.test(text) ? text.length : stringWidth(text);
}

/** One line without control characters: names and messages come from users and must not steer the terminal. */
export function clean(text: string): string {
  return NARROW.test(text) ? text : text.replace(CONTROL, ' ');
}

/** The longest beginning of `text` that needs at most `width` columns. */
export function take(text: string, width: number): string {
  let taken = '';
  let used = 0;
  for (const { segment } of graphemes.segment(text)) {
    used += columnsOf(segment);
    if (used > width) break;
    taken += segment;
  }
  return taken;
}

/** The longest end of `text` that needs at most `width` columns. */
export function takeEnd(text: string, width: number): string {
  let taken = '';
  let room = width;
  for (const { segment } of [...graphemes.segment(text)].reverse()) {
    room -= columnsOf(segment);
    if (room < 0) break;
    taken = segment + taken;
  }
  return taken;
}

/** Without its last character, as people see characters. */
export function dropLast(text: string): string {
  const last = [...graphemes.segment(text)].at(-1);
  return text.slice(0, last?.index ?? 0);
}

/** At least one line, none of more than `width` columns, broken between words where possible. Only blanks get lost. */
export function wrap(text: string, width: number): readonly string[] {
  const [first = '', ...pieces] = text
    .split(' ')
    .filter(Boolean)
    .flatMap((word) => broken(word, width));
  const lines: string[] = [];
  let line = first;
  for (const piece of pieces) {
    const longer = `${line} ${piece}`;
    if (columnsOf(longer) <= width) line = longer;
    else {
      lines.push(line);
      line = piece;
    }
  }
  return [...lines, line];
}

/** The word in pieces of at most `width` columns; a character that is wider is a piece of its own. */
function broken(word: string, width: number): readonly string[] {
  if (columnsOf(word) <= width) return [word];
  const pieces: string[] = [];
  let piece = '';
  for (const { segment } of graphemes.segment(word)) {
    if (piece !== '' && columnsOf(piece + segment) > width) {
      pieces.push(piece);
      piece = '';
    }
    piece += segment;
  }
  return [...pieces, piece];
}

/** `text` in at most `width` columns; what is cut shows as `ellipsis` at the end. */
export function truncate(text: string, width: number, ellipsis: string): string {
  if (columnsOf(text) <= width) return text;
  const room = width - columnsOf(ellipsis);
  return room < 0 ? '' : take(text, room) + ellipsis;
}

export function padEnd(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - columnsOf(text)));
}

export function padStart(text: string, width: number): string {
  return ' '.repeat(Math.max(0, width - columnsOf(text))) + text;
}
