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

/** `r rows dropout  c columns l2 3-7/9`; where there is little room, without what the parameters are for. */
export function choiceLine({ choice, parameters, shown, theme, width }: ChoiceLineOptions): readonly Span[] {
  const [first = [], second = []] = shown?.comparison.levels ?? [];
  const rows = shown ? partOf(shown.place.rows, shown.window.rows, first.length) : '';
  const columns = shown ? partOf(shown.place.columns, shown.window.columns, second.length) : '';
  if (parameters.length === 1) {
    const only = [[span(choice.rows, 'strong'), span(rows)], [span('the only parameter that is searched', 'quiet')]];
    return sequence(only, width, theme.glyphs.ellipsis);
  }
  const itemsWith = (role: (name: string) => string): readonly (readonly Span[])[] => [
    [span('r', 'accent'), span(role('rows'), 'quiet'), span(choice.rows, 'strong'), span(rows)],
    [
      span('c', 'accent'),
      span(role('columns'), 'quiet'),
      choice.columns === undefined ? span('none', 'quiet') : span(choice.columns, 'strong'),
      span(columns),
    ],
  ];
  const long = itemsWith((name) => ` ${name} `);
  const fits = widthOf(long.flat()) + 2 <= width;
  return sequence(fits ? long : itemsWith(() => ' '), width, theme.glyphs.ellipsis);
}

/** Which levels are shown, where these are not all of them. */
function partOf({ top }: Cursor, shown: number, total: number): string {
  return shown < total ? ` ${top + 1}-${top + shown}/${total}` : '';
}
