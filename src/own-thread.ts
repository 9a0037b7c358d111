/** Threads of our own: their files are JavaScript when we run from the build, TypeScript when from the sources. */

import { existsSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';

/** The path of a thread's file as it is here; `built` is its address in a build. */
export function ownThreadFile(built: URL): string {
  const path = fileURLToPath(built);
  return existsSync(path) ? path : path.replace(/\.js$/, '.ts');
}

/** @param file absolute path */
export function startThread(file: string, workerData: unknown): Worker {
  if (!file.endsWith('.ts')) return new Worker(file, { workerData });
  // From the sources: the hooks that read TypeScript do not reach into threads by themselves.
  const tsx = import.meta.resolve('tsx/esm/api');
  const module = pathToFileURL(file).href;
  const entry = `import(${JSON.stringify(tsx)}).then(({ register }) => (register(), import(${JSON.stringify(module)})))`;
  return new Worker(entry, { eval: true, workerData });
}
