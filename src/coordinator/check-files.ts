/** Whether the files of a sweep, its data and modules, are what they were when it began. */

import { readFileSync } from 'node:fs';
import type { AnySweep } from '../definition/resolved.ts';
import { SweepError } from '../errors.ts';
import { sha256 } from '../sha256.ts';
import { sweepFiles } from './prepare.ts';

/** @throws SweepError `data` where one has gone or changed */
export function checkFiles(sweep: AnySweep): void {
  for (const [hash, file] of Object.entries(sweepFiles(sweep))) {
    const wrong = whatIsWrong(file, hash);
    if (wrong === undefined) continue;
    throw new SweepError('data', {
      position: { file },
      message: `this file of sweep ${sweep.name} must be as it was when the sweep began, but ${wrong}`,
      hint: 'put it back; where it lies elsewhere now, `nightsweep run` with the definition finds it',
    });
  }
}

function whatIsWrong(file: string, hash: string): string | undefined {
  try {
    return sha256(readFileSync(file)) === hash ? undefined : 'it was changed';
  } catch (error) {
    return `it cannot be read (${error instanceof Error ? error.message : String(error)})`;
  }
}
