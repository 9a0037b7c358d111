/** Runs something when the tree goes away, for whatever reason: also when the process exits or a signal ends it. */

import { useEffect } from 'react';

export function useUnmount(action: () => void): void {
  // oxlint-disable-next-line react-hooks/exhaustive-deps -- the first action is the one that counts
  useEffect(() => action, []);
}
