/** Turns what zod found into mistakes in words: what must hold, what was found, and the nearest right spelling. */

import { z } from 'zod';
import { didYouMean, nearest } from '../did-you-mean.ts';
import { exampleFor, keyAdvice } from './examples.ts';
import { FOREIGN_KEYS, FOREIGN_VALUES } from './foreign-names.ts';
import { formatPath, listed, show, valueAt, type Mistake, type Path } from './mistake.ts';
import { looksLikeReference } from './references.ts';

type Issue = z.core.$ZodIssue;

export type Checked<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly mistakes: Mistake[] };

/** Parses `value`; paths of mistakes start with `base`. */
export function check<T>(schema: z.ZodType<T>, value: unknown, base: Path = []): Checked<T> {
  const result = schema.safeParse(value, { error: knownKeys });
  if (result.success) return { ok: true, value: result.data };
  const mistakes = withoutEchoes(result.error.issues.flatMap((issue) => explain(issue, value, [])));
  return { ok: false, mistakes: mistakes.map((mistake) => ({ ...mistake, path: [...base, ...mistake.path] })) };
}

/** A misspelt key is one mistake, not also a missing one. */
function withoutEchoes(mistakes: readonly Mistake[]): Mistake[] {
  const meant = new Set(
    mistakes.flatMap(({ path, hint, at }) =>
      at === 'key' && hint ? [`${formatPath(path.slice(0, -1))} ${hint}`] : [],
    ),
  );
  return mistakes.filter(
    ({ path }) => !meant.has(`${formatPath(path.slice(0, -1))} did you mean ${String(path[path.length - 1])}?`),
  );
}

/** zod does not say which keys an object knows: they travel in the message of the issue, which we do not show. */
function knownKeys(issue: z.core.$ZodRawIssue): string | undefined {
  if (issue.code !== 'unrecognized_keys' || !(issue.inst instanceof z.ZodObject)) return undefined;
  return Object.keys(issue.inst.shape).join(' ');
}

function explain(issue: Issue, root: unknown, base: Path): Mistake[] {
  const path = [...base, ...issue.path.map((step) => (typeof step === 'number' ? step : String(step)))];
  const found = valueAt(root, path);
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => unknownKey([...path, key], key, issue.message.split(' ')));
  }
  if (issue.code === 'invalid_union') {
    const branch = bestBranch(issue, found);
    if (branch) return branch.flatMap((inner) => explain(inner, root, path));
  }
  if (issue.code === 'invalid_key') {
    return [{ path, at: 'key', message: 'must be a name', hint: 'letters, digits and _' }];
  }
  const must = typeof found === 'number' && !Number.isFinite(found) ? 'a finite number' : requirement(issue);
  const hint = valueHint(found, options(issue)) ?? exampleFor(path, found) ?? textHint(issue, found);
  const message = found === undefined ? `must be given: ${must}` : `must be ${must}, but found ${show(found)}`;
  return [{ path, message, ...(hint === undefined ? {} : { hint }) }];
}

function unknownKey(path: Path, key: string, known: readonly string[]): Mistake {
  // A key that another kind has, such as `momentum` of sgd, is better served by the spelling than by the list of foreign names.
  const near = didYouMean(key, known);
  const foreign = Object.hasOwn(FOREIGN_KEYS, key) ? FOREIGN_KEYS[key] : undefined;
  return {
    path,
    at: 'key',
    message: 'unknown key',
    hint: keyAdvice(path) ?? foreign ?? near ?? `known here: ${known.join(', ')}`,
  };
}

/**
 * The alternative that the user most likely meant, where it goes beyond the type of the whole value:
 * the one with the least wrong with it. Undefined when no alternative takes a value of this type.
 */
function bestBranch(issue: Extract<Issue, { code: 'invalid_union' }>, found: unknown): readonly Issue[] | undefined {
  let best: readonly Issue[] | undefined;
  let least = Infinity;
  for (const branch of issue.errors) {
    if (branch.some((inner) => isTypeMismatch(inner, found))) continue;
    const badness = branch.reduce((sum, inner) => sum + weight(inner, found), 0);
    if (badness < least) {
      best = branch;
      least = badness;
    }
  }
  return best;
}

