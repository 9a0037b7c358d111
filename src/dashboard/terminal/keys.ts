/** Key presses as Ink tells them, as the names that views know. Pure. */

import type { Key as InkKey } from 'ink';
import type { Key } from '../view.ts';

const NAMED = [
  ['upArrow', 'up'],
  ['downArrow', 'down'],
  ['leftArrow', 'left'],
  ['rightArrow', 'right'],
  ['pageUp', 'page-up'],
  ['pageDown', 'page-down'],
  ['home', 'home'],
  ['end', 'end'],
  ['return', 'enter'],
  ['escape', 'escape'],
  ['backspace', 'backspace'],
  // What most terminals send for the backspace key.
  ['delete', 'backspace'],
] as const satisfies readonly (readonly [keyof InkKey, Key])[];

/** Characters that arrive among others, when keys are pressed in quick succession. */
const CONTROL: Readonly<Record<string, Key>> = {
  '\u0003': 'ctrl-c',
  '\u0015': 'ctrl-u',
  '\t': 'tab',
  '\r': 'enter',
  '\n': 'enter',
  '\u007f': 'backspace',
  '\b': 'backspace',
  '\u001b': 'escape',
};

/** The keys of one event, in the order in which they were pressed. */
export function keysOf(input: string, key: InkKey): readonly Key[] {
  if (key.tab) return [key.shift ? 'shift-tab' : 'tab'];
  const named = NAMED.find(([flag]) => key[flag]);
  if (named) return [named[1]];
  if (key.ctrl) return [`ctrl-${input}`];
  return Array.from(input).map((character) => CONTROL[character] ?? character);
}
