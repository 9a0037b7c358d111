/** Mistakes in `$name`: not searched, badly written, in a place where none may stand, going in circles, or never used. Pure. */

import { didYouMean } from '../did-you-mean.ts';
import { isMap, listed, show, type Mistake, type Path } from './mistake.ts';
import { PARAMETER_NAME, parseReference, referencesIn } from './references.ts';
import { REFERRING_SECTIONS } from './schema/definition.ts';

type Raw = Readonly<Record<string, unknown>>;

/** Works on the value as written, whatever else is wrong with it. */
export function referenceMistakes(definition: Raw): Mistake[] {
  const search = isMap(definition['search']) ? definition['search'] : {};
  const mistakes: Mistake[] = [];
  for (const { text, path } of referencesIn(definition, [])) {
    const reference = parseReference(text);
    const place = placeOf(path);
    if (place === 'elsewhere') {
      mistakes.push({
        path,
        message: `must be a plain value, but found ${show(text)}`,
        hint: `references may stand in ${listed(REFERRING_SECTIONS, 'and')}`,
      });
    } else if (!reference) {
      const hint = 'there are no expressions: write the file in TypeScript; $$ stands for a plain $';
      mistakes.push({ path, message: `must have the form $name or $name.key, but found ${show(text)}`, hint });
    } else if (!Object.hasOwn(search, reference.name)) {
      const known = Object.keys(search);
      const hint = didYouMean(reference.name, known) ?? `searched here: ${listed(known, 'and') || 'nothing'}`;
      mistakes.push({ path, message: `must be a searched parameter, but ${text} is not in search`, hint });
    } else if (reference.key !== undefined) {
      mistakes.push(...keyMistakes(search[reference.name], reference.name, reference.key, path));
    }
  }
  return [...mistakes, ...circles(search), ...unused(definition, search)];
}

/** References may stand in the sections that describe a trial, and in the values of named choices. */
function placeOf(path: Path): 'section' | 'choice' | 'elsewhere' {
  if (REFERRING_SECTIONS.some((section) => section === path[0])) return 'section';
  return path[0] === 'search' && path[2] === 'values' && typeof path[3] === 'string' ? 'choice' : 'elsewhere';
}

function keyMistakes(parameter: unknown, name: string, key: string, path: Path): Mistake[] {
  const choices = choicesOf(parameter);
  if (!choices) {
    const message = `must be a plain reference, since ${name} has no named choices with keys, but found "$${name}.${key}"`;
    return [{ path, message, hint: `write $${name}` }];
  }
  const lacking = Object.entries(choices).filter(([, choice]) => !isMap(choice) || !Object.hasOwn(choice, key));
  if (lacking.length === 0) return [];
  const keys = lacking.flatMap(([, choice]) => (isMap(choice) ? Object.keys(choice) : []));
  const hint = didYouMean(key, keys);
  const message = `every choice of ${name} must have the key ${key}, but ${listed(
    lacking.map(([choice]) => choice),
    'and',
  )} ${lacking.length === 1 ? 'has' : 'have'} not`;
  return [{ path, message, ...(hint ? { hint } : {}) }];
}

function choicesOf(parameter: unknown): Raw | undefined {
  return isMap(parameter) && isMap(parameter['values']) ? parameter['values'] : undefined;
}

/** Parameters that a parameter's choices refer to. */
function neighbours(parameter: unknown): string[] {
  const names = [...referencesIn(choicesOf(parameter), [])].map(({ text }) => parseReference(text)?.name);
  return names.filter((name) => name !== undefined);
}

function circles(search: Raw): Mistake[] {
  return Object.keys(search).flatMap((name): Mistake[] => {
    const way = wayBack(search, name);
    if (!way) return [];
    return [
      {
        path: ['search', name],
        message: `must not refer to itself, but does: ${[name, ...way].map((step) => `$${step}`).join(' -> ')}`,
      },
    ];
  });
}

function wayBack(search: Raw, start: string): string[] | undefined {
  const seen = new Set<string>();
  const open = neighbours(search[start]).map((name) => [name]);
  for (let way = open.shift(); way; way = open.shift()) {
    const last = way[way.length - 1];
    if (last === undefined || last === start) return way;
    if (seen.has(last)) continue;
    seen.add(last);
    open.push(...neighbours(search[last]).map((name) => [...(way ?? []), name]));
  }
  return undefined;
}

/** Searched parameters that no reference leads to. */
function unused(definition: Raw, search: Raw): Mistake[] {
  const open = REFERRING_SECTIONS.flatMap((section) => [...referencesIn(definition[section], [])])
    .map(({ text }) => parseReference(text)?.name)
    .filter((name) => name !== undefined);
  const reached = new Set<string>();
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (reached.has(name)) continue;
    reached.add(name);
    open.push(...neighbours(search[name]));
  }
  return Object.keys(search)
    .filter((name) => !reached.has(name) && PARAMETER_NAME.test(name))
    .map((name) => unreachable(name, `no $${name} stands anywhere`));
}

export function unreachable(name: string, cause: string): Mistake {
  const hint = `write $${name} where its value belongs, or remove it from search`;
  return { path: ['search', name], at: 'key', message: `must have an effect, but ${cause}`, hint };
}
