/**
 * The language of the filter line over trials: terms with blanks between them, all of which must hold.
 *
 *     failed learning_rate<=0.01 activation=relu objective>0.9
 *
 * - `name=value`, `!=`, `<`, `<=`, `>`, `>=` compare a column or a searched parameter; text exactly, numbers as numbers,
 *   where a number also equals what the table shows for it
 * - a part of a name will do where it belongs to one name only: `learn`, `gap`
 * - any other word is looked for in state, failure kind and the params' values; a whole state or kind is only that
 * - double quotes hold together what has blanks in it
 *
 * Pure.
 */

import { didYouMean } from '../../did-you-mean.ts';
import type { ParamValue } from '../../definition/resolved.ts';
import { formatParamCell } from '../format.ts';
import { formatParam } from '../../format-param.ts';
import { METRIC_COLUMNS, STATES } from './trial-order.ts';
import { paramValues, type TrialTable } from './trial-table.ts';

type RowTest = (row: number) => boolean;

/** Either the rows that pass, or what is wrong with the filter, as a sentence. */
export type TrialFilter =
  { readonly passes: RowTest; readonly problem: null } | { readonly passes: null; readonly problem: string };

type Operator = '=' | '!=' | '<' | '<=' | '>' | '>=';

const FAILURE_KINDS = ['diverged', 'error', 'out_of_memory', 'crashed', 'stalled', 'timed_out'];
const TEXT_COLUMNS: ReadonlySet<string> = new Set(['state', 'failure_kind']);
const TERM = /(?:"[^"]*"?|[^\s"])+/g;
const COMPARISON = /^(?<name>[^=!<>]*)(?<operator>!=|<=|>=|==|=|<|>)(?<value>.*)$/s;

class FilterProblem extends Error {}

export function compileFilter(text: string, table: TrialTable): TrialFilter {
  try {
    const tests = [...text.matchAll(TERM)].map(([term]) => compileTerm(term, table));
    return { passes: (row) => tests.every((test) => test(row)), problem: null };
  } catch (error) {
    if (error instanceof FilterProblem) return { passes: null, problem: error.message };
    throw error;
  }
}

function compileTerm(term: string, table: TrialTable): RowTest {
  const parts = COMPARISON.exec(term)?.groups;
  if (!parts) return wordTest(unquoted(term), table);
  const { name = '', operator = '', value = '' } = parts;
  if (name === '') throw new FilterProblem(`'${term}' must begin with the name of a column or a parameter`);
  if (value === '') throw new FilterProblem(`'${term}' must go on with a value`);
  return comparison(
    { name: unquoted(name), operator: operator === '==' ? '=' : (operator as Operator), value: unquoted(value) },
    table,
  );
}

function unquoted(text: string): string {
  return text.replaceAll('"', '');
}

interface Comparison {
  readonly name: string;
  readonly operator: Operator;
  readonly value: string;
}

function comparison(typed: Comparison, table: TrialTable): RowTest {
  const name = nameMeant(typed.name, table);
  const asked = { ...typed, name };
  if (table.parameters.includes(name)) {
    const values = paramValues(table, name);
    const test = valueTest(
      asked,
      values.every((value) => typeof value !== 'number'),
    );
    return ofConfigs(values.map(test), table);
  }
  const cells = cellsOf(name, table);
  const test = valueTest(asked, TEXT_COLUMNS.has(name), !TEXT_COLUMNS.has(name));
  return (row) => test(cells(row));
}

function cellsOf(name: string, table: TrialTable): (row: number) => ParamValue | undefined {
  if (name === 'trial') return (row) => table.ids[row];
  if (name === 'config') return (row) => table.configs[row];
  if (name === 'replicate') return (row) => table.replicates[row];
  const column = METRIC_COLUMNS.find((known) => known === name);
  if (column) {
    const values = table.column(column);
    return (row) => values[row];
  }
  throw new Error(`column ${name} must be one that trials have`);
}

/** The column or parameter of this name, or the only one with a name that it is a part of. */
function nameMeant(name: string, { parameters }: TrialTable): string {
  const known = [...parameters, 'trial', 'config', 'replicate', ...METRIC_COLUMNS];
  if (known.includes(name)) return name;
  const longer = known.filter((each) => each.includes(name));
  if (longer.length > 1) throw new FilterProblem(`'${name}' may be ${longer.join(' or ')}`);
  if (longer[0] !== undefined) return longer[0];
  throw new FilterProblem(`nothing is called '${name}'; ${didYouMean(name, known) ?? `there are ${known.join(', ')}`}`);
}

/**
 * @param isText whether no value is a number
 * @param isNumber whether all values are numbers
 */
function valueTest(
  { name, operator, value }: Comparison,
  isText: boolean,
  isNumber = false,
): (found: ParamValue | undefined) => boolean {
  const number = value.trim() === '' ? NaN : Number(value);
  if (operator === '=' || operator === '!=') {
    if (isNumber && Number.isNaN(number)) throw notANumber(name, value);
    const equal = (found: ParamValue | undefined): boolean =>
      typeof found === 'number'
        ? isShownAs(found, number)
        : found !== null && found !== undefined && String(found) === value;
    return operator === '=' ? equal : (found) => !equal(found);
  }
  if (isText) throw new FilterProblem(`${name} is text and has no order: ask for ${name}=VALUE or ${name}!=VALUE`);
  if (Number.isNaN(number)) throw notANumber(name, value);
  const compare = COMPARE[operator];
  return (found) => typeof found === 'number' && compare(found, number);
}

/** Tables round long numbers: one must be able to ask for what one reads. */
function isShownAs(found: number, number: number): boolean {
  if (found === number) return true;
  const isNear = Math.abs(found - number) <= 1e-3 * Math.abs(number);
  return isNear && Number(formatParamCell(found)) === number;
}

const COMPARE: Readonly<Record<Exclude<Operator, '=' | '!='>, (a: number, b: number) => boolean>> = {
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
};

function notANumber(name: string, value: string): FilterProblem {
  return new FilterProblem(`${name} is a number, but '${value}' is none`);
}

function wordTest(word: string, table: TrialTable): RowTest {
  const wanted = word.toLowerCase();
  const states = table.column('state');
  if (STATES.some((state) => state === wanted)) return (row) => states[row] === wanted;
  const kinds = table.column('failure_kind');
  if (FAILURE_KINDS.includes(wanted)) return (row) => kinds[row] === wanted;
  const found = ofConfigs(
    table.params.map((params) => Object.values(params).some((value) => spellings(value).includes(wanted))),
    table,
  );
  const holds = (value: unknown): boolean => typeof value === 'string' && value.includes(wanted);
  return (row) => found(row) || holds(states[row]) || holds(kinds[row]);
}

/** A value as it is and as it is shown. */
function spellings(value: ParamValue): string {
  return `${value} ${formatParam(value)} ${formatParamCell(value)}`.toLowerCase();
}

function ofConfigs(passes: readonly boolean[], { configs }: TrialTable): RowTest {
  return (row) => passes[configs[row]!] ?? false;
}
