/** The searched parameters as knobs: what each of them turns, by where it stands in the definition, and its values. Pure. */

import { isMap } from '../definition/mistake.ts';
import type { Params } from '../definition/resolved.ts';
import { looksLikeReference, parseReference } from '../definition/references.ts';
import { REFERRING_SECTIONS } from '../definition/schema/definition.ts';
import { parameter } from '../definition/schema/search.ts';
import { allValues, rounded, type Domain, type RangeDomain } from '../search/domain.ts';

export interface Knob {
  readonly name: string;
  /** The keys that it stands at, such as `dropout` or `learning_rate`. */
  readonly keys: ReadonlySet<string>;
  /** Null for named choices and texts. */
  readonly range: SearchedRange | null;
}

/** Numbers that a parameter takes. */
export interface SearchedRange {
  readonly low: number;
  readonly high: number;
  /** In order; null where every number between the ends may be drawn. */
  readonly values: readonly number[] | null;
  readonly log: boolean;
  readonly integer: boolean;
}

/** Of the range of a parameter: what counts as its end where every number between may be drawn. */
const END = 0.1;

/** In the order of the definition. */
export function knobsOf(definition: unknown): readonly Knob[] {
  const search = isMap(definition) && isMap(definition['search']) ? definition['search'] : {};
  const keys = new Map<string, Set<string>>(Object.keys(search).map((name) => [name, new Set<string>()]));
  const seen = new Set<string>();
  const visit = (node: unknown, key: string): void => {
    if (looksLikeReference(node)) {
      const reference = parseReference(node);
      if (!reference || seen.has(`${node} ${key}`)) return;
      seen.add(`${node} ${key}`);
      keys.get(reference.name)?.add(key);
      for (const choice of choicesOf(search[reference.name])) {
        visit(reference.key !== undefined && isMap(choice) ? choice[reference.key] : choice, key);
      }
    } else if (Array.isArray(node)) {
      for (const item of node) visit(item, key);
    } else if (isMap(node)) {
      for (const [inner, item] of Object.entries(node)) visit(item, inner === 'name' ? key : inner);
    }
  };
  for (const section of REFERRING_SECTIONS) if (isMap(definition)) visit(definition[section], section);
  return [...keys].map(([name, found]) => ({ name, keys: canonical(found), range: rangeOf(search[name]) }));
}

/** What the named choices of a parameter stand for. */
function choicesOf(written: unknown): readonly unknown[] {
  return isMap(written) && isMap(written['values']) ? Object.values(written['values']) : [];
}

function canonical(keys: ReadonlySet<string>): ReadonlySet<string> {
  return new Set([...keys].map((key) => (key === 'initial_learning_rate' ? 'learning_rate' : key)));
}

function rangeOf(written: unknown): SearchedRange | null {
  const { data } = parameter.safeParse(written);
  if (!data || ('values' in data && !Array.isArray(data.values))) return null;
  const domain: Domain = 'values' in data ? (data.values as Exclude<Domain, RangeDomain>) : data;
  const listed = allValues(domain);
  if (listed && !listed.every((value) => typeof value === 'number')) return null;
  const values = listed ? [...listed].sort((a, b) => a - b) : null;
  const [low, high] = values ? [values[0]!, values.at(-1)!] : (domain as RangeDomain).range;
  const log = 'range' in domain ? domain.log : false;
  return low < high ? { low, high, values, log, integer: values?.every(Number.isInteger) ?? false } : null;
}

/** A best value that lies at an end of what was searched. */
export interface Edge {
  readonly knob: Knob;
  readonly end: 'low' | 'high';
  /** Of the best config. */
  readonly value: number;
  /** `others`: some that may be the best lie elsewhere. `chance`: nobody knows which may be the best. */
  readonly doubt: 'none' | 'others' | 'chance';
  /** The next value beyond. */
  readonly beyond: number;
}

/** The best config, and those that the results cannot tell from it: null where nothing can be told. */
export interface Contenders {
  readonly best: Params;
  readonly others: readonly Params[] | null;
}

/** Null where the best lies inside, or where nothing makes sense beyond. */
export function edgeOf(knob: Knob, { best, others }: Contenders): Edge | null {
  const { range } = knob;
  const value = best[knob.name];
  if (!range || typeof value !== 'number') return null;
  const end = endOf(range, value);
  if (end === null) return null;
  const beyond = nextBeyond(knob, range, end);
  if (beyond === null) return null;
  const agrees = (params: Params): boolean => {
    const other = params[knob.name];
    return typeof other !== 'number' || endOf(range, other) === end;
  };
  const doubt = others === null ? 'chance' : others.every(agrees) ? 'none' : 'others';
  return { knob, end, value, doubt, beyond };
}

function endOf({ low, high, values, log }: SearchedRange, value: number): Edge['end'] | null {
  if (values) return value === high ? 'high' : value === low ? 'low' : null;
  const place = (each: number): number => (log ? Math.log(each) : each);
  const share = (place(value) - place(low)) / (place(high) - place(low));
  return share >= 1 - END ? 'high' : share <= END ? 'low' : null;
}

/** Shares of something, below 1. */
const SHARES: ReadonlySet<string> = new Set([
  'dropout',
  'momentum',
  'beta_1',
  'beta_2',
  'rho',
  'labels',
  'label_smoothing',
  'factor',
  'decay_rate',
]);

/** The next value in the measure of the others: by a factor, or by a step. Null where there is none. */
function nextBeyond({ keys }: Knob, range: SearchedRange, end: Edge['end']): number | null {
  const { low, high, log, integer } = range;
  const isShare = [...keys].some((key) => SHARES.has(key));
  const [edge, inner] = end === 'high' ? [high, neighbour(range, 'high')] : [low, neighbour(range, 'low')];
  const byFactor = log || (!isShare && edge > 0 && inner > 0 && !isEven(range));
  let next = byFactor ? edge * (edge / inner) : 2 * edge - inner;
  if (isShare && next >= 1) next = (1 + edge) / 2;
  next = integer ? Math.round(next) : rounded(Number(next.toPrecision(2)));
  const least = integer ? 1 : 0;
  return next === edge || (end === 'low' && (next < least || next <= 0)) ? null : next;
}

/** The value next to an end; of a range without listed values one that is as far away as a new end should be. */
function neighbour({ low, high, values, log }: SearchedRange, end: Edge['end']): number {
  const [at, factor] = end === 'high' ? [high, 0.1] : [low, 10];
  const listed = values?.at(end === 'high' ? -2 : 1);
  if (listed !== undefined) return listed;
  return log ? at * factor : (low + high) / 2;
}

/** Whether three values or more lie evenly. */
function isEven({ values }: SearchedRange): boolean {
  if (!values || values.length < 3) return false;
  const steps = values.slice(1).map((value, index) => value - values[index]!);
  return steps.every((step) => Math.abs(step - steps[0]!) < 1e-9 * Math.abs(values.at(-1)!));
}
