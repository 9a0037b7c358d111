/** Modules that tests write to a folder, which is gone afterwards. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { sha256 } from '../../src/sha256.ts';
import type { ModuleFile } from '../../workers/modules/load.ts';

const folder = mkdtempSync(join(tmpdir(), 'modules-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

export function written(name: string, text: string): ModuleFile {
  const path = join(folder, name);
  writeFileSync(path, text);
  return { path, sha256: sha256(text) };
}

/** Without the folder's name. */
export function plainly(message: string): string {
  return message.replaceAll(`${folder}/`, '');
}
