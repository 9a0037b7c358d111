/** A real terminal in memory: what a user would see after these bytes. */

import { createRequire } from 'node:module';

// A CommonJS package whose names Node cannot see in advance.
const { Terminal } = createRequire(import.meta.url)('@xterm/headless') as typeof import('@xterm/headless');

export interface Screen {
  write(text: string): Promise<void>;
  resize(columns: number, rows: number): void;
  /** The visible rows, without blanks at their ends. */
  lines(): readonly string[];
  /** Rows that go on from the row before, because a line was too long. */
  wrapped(): number;
  readonly onAlternateScreen: boolean;
  /** All bytes so far. */
  readonly bytes: string;
}

export function openScreen(columns: number, rows: number): Screen {
  const terminal = new Terminal({ cols: columns, rows, allowProposedApi: true });
  let bytes = '';
  const row = (index: number) => terminal.buffer.active.getLine(terminal.buffer.active.viewportY + index);
  const indices = (): readonly number[] => Array.from({ length: terminal.rows }, (_, index) => index);
  return {
    write(text) {
      bytes += text;
      return new Promise((done) => terminal.write(text, done));
    },
    resize: (newColumns, newRows) => terminal.resize(newColumns, newRows),
    lines: () => indices().map((index) => row(index)?.translateToString(true) ?? ''),
    wrapped: () => indices().filter((index) => row(index)?.isWrapped).length,
    get onAlternateScreen() {
      return terminal.buffer.active.type === 'alternate';
    },
    get bytes() {
      return bytes;
    },
  };
}
