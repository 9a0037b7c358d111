/** Tables for people: aligned columns that fit the terminal, or one record per row where they cannot. Pure. */

import { clean, columnsOf, padEnd, padStart, truncate } from '../dashboard/text.ts';

export type Cell = string | number | bigint | boolean | null;

export interface TableOptions {
  /** Columns of the terminal; without it nothing is cut. */
  readonly width?: number | undefined;
}

const GAP = '  ';
const ELLIPSIS = '...';
const NARROWEST = 8;

/** `rows` under the names of their columns, with a final line feed; numbers stand to the right, NULL is empty. */
export function formatTable(
  columns: readonly string[],
  rows: readonly (readonly Cell[])[],
  { width }: TableOptions = {},
): string {
  const header = columns.map(clean);
  const body = rows.map((row) => columns.map((_, index) => cellText(row[index] ?? null)));
  const natural = header.map((name, index) => widest([name, ...body.map((row) => row[index] ?? '')]));
  const right = columns.map((_, index) => isNumeric(rows.map((row) => row[index] ?? null)));
  const widths = fit(natural, right, width);
  if (!widths) return records(header, body, width ?? Infinity);
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, index) =>
        (right[index] ? padStart : padEnd)(truncate(cell, widths[index] ?? 0, ELLIPSIS), widths[index] ?? 0),
      )
      .join(GAP)
      .trimEnd();
  const rule = widths.map((columnWidth) => '-'.repeat(columnWidth)).join(GAP);
  return [line(header), rule, ...body.map(line)].map((text) => `${text}\n`).join('');
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
