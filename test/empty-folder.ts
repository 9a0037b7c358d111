/** Empty folders for tests. All those of a run lie in one, made before its tests and removed after them. */

import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Of the environment, which the processes of the tests inherit. */
const ROOT = 'NIGHTSWEEP_TEST_FOLDERS';

/** Vitest's global set-up, called for each of its projects; returns what tears down. */
export function setup(): (() => void) | undefined {
  if (process.env[ROOT] !== undefined) return undefined;
  const root = mkdtempSync(join(tmpdir(), 'nightsweep-'));
  // Some tests look into their folder as another user.
  chmodSync(root, 0o711);
  process.env[ROOT] = root;
  return () => rmSync(root, { recursive: true, force: true });
}

/** A new folder, which need not be removed. */
export function emptyFolder(): string {
  return mkdtempSync(`${process.env[ROOT]}/`);
}
