/** Where set-up finds things: this package, its dependencies, npm, Node's headers, and the cache in the user's home. */

import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of our package.json. */
export const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/[\\/]$/, '');

/** True in a checkout, false where we were installed: npm never publishes a lock file. */
export const isCheckout = existsSync(join(root, 'package-lock.json'));

/** Folder of an installed dependency, hoisted or not; undefined where it is not installed. */
export function packageFolder(name) {
  for (let folder = root; ; folder = dirname(folder)) {
    const candidate = join(folder, 'node_modules', name);
    if (existsSync(join(candidate, 'package.json'))) return candidate;
    if (dirname(folder) === folder) return undefined;
  }
}

/** Downloads that outlive a checkout. `NIGHTSWEEP_CACHE` names another folder. */
export function cacheFolder() {
  const { NIGHTSWEEP_CACHE, XDG_CACHE_HOME, LOCALAPPDATA } = process.env;
  if (NIGHTSWEEP_CACHE) return NIGHTSWEEP_CACHE;
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Caches', 'nightsweep');
  if (process.platform === 'win32' && LOCALAPPDATA) return join(LOCALAPPDATA, 'nightsweep');
  return join(XDG_CACHE_HOME || join(homedir(), '.cache'), 'nightsweep');
}

/** Program and arguments of an npm command: the npm that runs us, or else the one on the PATH. */
export function npm(...args) {
  const running = process.env.npm_execpath;
  if (running && basename(running) === 'npm-cli.js') return [process.execPath, running, ...args];
  return process.platform === 'win32' ? ['cmd', '/c', 'npm', ...args] : ['npm', ...args];
}

/** Environment for compiling an addon: spares a download where Node's own headers lie beside it. */
export function compilerEnvironment() {
  const prefix = dirname(dirname(process.execPath));
  const header = join(prefix, 'include', 'node', 'node_version.h');
  if (process.env.npm_config_nodedir || !existsSync(header)) return process.env;
  const text = readFileSync(header, 'utf8');
  const version = ['MAJOR', 'MINOR', 'PATCH'].map((part) => text.match(`NODE_${part}_VERSION (\\d+)`)?.[1]).join('.');
  return version === process.versions.node ? { ...process.env, npm_config_nodedir: prefix } : process.env;
}

/** The command that installs a C++ compiler, make and Python on this machine. */
export function compilerCommand() {
  if (process.platform === 'darwin') return 'xcode-select --install';
  if (process.platform === 'win32') return 'winget install Microsoft.VisualStudio.2022.BuildTools';
  const sudo = process.getuid?.() === 0 ? '' : 'sudo ';
  const managers = [
    ['/usr/bin/apt-get', 'apt-get install -y build-essential python3'],
    ['/usr/bin/dnf', 'dnf install -y gcc-c++ make python3'],
    ['/sbin/apk', 'apk add build-base python3'],
    ['/usr/bin/pacman', 'pacman -S --needed base-devel python'],
    ['/usr/bin/zypper', 'zypper install -y gcc-c++ make python3'],
  ];
  const found = managers.find(([program]) => existsSync(program));
  return found ? sudo + found[1] : 'install g++, make and python3 with the package manager of this system';
}
