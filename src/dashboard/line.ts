/** One line of spans, fitted to exactly the columns that it may take. Pure. */

import { clean, columnsOf, take } from './text.ts';
import type { Span, Tone } from './theme.ts';

export function span(text: string, tone: Tone = 'plain'): Span {
  return { text: clean(text), tone };
}

export function widthOf(spans: readonly Span[]): number {
  return spans.reduce((sum, { text }) => sum + columnsOf(text), 0);
}

/** The spans cut to at most `width` columns. */
export function fit(spans: readonly Span[], width: number, ellipsis: string): readonly Span[] {
  if (widthOf(spans) <= width) return spans;
  const fitted: Span[] = [];
  let room = width - columnsOf(ellipsis);
  if (room < 0) return [];
  for (const each of spans) {
    const columns = columnsOf(each.text);
    if (columns > room) return [...fitted, { ...each, text: take(each.text, room) + ellipsis }];
    fitted.push(each);
    room -= columns;
  }
  return fitted;
}

/** `left` and `right` at the two ends of a line; where both do not fit, `right` goes first. */
export function spread(
  left: readonly Span[],
  right: readonly Span[],
  width: number,
  ellipsis: string,
): readonly Span[] {
  const gap = width - widthOf(left) - widthOf(right);
  if (right.length === 0 || gap < 2) return fit(left, width, ellipsis);
  return [...left, span(' '.repeat(gap)), ...right];
}

/** As many whole items as fit, in order, with two blanks between them; the first is cut when even it does not. */
export function sequence(items: readonly (readonly Span[])[], width: number, ellipsis: string): readonly Span[] {
  const taken: Span[] = [];
  for (const item of items) {
    const next = taken.length === 0 ? item : [...taken, span('  '), ...item];
    if (widthOf(next) > width) return taken.length === 0 ? fit(item, width, ellipsis) : taken;
    taken.splice(0, taken.length, ...next);
  }
  return taken;
}

/** Neighbours of the same tone in one: the fewer pieces a line has, the sooner it is drawn. */
export function joined(spans: readonly Span[]): readonly Span[] {
  const pieces: Span[] = [];
  for (const each of spans) {
    const last = pieces.at(-1);
    if (last?.tone === each.tone) pieces[pieces.length - 1] = { ...last, text: last.text + each.text };
    else pieces.push(each);
  }
  return pieces;
}