function isTypeMismatch(issue: Issue, found: unknown): boolean {
  if (issue.path.length > 0) return false;
  if (issue.code === 'invalid_type' || issue.code === 'invalid_value') return true;
  return issue.code === 'invalid_union' && bestBranch(issue, found) === undefined;
}

/** How much an issue speaks against its alternative being the one that was meant. */
function weight(issue: Issue, found: unknown): number {
  if (issue.code === 'unrecognized_keys') {
    // A key that is nearly one of this alternative speaks for it, and explains the one that is missing.
    const known = issue.message.split(' ');
    return issue.keys.reduce((sum, key) => sum + (nearest(key, known) === undefined ? 2 : -3), 0);
  }
  const there = valueAt(found, issue.path.map(String));
  // A reference may stand for whatever is wanted there.
  if (looksLikeReference(there)) return 0;
  const missing = there === undefined;
  // What lacks deep inside says little about the alternative as a whole.
  if (missing && issue.path.length === 1) return issue.code === 'invalid_union' ? 10 : 5;
  return 1;
}

/** What must hold, to stand after "must be". */
function requirement(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return TYPES[issue.expected] ?? issue.expected;
    case 'invalid_value':
      return issue.values.length === 1 ? String(issue.values[0]) : `one of ${issue.values.map(String).join(', ')}`;
    case 'invalid_union': {
      const names = options(issue);
      if (issue.errors.length === 0) return `one of ${names.join(', ')}`;
      const plain = issue.errors.flat().filter((inner) => inner.code !== 'invalid_value' && inner.path.length === 0);
      const types = [...new Set(plain.filter((inner) => inner.code !== 'invalid_union').map(requirement))];
      const named = names.length > 1 ? [`one of ${names.join(', ')}`] : names;
      const [maps, plainTypes] = [types.filter((type) => type === 'a map'), types.filter((type) => type !== 'a map')];
      return listed([...plainTypes, ...named, ...maps]);
    }
    case 'too_small':
    case 'too_big':
      return bound(issue);
    default:
      return issue.message;
  }
}

function bound(issue: Extract<Issue, { code: 'too_small' | 'too_big' }>): string {
  const low = issue.code === 'too_small';
  const limit = String(low ? issue.minimum : issue.maximum);
  if (issue.origin === 'array') return `a list of ${low ? 'at least' : 'at most'} ${limit}`;
  if (issue.origin === 'string') return `text of ${low ? 'at least' : 'at most'} ${limit} characters`;
  return `${low ? '>' : '<'}${issue.inclusive ? '=' : ''} ${limit}`;
}

const TYPES: Readonly<Record<string, string>> = {
  number: 'a number',
  int: 'a whole number',
  string: 'text',
  boolean: 'true or false',
  array: 'a list',
  tuple: 'a list',
  object: 'a map',
  record: 'a map',
};

/** All names that the issue would have taken. */
function options(issue: Issue): string[] {
  if (issue.code === 'invalid_value') return issue.values.map(String);
  if (issue.code !== 'invalid_union') return [];
  const own = 'options' in issue && Array.isArray(issue.options) ? issue.options : [];
  const names = [...own.filter((option) => typeof option === 'string'), ...issue.errors.flat().flatMap(options)];
  return [...new Set(names)];
}

function textHint(issue: Issue, found: unknown): string | undefined {
  const wantsText = issue.code === 'invalid_type' && issue.expected === 'string';
  return wantsText && typeof found === 'number' ? `text that looks like a number has quotes: "${found}"` : undefined;
}

function valueHint(found: unknown, names: readonly string[]): string | undefined {
  if (found === null && names.includes('none')) return 'write none for off';
  if (typeof found !== 'string' && typeof found !== 'boolean') return undefined;
  const text = String(found);
  const foreign = Object.hasOwn(FOREIGN_VALUES, text) ? FOREIGN_VALUES[text] : undefined;
  return foreign !== undefined && names.includes(foreign) ? `here it is called ${foreign}` : didYouMean(text, names);
}
