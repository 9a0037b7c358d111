/** Chromium, where this machine has one; `CHROMIUM` names another than the first on the PATH. */

import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Its executable; undefined where there is none. */
export const chromiumFile: string | undefined =
  process.env['CHROMIUM'] ??
  (process.env['PATH'] ?? '')
    .split(delimiter)
    .flatMap((folder) => NAMES.map((name) => join(folder, name)))
    .find(isExecutable);

/** CI must not pass by leaving these tests out. */
export const mustHaveChromium = process.env['NIGHTSWEEP_REQUIRE_CHROMIUM'] === '1';
