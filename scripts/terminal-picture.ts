/**
 * Draws a recorded terminal as an SVG picture for the documents:
 * `tsx scripts/terminal-picture.ts RECORDING COLUMNS ROWS > picture.svg`. A recording is what tmux's pipe-pane wrote.
 */

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { IBufferCell, Terminal as HeadlessTerminal } from '@xterm/headless';

// A CommonJS package whose names Node cannot see in advance.
const { Terminal } = createRequire(import.meta.url)('@xterm/headless') as typeof import('@xterm/headless');

const CELL_WIDTH = 8.4;
const LINE_HEIGHT = 18;
const MARGIN = 16;
const BACKGROUND = '#1c1f26';
const FOREGROUND = '#d8dee9';
/** The sixteen colours that a program names by number. */
const PALETTE = [
  '#2e3440',
  '#e06c75',
  '#98c379',
  '#e5c07b',
  '#61afef',
  '#c678dd',
  '#56b6c2',
  '#d8dee9',
  '#6b7280',
  '#ff7b86',
  '#b5e890',
  '#ffd68a',
  '#82c4ff',
  '#e29bf3',
  '#7fd6e0',
  '#ffffff',
];

const [file, columns, rows] = process.argv.slice(2);
if (!file || !columns || !rows) throw new Error('usage: terminal-picture.ts RECORDING COLUMNS ROWS');
const terminal = new Terminal({ cols: Number(columns), rows: Number(rows), allowProposedApi: true });
await new Promise<void>((done) => terminal.write(readFileSync(file), done));
console.log(draw(terminal));

interface Style {
  readonly colour: string;
  readonly bold: boolean;
  readonly dim: boolean;
}

function draw({ buffer, rows: height, cols }: HeadlessTerminal): string {
  const lines: string[] = [];
  for (let row = 0; row < height; row += 1) {
    const line = buffer.active.getLine(buffer.active.viewportY + row);
    if (!line) continue;
    let run = '';
    let start = 0;
    let style: Style | undefined;
    const flush = (): void => {
      if (run !== '' && style) lines.push(text(run, start, row, style));
      run = '';
    };
    for (let column = 0; column < cols; column += 1) {
      const cell = line.getCell(column);
      if (!cell || cell.getWidth() === 0) continue;
      const next = styleOf(cell);
      const blank = cell.getChars().trim() === '';
      // A word at a time: blanks inside a text would be collapsed.
      if (blank || !style || next.colour !== style.colour || next.bold !== style.bold || next.dim !== style.dim) {
        flush();
        style = next;
      }
      if (run === '') start = column;
      if (!blank) run += cell.getChars();
    }
    flush();
  }
  const width = Math.round(cols * CELL_WIDTH + 2 * MARGIN);
  const total = height * LINE_HEIGHT + 2 * MARGIN;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${total}" width="${width}" height="${total}">`,
    `<rect width="100%" height="100%" rx="8" fill="${BACKGROUND}"/>`,
    `<g font-family="ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace" font-size="14">`,
    ...lines,
    '</g></svg>',
  ].join('\n');
}

function styleOf(cell: IBufferCell): Style {
  const number = cell.getFgColor();
  const palette = cell.isFgPalette() ? (PALETTE[number] ?? FOREGROUND) : FOREGROUND;
  const colour = cell.isFgRGB() ? `#${number.toString(16).padStart(6, '0')}` : palette;
  return { colour, bold: cell.isBold() !== 0, dim: cell.isDim() !== 0 };
}

function text(run: string, column: number, row: number, { colour, bold, dim }: Style): string {
  const escaped = run.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  const x = (MARGIN + column * CELL_WIDTH).toFixed(1);
  const y = MARGIN + row * LINE_HEIGHT + 14;
  const length = (run.length * CELL_WIDTH).toFixed(1);
  const weight = bold ? ' font-weight="bold"' : '';
  const opacity = dim ? ' opacity="0.6"' : '';
  return `<text x="${x}" y="${y}" textLength="${length}" lengthAdjust="spacingAndGlyphs" fill="${colour}"${weight}${opacity}>${escaped}</text>`;
}
