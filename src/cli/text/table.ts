/** Tables for people: aligned columns that fit the terminal, or one record per row where they cannot. Pure. */

import type { Tone } from '../../dashboard/theme.ts';
import { clean, columnsOf, padEnd, padStart, truncate } from '../../dashboard/text.ts';

export type Cell = string | number | bigint | boolean | null;

export interface TableOptions {
  /** Columns of the terminal; without it nothing is cut. */
  readonly width?: number | undefined;
  /** Colours what has been laid out; without it all is plain. */
  readonly paint?: Paint | undefined;
  /** Indices of the columns that may be cut to fit; without them all that hold text. */
  readonly soft?: readonly number[];
  /** The tone of a cell of `rows`. */
  readonly toneOf?: (row: number, column: number) => Tone;
}

type Paint = (text: string, tone: Tone) => string;

const GAP = '  ';
const ELLIPSIS = '...';
const NARROWEST = 8;

/** `rows` under the names of their columns, with a final line feed; numbers stand to the right, NULL is empty. */
export function formatTable(
  columns: readonly string[],
  rows: readonly (readonly Cell[])[],
  { width, paint = plainly, toneOf = () => 'plain', soft }: TableOptions = {},
): string {
  const header = columns.map(clean);
  const body = rows.map((row) => columns.map((_, index) => cellText(row[index] ?? null)));
  const natural = header.map((name, index) => widest([name, ...body.map((row) => row[index] ?? '')]));
  const right = columns.map((_, index) => isNumeric(rows.map((row) => row[index] ?? null)));
  const rigid = soft ? columns.map((_, index) => !soft.includes(index)) : right;
  const widths = fit(natural, rigid, width);
  if (!widths) return records(header, body, width ?? Infinity);
  const line = (cells: readonly string[], tone: (column: number) => Tone): string =>
    cells
      .map((cell, index) => {
        const columnWidth = widths[index] ?? 0;
        const text = (right[index] ? padStart : padEnd)(truncate(cell, columnWidth, ELLIPSIS), columnWidth);
        return paint(index === cells.length - 1 ? text.trimEnd() : text, tone(index));
      })
      .join(GAP)
      .trimEnd();
  const rule = widths.map((columnWidth) => '-'.repeat(columnWidth)).join(GAP);
  const lines = [
    line(header, () => 'strong'),
    paint(rule, 'quiet'),
    ...body.map((cells, row) => line(cells, (column) => toneOf(row, column))),
  ];
  return lines.map((text) => `${text}\n`).join('');
}

function plainly(text: string): string {
  return text;
}

/** Widths that fit, taken from the widest columns of text; numbers are never cut. Undefined where nothing fits. */
function fit(natural: readonly number[], rigid: readonly boolean[], width: number | undefined): number[] | undefined {
  const widths = [...natural];
  if (width === undefined) return widths;
  let excess = sum(widths) + GAP.length * (widths.length - 1) - width;
  while (excess > 0) {
    const soft = widths.flatMap((each, index) => (!rigid[index] && each > NARROWEST ? [index] : []));
    const [first] = soft;
    if (first === undefined) return undefined;
    const widestOne = soft.reduce((a, b) => ((widths[b] ?? 0) > (widths[a] ?? 0) ? b : a), first);
    widths[widestOne] = (widths[widestOne] ?? 0) - 1;
    excess -= 1;
  }
  return widths;
}

function records(header: readonly string[], body: readonly (readonly string[])[], width: number): string {
  const names = widest(header);
  const room = Math.max(NARROWEST, width - names - GAP.length);
  return body
    .map((row, number) => {
      const lines = header.map((name, index) => padEnd(name, names) + GAP + truncate(row[index] ?? '', room, ELLIPSIS));
      return `${[`-- ${number + 1} --`, ...lines].map((line) => line.trimEnd()).join('\n')}\n`;
    })
    .join('\n');
}

function cellText(cell: Cell): string {
  return cell === null ? '' : clean(String(cell));
}

/** Whether every value that is there is a number, or text that shows one such as `0.943`. */
function isNumeric(cells: readonly Cell[]): boolean {
  const present = cells.filter((cell) => cell !== null && cell !== '' && cell !== '-');
  return present.length > 0 && present.every((cell) => typeof cell !== 'boolean' && Number.isFinite(Number(cell)));
}

function widest(texts: readonly string[]): number {
  return texts.reduce((most, text) => Math.max(most, columnsOf(text)), 0);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
