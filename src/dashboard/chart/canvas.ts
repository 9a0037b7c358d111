/** A drawing surface of terminal cells: 2 x 4 braille dots each, or one character each where there is ASCII only. */

import type { ChartGlyphs, Span, Stroke, Tone } from '../theme.ts';

/** How a series looks: the stroke tells series apart where there is no colour. */
export interface Pen {
  readonly stroke: Stroke;
  readonly tone: Tone;
}

/** Counted from the upper left corner; whole numbers. */
export interface Dot {
  readonly x: number;
  readonly y: number;
}

interface Cell {
  /** Dots of the braille pattern; unused in ASCII. */
  readonly dots: number;
  readonly text: string;
  readonly tone: Tone;
}

/** Unicode's block of braille patterns: bits of a cell's dots by row, then column. */
const BRAILLE = 0x2800;
const DOT_BITS = [
  [0x01, 0x08],
  [0x02, 0x10],
  [0x04, 0x20],
  [0x40, 0x80],
] as const;

/** Of so many dots, the first ones are drawn. */
const PATTERNS: Readonly<Record<Stroke, { readonly drawn: number; readonly of: number }>> = {
  solid: { drawn: 1, of: 1 },
  dotted: { drawn: 1, of: 2 },
  dashed: { drawn: 4, of: 8 },
};

/** Dots of a piece of a curve. */
const SHORT = 3;

export class Canvas {
  readonly columns: number;
  readonly rows: number;
  readonly #glyphs: ChartGlyphs;
  /** Dots of a cell, across and down. */
  readonly #across: number;
  readonly #down: number;
  readonly #cells = new Map<number, Cell>();

  /** `columns` and `rows` in cells. */
  constructor(columns: number, rows: number, glyphs: ChartGlyphs) {
    this.columns = columns;
    this.rows = rows;
    this.#glyphs = glyphs;
    this.#across = glyphs.braille ? 2 : 1;
    this.#down = glyphs.braille ? 4 : 1;
  }

  /** In dots. */
  get width(): number {
    return this.columns * this.#across;
  }

  get height(): number {
    return this.rows * this.#down;
  }

  /** The dot at fractions of the way from left to right, and from the bottom to the top. */
  dotAt(right: number, up: number): Dot {
    return { x: Math.round(right * (this.width - 1)), y: Math.round((1 - up) * (this.height - 1)) };
  }

  /** Column and row of the cell that a dot belongs to. */
  cellOf({ x, y }: Dot): { readonly column: number; readonly row: number } {
    return { column: Math.floor(x / this.#across), row: Math.floor(y / this.#down) };
  }

  /** Nothing happens outside of the canvas. In a cell with several pens, dots add up and the last pen's tone holds. */
  dot(dot: Dot, { stroke, tone }: Pen): void {
    if (!this.#holds(dot)) return;
    const { column, row } = this.cellOf(dot);
    const key = row * this.columns + column;
    const bit = DOT_BITS[dot.y % this.#down]?.[dot.x % this.#across] ?? 0;
    const dots = (this.#cells.get(key)?.dots ?? 0) | bit;
    const text = this.#glyphs.braille ? String.fromCodePoint(BRAILLE + dots) : this.#glyphs.strokes[stroke];
    this.#cells.set(key, { dots, text, tone });
  }

  /** A straight line, ends included. A stroke's pattern hangs on the place, so that it stays while a curve grows. */
  line(from: Dot, to: Dot, pen: Pen): void {
    const across = to.x - from.x;
    const down = to.y - from.y;
    const steps = Math.max(Math.abs(across), Math.abs(down));
    // Short pieces, of which a curve of many values is made, all go by their column.
    const isSteep = Math.abs(down) > Math.max(SHORT, Math.abs(across));
    const { drawn, of } = this.#glyphs.braille ? PATTERNS[pen.stroke] : PATTERNS.solid;
    for (let step = 0; step <= steps; step++) {
      const way = steps === 0 ? 0 : step / steps;
      const dot = { x: Math.round(from.x + across * way), y: Math.round(from.y + down * way) };
      if ((isSteep ? dot.y : dot.x) % of < drawn) this.dot(dot, pen);
    }
  }

  /** A single value, in place of all that was drawn in its cell. */
  mark(dot: Dot, tone: Tone): void {
    if (!this.#holds(dot)) return;
    const { column, row } = this.cellOf(dot);
    this.#cells.set(row * this.columns + column, { dots: 0, text: this.#glyphs.point, tone });
  }

  /** What was drawn in a cell; undefined where it is empty. */
  at(column: number, row: number): Span | undefined {
    const cell = this.#cells.get(row * this.columns + column);
    return cell && { text: cell.text, tone: cell.tone };
  }

  #holds({ x, y }: Dot): boolean {
    return x >= 0 && x < this.width && y >= 0 && y < this.height;
  }
}
