/** What the words of `nightsweep sql` stand for: queries by name, and values of parameters. */

import type { QueryParameters, SqlValue } from '../../../db/query.ts';
import type { Reader } from '../../../db/reader.ts';
import { type SavedQuery, builtInQueries, noSuchQuery } from '../../../db/saved-queries.ts';
import { SweepError } from '../../errors.ts';

/** Those that nightsweep brings, then those of the user's. */
export function namedQueries(reader: Reader): SavedQuery[] {
  return [...builtInQueries(), ...reader.savedQueries()];
}

/** @throws SweepError `usage` where there is none of this name */
export function namedQuery(reader: Reader, name: string): SavedQuery {
  const known = namedQueries(reader);
  const found = known.find((each) => each.name === name);
  if (!found) throw noSuchQuery(name, known);
  return found;
}

/** `sweep config`; one of the user's may no longer run, since its sweep was deleted. */
export function parameterNames(reader: Reader, sql: string): string {
  try {
    return reader.queryParameters(sql).join(' ');
  } catch (error) {
    if (error instanceof SweepError) return '(does not run now)';
    throw error;
  }
}

/**
 * The values of a query's parameters. Where there is one sweep only, `:sweep` is that one.
 * @param given each as `name=value`
 */
export function parametersOf(reader: Reader, sql: string, given: readonly string[]): QueryParameters {
  const parameters: Record<string, SqlValue> = Object.fromEntries(given.map(parameter));
  if (Object.hasOwn(parameters, 'sweep') || !reader.queryParameters(sql).includes('sweep')) return parameters;
  const [first, ...others] = [...reader.query('SELECT sweep FROM sweeps').rows].map(([name]) => name ?? null);
  return first === undefined || others.length > 0 ? parameters : { ...parameters, sweep: first };
}

function parameter(text: string): [string, SqlValue] {
  const [name = '', value = ''] = text.split(/=(.*)/s);
  return [name, valueOf(value)];
}

/** A number is bound as one, a whole one as INTEGER where it fits. */
function valueOf(text: string): SqlValue {
  if (/^[-+]?\d+$/.test(text)) {
    const whole = BigInt(text);
    return BigInt.asIntN(64, whole) === whole ? whole : text;
  }
  return /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(text) ? Number(text) : text;
}
