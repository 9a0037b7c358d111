/** Set-up step: the native part of better-sqlite3, fetched or compiled by its own install script. */

import { createRequire } from 'node:module';
import { compilerCommand, compilerEnvironment, npm, packageFolder } from './places.mjs';
import { run } from './progress.mjs';

const CHECK = `new (require(process.argv[1]))(':memory:').close()`;

/** Whether better-sqlite3 works with this Node: the one test that no stamp can replace, and it takes a few milliseconds. */
export function sqliteLoads() {
  const folder = packageFolder('better-sqlite3');
  if (!folder) return false;
  try {
    const Database = createRequire(import.meta.url)(folder);
    new Database(':memory:').close();
    return true;
  } catch {
    return false;
  }
}

export const sqliteStep = {
  title: 'SQLite, 10 MB; about 80 s where it has to be compiled',
  isDone: sqliteLoads,
  async run() {
    const folder = packageFolder('better-sqlite3');
    if (!folder) throw new Error('better-sqlite3 must be installed, but no node_modules folder above us holds it');
    try {
      // Not `npm rebuild`: npm 12 runs no script of a package that the project has not approved.
      await run('better-sqlite3', npm('run', 'install'), { cwd: folder, env: compilerEnvironment() });
      // In a process of its own, since a library that failed to load here is not looked for again.
      await run('better-sqlite3', [process.execPath, '-e', CHECK, folder]);
    } catch (error) {
      const advice = `better-sqlite3 could neither be fetched nor compiled; a compiler comes with: ${compilerCommand()}`;
      throw new Error([error.tail, error.message, advice].filter(Boolean).join('\n'), { cause: error });
    }
  },
};
