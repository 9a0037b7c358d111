/** Keys of the dashboard. In raw mode the terminal sends no SIGINT, so Ctrl-C is a key like others. */

import { useInput } from 'ink';

const CTRL_C = '\u0003';

export interface KeyActions {
  /** Called once for each press. */
  readonly onInterrupt: () => void;
  readonly onQuit: () => void;
}

export function useKeys({ onInterrupt, onQuit }: KeyActions): void {
  useInput((input, key) => {
    if (key.ctrl && input === 'c') onInterrupt();
    // Keys pressed in quick succession arrive together.
    for (const character of key.ctrl ? '' : input) {
      if (character === CTRL_C) onInterrupt();
      if (character === 'q') onQuit();
    }
  });
}
