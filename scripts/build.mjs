/** Builds `dist` from the sources: plain tsc, and the SQL files beside the code that reads them. */

import { spawnSync } from 'node:child_process';
import { cpSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { hashSources, writeStamp } from './setup/dist.mjs';
import { root } from './setup/places.mjs';

const dist = join(root, 'dist');
// Built beside and swapped in at the end: a failed build keeps the old one, and no file outlives its source.
const fresh = join(root, `dist.${process.pid}`);

// Before tsc reads them: a file that is edited meanwhile must be built again.
const hash = hashSources();
const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
const args = [tsc, '-p', 'tsconfig.build.json', '--outDir', fresh];
const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' });

if (status === 0) {
  for (const entry of readdirSync(join(root, 'db'))) {
    if (entry === 'migrations' || entry.endsWith('.sql')) {
      cpSync(join(root, 'db', entry), join(fresh, 'db', entry), { recursive: true });
    }
  }
  rmSync(dist, { recursive: true, force: true });
  renameSync(fresh, dist);
  writeStamp(hash);
} else {
  rmSync(fresh, { recursive: true, force: true });
  process.exitCode = status ?? 1;
}
