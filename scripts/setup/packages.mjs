/** Set-up step of a checkout: the npm packages of the lock file, without their install scripts. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { npm, root } from './places.mjs';
import { run } from './progress.mjs';

function lockedPackages(file) {
  try {
    return JSON.parse(readFileSync(join(root, file), 'utf8')).packages;
  } catch {
    return undefined;
  }
}

/** Whether npm's own record of what it installed agrees with the lock file; a stamp could not see `npm install`. */
export function packagesAreInstalled() {
  const wanted = lockedPackages('package-lock.json');
  const installed = lockedPackages('node_modules/.package-lock.json');
  if (!wanted || !installed) return false;
  return Object.entries(wanted).every(([folder, { version, optional, peer, link }]) => {
    const found = installed[folder];
    // Optional packages are absent where they are meant for another platform.
    return folder === '' || link || (found ? found.version === version : Boolean(optional || peer));
  });
}

export const packagesStep = {
  title: 'npm packages, 110 MB',
  isDone: packagesAreInstalled,
  async run() {
    // An install script that fails would make npm drop tfjs-node; the next steps build what has to be built.
    await run('npm ci', npm('ci', '--ignore-scripts', '--no-audit', '--no-fund'), { cwd: root });
  },
};
