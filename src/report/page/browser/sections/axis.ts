/** An axis of parallel coordinates: values of one parameter between 0 and 1. Pure. */

import type { ParamValue } from '../../../../definition/resolved.ts';
import { formatCell } from '../text.ts';

export interface Axis {
  readonly name: string;
  /** 0 to 1, from the bottom. */
  readonly at: (value: ParamValue) => number;
  readonly ticks: readonly { readonly at: number; readonly label: string }[];
}

/** Numbers that are so many are placed by size; fewer values, and those that are no numbers, at equal distances. */
const MOST_LEVELS = 12;
/** Largest by smallest from which a logarithmic axis shows more. */
const LOG_FROM = 50;

/** Room for those that have no value, below all that have one. */
const FLOOR = 0.1;
/** Labels of an axis that do not overlap. */
const MOST_TICKS = 16;

/** @param mostLevels 0 for an axis of numbers in any case */
export function axisFor(name: string, values: readonly ParamValue[], mostLevels = MOST_LEVELS): Axis {
  const levels = [...new Set(values)].toSorted(compareValues);
  const numbers = levels.filter((value) => typeof value === 'number');
  const hasNull = levels.includes(null);
  const isNumeric = numbers.length + Number(hasNull) === levels.length && numbers.length > Math.max(1, mostLevels);
  return isNumeric ? numericAxis(name, numbers, hasNull ? FLOOR : 0) : levelAxis(name, levels);
}

/** What a config does not reach comes first, then numbers by size, then the rest by name. */
function compareValues(a: ParamValue, b: ParamValue): number {
  if (a === null || b === null) return Number(b === null) - Number(a === null);
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return String(a).localeCompare(String(b), 'en', { numeric: true });
}

function levelAxis(name: string, levels: readonly ParamValue[]): Axis {
  const places = new Map(
    levels.map((level, index) => [level, levels.length === 1 ? 0.5 : index / (levels.length - 1)]),
  );
  return {
    name,
    at: (value) => places.get(value) ?? 0,
    ticks: [...places]
      .filter((_, index) => index % Math.ceil(levels.length / MOST_TICKS) === 0)
      .map(([level, at]) => ({ at, label: formatCell(level) })),
  };
}

/** @param floor where the least number is; what has no number is at 0 */
function numericAxis(name: string, numbers: readonly number[], floor: number): Axis {
  const [low, high] = [Math.min(...numbers), Math.max(...numbers)];
  const isLog = low > 0 && high / low > LOG_FROM;
  const size = isLog ? Math.log10 : (value: number) => value;
  const share = (value: number) => (size(value) - size(low)) / (size(high) - size(low));
  const at = (value: ParamValue) => (typeof value === 'number' ? floor + (1 - floor) * share(value) : 0);
  const ticks = isLog
    ? powersOfTen(low, high)
    : [0, 0.25, 0.5, 0.75, 1].map((share) => rounded(low + share * (high - low)));
  const shown = floor > 0 ? [null, ...ticks] : ticks;
  return { name, at, ticks: shown.map((value) => ({ at: at(value), label: formatCell(value) })) };
}

function rounded(value: number): number {
  return Number(value.toPrecision(3));
}

function powersOfTen(low: number, high: number): readonly number[] {
  const first = Math.ceil(Math.log10(low) - 1e-9);
  const last = Math.floor(Math.log10(high) + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, index) => 10 ** (first + index));
}
