/** The line that says which parameters are compared, and which keys choose others. Pure. */

import { sequence, span, widthOf } from '../line.ts';
import type { Cursor } from '../scrolling.ts';
import type { Span, Theme } from '../theme.ts';
import type { Choice } from './choice.ts';
import type { Comparison } from './comparison.ts';
import type { Place, Window } from './place.ts';

export interface ChoiceLineOptions {
  readonly choice: Choice;
  /** All that may be chosen. */
  readonly parameters: readonly string[];
  /** Undefined while there is nothing to show. */
  readonly shown: { readonly comparison: Comparison; readonly place: Place; readonly window: Window } | undefined;
  readonly theme: Theme;
  readonly width: number;
}

/** `r rows dropout  c columns l2 (3-7 of 9)`; a narrow one leaves out what the parameters are for. */
export function choiceLine(options: ChoiceLineOptions): readonly Span[] {
  const { width, theme } = options;
  const long = itemsOf(options, true);
  const fits = widthOf(long.flat()) + 2 * (long.length - 1) <= width;
  return sequence(fits ? long : itemsOf(options, false), width, theme.glyphs.ellipsis);
}

function itemsOf({ choice, parameters, shown }: ChoiceLineOptions, isLong: boolean): readonly (readonly Span[])[] {
  const [first = [], second = []] = shown?.comparison.levels ?? [];
  const rows = shown ? partOf(shown.place.rows, shown.window.rows, first.length) : '';
  const columns = shown ? partOf(shown.place.columns, shown.window.columns, second.length) : '';
  if (parameters.length === 1)
    return [[span(choice.rows, 'strong'), span(rows, 'quiet')], [span('the only searched parameter', 'quiet')]];
  return [
    [span('r', 'accent'), span(isLong ? ' rows ' : ' ', 'quiet'), span(choice.rows, 'strong'), span(rows, 'quiet')],
    [
      span('c', 'accent'),
      span(isLong ? ' columns ' : ' ', 'quiet'),
      choice.columns === undefined ? span('none', 'quiet') : span(choice.columns, 'strong'),
      span(columns, 'quiet'),
    ],
  ];
}

/** Which levels are shown, where these are not all of them. */
function partOf({ top }: Cursor, shown: number, total: number): string {
  return shown < total ? ` (${top + 1}-${top + shown} of ${total})` : '';
}
