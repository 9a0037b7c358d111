/** What the text of a cell means: a missing value, a number, or neither. Pure. */

/** Spellings of a missing value, in any case and with any blanks around. `none` is not one: it is a common category. */
const MISSING = /^(|na|n\/a|#n\/a|<na>|-?nan|null)$/i;

export function isMissing(cell: string): boolean {
  return MISSING.test(cell.trim());
}

const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** The number that a cell spells in decimal or scientific notation, blanks around it allowed; NaN for anything else. */
export function parseNumber(cell: string): number {
  const text = cell.trim();
  // `Number` also reads 0x10, Infinity and the empty string, which are not numbers of a data file.
  return DECIMAL.test(text) ? Number(text) : NaN;
}
