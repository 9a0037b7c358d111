/** The stream that Ink draws on: takes whole frames, and has a size but no terminal behind it. */

import { Writable } from 'node:stream';
import type { ScreenSize } from '../layout.ts';

export class FrameSink extends Writable {
  readonly isTTY = false;
  readonly #size: () => ScreenSize;

  constructor(size: () => ScreenSize, onFrame: (frame: string) => void) {
    super({
      decodeStrings: false,
      write(chunk: unknown, _encoding, done) {
        // Ink ends with an empty write, to learn that all before it has been written.
        if (typeof chunk === 'string' && chunk !== '') onFrame(chunk);
        done();
      },
    });
    this.#size = size;
  }

  get columns(): number {
    return this.#size().columns;
  }

  get rows(): number {
    return this.#size().rows;
  }

  /** Ink asks for a terminal's stream but uses only what is here: writing, `isTTY`, `columns`, `rows` and events. */
  asTerminal(): NodeJS.WriteStream {
    return this as unknown as NodeJS.WriteStream;
  }
}
