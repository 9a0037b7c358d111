/** Keeps text until all of it is there, in memory while it is small and in a temporary file beyond that, and then prints it. */

import { once } from 'node:events';
import { closeSync, createReadStream, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const MEMORY_LIMIT = 8 * 2 ** 20;

export class Spool {
  readonly #limit: number;
  #parts: string[] = [];
  #held = 0;
  #file: { readonly folder: string; readonly path: string; readonly descriptor: number } | undefined;

  /** `limit`: characters that are held in memory. */
  constructor(limit = MEMORY_LIMIT) {
    this.#limit = limit;
  }

  add(text: string): void {
    this.#parts.push(text);
    this.#held += text.length;
    if (this.#held >= this.#limit) this.#flush();
  }

  /** Prints all and forgets it. */
  async printTo(target: NodeJS.WritableStream): Promise<void> {
    if (this.#file) this.#flush();
    const source = this.#file ? createReadStream(this.#file.path) : [this.#parts.join('')];
    for await (const chunk of source) {
      if (!target.write(chunk)) await once(target, 'drain');
    }
  }

  /** Removes the temporary file. */
  close(): void {
    this.#parts = [];
    if (!this.#file) return;
    closeSync(this.#file.descriptor);
    rmSync(this.#file.folder, { recursive: true, force: true });
    this.#file = undefined;
  }

  #flush(): void {
    this.#file ??= createFile();
    writeSync(this.#file.descriptor, this.#parts.join(''));
    this.#parts = [];
    this.#held = 0;
  }
}

function createFile(): { readonly folder: string; readonly path: string; readonly descriptor: number } {
  const folder = mkdtempSync(join(tmpdir(), 'nightsweep-'));
  const path = join(folder, 'rows');
  return { folder, path, descriptor: openSync(path, 'w', 0o600) };
}
