/** Things to choose from in one line, the chosen one always in sight. */

import { fit, span, widthOf } from '../line.ts';
import type { Span, Theme } from '../theme.ts';
import { LineView } from './line-view.tsx';

export interface PickerProps {
  readonly prompt: string;
  readonly choices: readonly string[];
  /** Index into `choices`. */
  readonly chosen: number;
  readonly theme: Theme;
  readonly width: number;
}

export function Picker({ prompt, choices, chosen, theme, width }: PickerProps) {
  const { ellipsis } = theme.glyphs;
  const items = choices.map((choice, index) =>
    index === chosen ? span(`[${choice}]`, 'selected') : span(` ${choice} `, 'quiet'),
  );
  const before = [span(prompt, 'accent'), span(' ')];
  const room = width - widthOf(before);
  const first = firstInSight(items, chosen, room);
  const cut = first > 0 ? [span(ellipsis, 'quiet')] : [];
  return <LineView theme={theme} spans={fit([...before, ...cut, ...items.slice(first)], width, ellipsis)} />;
}

/** The first item such that the chosen one ends within `room`, with a column at each end for what is cut. */
function firstInSight(items: readonly Span[], chosen: number, room: number): number {
  let first = 0;
  while (first < chosen && widthOf(items.slice(first, chosen + 1)) + 2 > room) first += 1;
  return first;
}
