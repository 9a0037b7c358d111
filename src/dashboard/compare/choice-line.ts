/** The line that says which parameters are compared, and which keys choose others. Pure. */

import { fit, span, widthOf } from '../line.ts';
import type { Cursor } from '../lists/scrolling.ts';
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

/** `r rows dropout  c columns l2 3-7/9`; in a narrow line without what the parameters are for, or which levels are shown. */
export function choiceLine({ choice, parameters, shown, theme, width }: ChoiceLineOptions): readonly Span[] {
  const [first = [], second = []] = shown?.comparison.levels ?? [];
  const rows = shown ? partOf(shown.place.rows, shown.window.rows, first.length) : '';
  const columns = shown ? partOf(shown.place.columns, shown.window.columns, second.length) : '';
  const isOnly = parameters.length === 1;
  const lineOf = (isLong: boolean, hasParts: boolean): readonly Span[] => {
    const role = (name: string): Span => span(isLong ? ` ${name} ` : ' ', 'quiet');
    const part = (text: string): Span => span(hasParts ? text : '');
    if (isOnly)
      return [
        span(choice.rows, 'strong'),
        part(rows),
        span(isLong ? '  the only parameter that is searched' : '', 'quiet'),
      ];
    const name = choice.columns === undefined ? span('none', 'quiet') : span(choice.columns, 'strong');
    return [
      span('r', 'accent'),
      role('rows'),
      span(choice.rows, 'strong'),
      part(rows),
      span('  '),
      span('c', 'accent'),
      role('columns'),
      name,
      part(columns),
    ];
  };
  const lines = [lineOf(true, true), lineOf(false, true), lineOf(false, false)] as const;
  return fit(lines.find((line) => widthOf(line) <= width) ?? lines[2], width, theme.glyphs.ellipsis);
}

/** Which levels are shown, where these are not all of them. */
function partOf({ top }: Cursor, shown: number, total: number): string {
  return shown < total ? ` ${top + 1}-${top + shown}/${total}` : '';
}
