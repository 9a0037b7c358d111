/** Modules that tests write to a folder. */

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sha256 } from '../../src/sha256.ts';
import type { ModuleFile } from '../../workers/modules/load.ts';
import { emptyFolder } from '../empty-folder.ts';

const folder = emptyFolder();

export function written(name: string, text: string): ModuleFile {
  const path = join(folder, name);
  writeFileSync(path, text);
  return { path, sha256: sha256(text) };
}

/** Without the folder's name. */
export function plainly(message: string): string {
  return message.replaceAll(`${folder}/`, '');
}
