/** A line of text that is being typed, its end always in sight. */

import { columnsOf, takeEnd } from '../text.ts';
import { fit, span } from '../line.ts';
import type { Theme } from '../theme.ts';
import { LineView } from './line-view.tsx';

export interface TextFieldProps {
  readonly prompt: string;
  readonly text: string;
  /** Said while there is no text. */
  readonly hint: string;
  readonly theme: Theme;
  readonly width: number;
}

export function TextField({ prompt, text, hint, theme, width }: TextFieldProps) {
  const room = width - columnsOf(prompt) - 1;
  const line = [span(prompt, 'accent'), span(takeEnd(text, room)), span(' ', 'selected')];
  if (text === '') line.push(span(` ${hint}`, 'quiet'));
  return <LineView theme={theme} spans={fit(line, width, theme.glyphs.ellipsis)} />;
}
