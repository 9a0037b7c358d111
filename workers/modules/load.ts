/** Loads users' modules, TypeScript or JavaScript, each once per thread. */

import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { SweepError } from '../../src/errors.ts';
import { sha256 } from '../../src/sha256.ts';

export interface ModuleFile {
  /** Absolute path. */
  readonly path: string;
  readonly sha256: string;
}

type Exported = (...args: never[]) => unknown;

const loaded = new Map<string, Promise<Exported>>();

/**
 * The function that a module exports as default.
 * Errors: `SweepError` of code `definition` when the file is not what it was, cannot be loaded, or exports no function.
 */
export function loadModule(file: ModuleFile): Promise<Exported> {
  const key = `${file.sha256} ${file.path}`;
  let found = loaded.get(key);
  if (!found) {
    found = load(file);
    loaded.set(key, found);
    // A file that could not be read may be there the next time.
    found.catch(() => loaded.delete(key));
  }
  return found;
}

async function load({ path, sha256: expected }: ModuleFile): Promise<Exported> {
  const refuse = (message: string, hint?: string): SweepError =>
    new SweepError('definition', { position: { file: path }, message, ...(hint === undefined ? {} : { hint }) });
  const found = sha256(contentOf(path, refuse));
  if (found !== expected) {
    throw refuse(
      `must be as it was when the sweep was made, but its SHA-256 is ${found.slice(0, 12)}..., no more ${expected.slice(0, 12)}...`,
      'run the changed one under another name',
    );
  }
  const { tsImport } = await import('tsx/esm/api');
  let exports: unknown;
  try {
    exports = await tsImport(pathToFileURL(path).href, import.meta.url);
  } catch (error) {
    throw refuse(`must be a module that can be loaded: ${error instanceof Error ? error.message : String(error)}`);
  }
  const exported = defaultOf(defaultOf(exports));
  if (typeof exported !== 'function') {
    throw refuse(`must export a function as default, but exports ${exported === undefined ? 'none' : typeof exported}`);
  }
  return exported as Exported;
}

function contentOf(path: string, refuse: (message: string) => SweepError): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw refuse(`must be a file that can be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** A CommonJS module's exports arrive as `default` of a default. */
function defaultOf(exports: unknown): unknown {
  return typeof exports === 'object' && exports !== null && 'default' in exports ? exports.default : exports;
}
