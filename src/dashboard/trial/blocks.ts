/** Lines put together: below each other, next to each other, in columns of names and values, in paragraphs. Pure. */

import { span, widthOf } from '../line.ts';
import { clean, columnsOf, padEnd, wrap } from '../text.ts';
import type { Span, Tone } from '../theme.ts';

export type Line = readonly Span[];
export type Pair = readonly [name: string, value: string];

/** Blocks below each other, those without lines left out. */
export function stack(blocks: readonly (readonly Line[])[], between: readonly Line[] = []): readonly Line[] {
  return blocks
    .filter((block) => block.length > 0)
    .flatMap((block, index) => (index === 0 ? block : [...between, ...block]));
}

/** Two blocks next to each other: the left one `width` columns wide. */
export function beside(left: readonly Line[], right: readonly Line[], width: number, gap: number): readonly Line[] {
  return Array.from({ length: Math.max(left.length, right.length) }, (_, index) => {
    const line = left[index] ?? [];
    const other = right[index];
    return other ? [...line, span(' '.repeat(Math.max(0, width - widthOf(line)) + gap)), ...other] : line;
  });
}

/** Nothing where there are no pairs. */
export function section(title: string, pairs: readonly Pair[]): readonly Line[] {
  return pairs.length === 0 ? [] : [[span(title, 'title')], ...pairLines(pairs)];
}

/** The values below each other. */
export function pairLines(pairs: readonly Pair[]): readonly Line[] {
  const names = Math.max(0, ...pairs.map(([name]) => columnsOf(clean(name))));
  return pairs.map(([name, value]) => [span(`${padEnd(clean(name), names)}  `, 'quiet'), span(value)]);
}

/** On as many lines as it needs. */
export function paragraph(text: string, width: number, tone: Tone): readonly Line[] {
  return wrap(clean(text), width).map((line) => [span(line, tone)]);
}

/** `head`, and the text right of it on as many lines as it needs. */
export function indented(head: string, text: string, width: number, tone: Tone): readonly Line[] {
  const columns = columnsOf(head);
  return paragraph(text, width - columns, tone).map((line, index) => [
    span(index === 0 ? head : ' '.repeat(columns), tone),
    ...line,
  ]);
}
