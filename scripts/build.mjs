/** Builds `dist` from the sources: plain tsc, and the SQL files beside the code that reads them. */

import { spawnSync } from 'node:child_process';
import { cpSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const dist = join(root, 'dist');
// Built beside and swapped in at the end: a failed build keeps the old one, and no file outlives its source.
const fresh = join(root, `dist.${process.pid}`);

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
} else {
  rmSync(fresh, { recursive: true, force: true });
  process.exitCode = status ?? 1;
}
