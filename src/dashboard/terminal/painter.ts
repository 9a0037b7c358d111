/**
 * Puts frames on a terminal: on the alternate screen, by absolute positions, changed lines only, without ever clearing
 * or scrolling. Ink's own writer moves relative to the cursor, which goes wrong where a terminal re-wraps old lines
 * while it is resized, and it clears the screen and the scroll-back when the screen gets shorter than the last frame.
 */

import { columnsOf } from '../text.ts';
import type { ScreenSize } from '../layout.ts';

const ESC = '\u001b[';
/** Alternate screen, no cursor, no wrapping at the right edge (a line may be too long between a resize and its frame). */
const ENTER = `${ESC}?1049h${ESC}?25l${ESC}?7l`;
const LEAVE = `${ESC}?7h${ESC}?25h${ESC}?1049l`;
/** Terminals that know synchronised updates show a frame at once; the others ignore this. */
const BEGIN = `${ESC}?2026h`;
const END = `${ESC}?2026l`;
const ERASE_TO_LINE_END = `${ESC}K`;
const ERASE_BELOW = `${ESC}J`;

export class Painter {
  readonly #write: (text: string) => void;
  #state: 'new' | 'open' | 'left' = 'new';
  #size: ScreenSize = { columns: 0, rows: 0 };
  #lines: readonly string[] = [];

  constructor(write: (text: string) => void) {
    this.#write = write;
  }

  /** Shows a frame on a screen of this size; lines that would reach the last row are dropped. */
  paint(frame: string, size: ScreenSize): void {
    if (this.#state === 'left') return;
    if (this.#state === 'new') {
      this.#write(ENTER);
      this.#state = 'open';
    }
    const lines = frame.split('\n').slice(0, Math.max(1, size.rows - 1));
    const resized = size.columns !== this.#size.columns || size.rows !== this.#size.rows;
    const before = resized ? [] : this.#lines;
    const changes = lines.flatMap((line, row) => (line === before[row] ? [] : [place(row, line, size.columns)]));
    if (resized || lines.length < before.length) changes.push(`${moveTo(lines.length)}${ERASE_BELOW}`);
    this.#size = size;
    this.#lines = lines;
    if (changes.length > 0) this.#write(BEGIN + changes.join('') + END);
  }

  /** Gives the screen back as it was before the first frame. Does nothing where that has been done. */
  leave(): void {
    if (this.#state === 'open') this.#write(LEAVE);
    this.#state = 'left';
  }
}

function moveTo(row: number): string {
  return `${ESC}${row + 1};1H`;
}

/** After a line as wide as the screen the cursor stands on its last character, which erasing would take away. */
function place(row: number, line: string, columns: number): string {
  return moveTo(row) + line + (columnsOf(line) < columns ? ERASE_TO_LINE_END : '');
}
