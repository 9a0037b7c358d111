/** The npm packages: in a checkout those of the lock file, elsewhere the optional one that npm may have left out. */

import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
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

/**
 * Brings back tfjs-node where we were installed: npm leaves an optional package out, without a word, when its own
 * installer fails, as it does on most networks.
 */
export async function restoreOptionalPackages() {
  const modules = dirname(root);
  const project = dirname(modules);
  // Only npm's own record tells that npm may be asked; a global folder and other package managers have none.
  if (basename(modules) !== 'node_modules' || !existsSync(join(modules, '.package-lock.json'))) return;
  const command = npm('install', '--ignore-scripts', '--no-audit', '--no-fund');
  await run('@tensorflow/tfjs-node', command, { cwd: project });
}
