/** Text measured in terminal columns: cleaning, truncating and padding that is safe for wide characters. */

import stringWidth from 'string-width';

const PRINTABLE_ASCII = /^[\x20-\x7e]*$/;
// eslint-disable-next-line no-control-regex
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/gu;

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** Columns that a terminal needs for `text`. */
export function columnsOf(text: string): number {
  return PRINTABLE_ASCII.test(text) ? text.length : stringWidth(text);
}

/** One line without control characters: names and messages come from users and must not steer the terminal. */
export function clean(text: string): string {
  return PRINTABLE_ASCII.test(text) ? text : text.replace(CONTROL, ' ');
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
  if (width < 2) return [truncate(text, width, '')];
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ').filter(Boolean)) {
    let rest = word;
    if (line !== '' && columnsOf(line) + 1 + columnsOf(rest) <= width) {
      line += ` ${rest}`;
      continue;
    }
    if (line !== '') lines.push(line);
    while (columnsOf(rest) > width) {
      const head = take(rest, width);
      lines.push(head);
      rest = rest.slice(head.length);
    }
    line = rest;
  }
  return line === '' && lines.length > 0 ? lines : [...lines, line];
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
