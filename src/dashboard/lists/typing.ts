/** A line of text that is being typed. Pure. */

import { clean, dropLast } from '../text.ts';
import type { Key } from '../view.ts';

/** What the key makes of the text; the same text for a key that writes nothing. */
export function typeKey(text: string, key: Key): string {
  if (key === 'backspace') return dropLast(text);
  if (key === 'ctrl-u') return '';
  if (key === 'ctrl-w') return text.replace(/\S*\s*$/u, '');
  // Names of keys are longer than a character.
  return /^.$/u.test(key) && clean(key) === key ? text + key : text;
}
