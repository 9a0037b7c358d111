/** The levels of a searched parameter: its values, or ranges of them where there are too many. Pure. */

import { isMap } from '../definition/mistake.ts';
import type { Params, ParamValue } from '../definition/resolved.ts';
import { formatParam } from '../format-param.ts';

/** One value of a parameter, or a range of values where there are too many to show one by one. */
export interface Level {
  readonly label: string;
  /** Numeric position on an axis; null for values that are no numbers. */
  readonly position: number | null;
  readonly value: ParamValue | undefined;
}

/** A parameter with more numbers than this is cut into ranges. */
const MOST_VALUES = 12;
/** Ranges of one parameter alone, of each of two, and for regression trees. */
const RANGES = { line: 10, grid: 6, tree: 32 } as const;

export interface Leveled {
  readonly levels: readonly Level[];
  /** Index into `levels`, by ordinal of the config. */
  readonly levelOf: readonly number[];
}

/**
 * Numbers come first, in their order, then texts as the definition has them, then a level without a value for configs
 * that do not reach the parameter.
 * @param params of all configs, by ordinal
 * @param written the parameter's values as the definition lists them; empty where it lists none
 */
export function levelsOf(
  parameter: string,
  params: readonly Params[],
  written: readonly unknown[],
  shape: keyof typeof RANGES,
): Leveled {
  const values = params.map((each) => each[parameter] ?? null);
  const distinct = [...new Set(values)];
  const numbers = distinct.filter((value) => typeof value === 'number').sort((a, b) => a - b);
  const texts = distinct.filter((value) => value !== null && typeof value !== 'number');
  const place = (value: ParamValue): number => {
    const index = written.findIndex((each) => String(each) === String(value));
    return index < 0 ? written.length : index;
  };
  texts.sort((a, b) => place(a) - place(b));
  const ranges =
    numbers.length > MOST_VALUES
      ? quantileRanges(
          values.filter((value) => typeof value === 'number'),
          RANGES[shape],
        )
      : undefined;
  const numeric = ranges ? ranges.map(rangeLevel) : numbers.map(valueLevel);
  const others = [...texts, ...(distinct.includes(null) ? [null] : [])].map(valueLevel);
  const levels = [...numeric, ...others];
  const indices = new Map(levels.map(({ value }, index) => [value, index]));
  const levelOf = values.map((value) => {
    if (!ranges || typeof value !== 'number') return indices.get(value)!;
    return ranges.findIndex(({ high }) => value <= high);
  });
  return { levels, levelOf };
}

function valueLevel(value: ParamValue): Level {
  return { label: formatParam(value, 'none'), position: typeof value === 'number' ? value : null, value };
}

interface Range {
  readonly low: number;
  readonly middle: number;
  readonly high: number;
}

/** Ranges that hold about equally many of the numbers; equal numbers are never divided. */
function quantileRanges(numbers: readonly number[], count: number): Range[] {
  const sorted = Float64Array.from(numbers).sort();
  const ranges: Range[] = [];
  for (let from = 0, to = 0; from < sorted.length; from = to) {
    const share = Math.ceil((sorted.length - from) / Math.max(1, count - ranges.length));
    const high = sorted[from + share - 1]!;
    to = from + share;
    while (to < sorted.length && sorted[to] === high) to += 1;
    ranges.push({ low: sorted[from]!, middle: sorted[(from + to - 1) >> 1]!, high });
  }
  return ranges;
}

function rangeLevel({ low, middle, high }: Range): Level {
  const [from, to] = [short(low), short(high)];
  return { label: from === to ? from : `${from}..${to}`, position: middle, value: undefined };
}

/** In two digits; small and large numbers alike with an exponent, so that both ends of a range look the same. */
function short(value: number): string {
  const size = Math.abs(value);
  if (size === 0 || (size >= 1e-3 && size < 1e5)) return String(Number(value.toPrecision(2)));
  return value.toExponential(1).replace('.0e', 'e').replace('e+', 'e');
}

/** What `search` lists for a parameter in a definition as it was written and stored; empty where it lists nothing. */
export function writtenValues(document: unknown, parameter: string): readonly unknown[] {
  const definition = isMap(document) && isMap(document['definition']) ? document['definition'] : document;
  const search = isMap(definition) ? definition['search'] : undefined;
  const written = isMap(search) ? search[parameter] : undefined;
  const values = isMap(written) ? written['values'] : undefined;
  if (Array.isArray(values)) return values;
  return isMap(values) ? Object.keys(values) : [];
}
