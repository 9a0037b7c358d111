/** Keys of the dashboard. In raw mode the terminal sends no SIGINT, so Ctrl-C is a key like others. */

import { useInput } from 'ink';
import { keysOf } from './keys.ts';
import type { Key } from '../view.ts';

/** Calls `onKey` once for each press, in order. */
export function useKeys(onKey: (key: Key) => void): void {
  useInput((input, key) => keysOf(input, key).forEach(onKey));
}
