/** Set-up step of a checkout: `dist`, built again only where a source changed. */

import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root } from './places.mjs';
import { run } from './progress.mjs';

const STAMP = join(root, 'node_modules', '.cache', 'nightsweep', 'built');
const SOURCES = [
  'src',
  'workers',
  'db',
  'package.json',
  'tsconfig.json',
  'tsconfig.build.json',
  'scripts/build.mjs',
  'scripts/bundle-entries.mjs',
  'scripts/bundle-page.mjs',
];

function filesBelow(path) {
  const entries = readdirSync(join(root, path), { withFileTypes: true });
  return entries.flatMap((entry) => {
    const inner = `${path}/${entry.name}`;
    return entry.isDirectory() ? filesBelow(inner) : inner;
  });
}

/** SHA-256 of the paths and contents of everything that `dist` is made from. */
export function hashSources() {
  const hash = createHash('sha256');
  const files = SOURCES.flatMap((path) => (path.includes('.') ? path : filesBelow(path)));
  for (const file of files.sort())
    hash
      .update(file)
      .update('\0')
      .update(readFileSync(join(root, file)))
      .update('\0');
  return hash.digest('hex');
}

/** Remembers which sources `dist` was built from. */
export function writeStamp(hash) {
  mkdirSync(dirname(STAMP), { recursive: true });
  writeFileSync(STAMP, hash);
}

export const distStep = {
  title: 'build, 10 s',
  isDone() {
    const built = existsSync(join(root, 'dist', 'src', 'cli', 'main.js')) && existsSync(STAMP);
    return built && readFileSync(STAMP, 'utf8') === hashSources();
  },
  async run() {
    await run('tsc', [process.execPath, join(root, 'scripts', 'build.mjs')], { cwd: root });
  },
};
