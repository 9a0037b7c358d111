/** A definition to its list of configs: `include` first, then what the method finds, the baseline at the end if it is not among them. Pure. */

import { allValues, contains, isEnumerable, plainValue, valueAtUnit, type Scalar } from '../search/domain.ts';
import { randomSampler } from '../search/random.ts';
import type { PointSampler } from '../search/sampler.ts';
import { SOBOL_DIMENSIONS, sobolSampler } from '../search/sobol.ts';
import { configAt, configKey, gridConfigs, type Config } from './configs.ts';
import { didYouMean } from '../did-you-mean.ts';
import { listed, show, type Mistake, type Path } from './mistake.ts';
import { canTake, isAllowed, type Space } from './space.ts';

/** More trials than this are refused: no machine trains them, and each is a row from the start. */
export const MAX_TRIALS = 1_000_000;

/** More configs than this are refused: a list that long is a slip of the pen. */
export const MAX_CONFIGS = 100_000;

export type Method =
  { readonly name: 'grid' | 'list' } | { readonly name: 'random' | 'sobol' | 'tpe'; readonly configs: number };

/** What decides which configs there are. */
export interface Search {
  readonly space: Space;
  readonly method: Method;
  readonly seed: number;
  readonly include: readonly Point[];
  readonly exclude: readonly Readonly<Record<string, Scalar | readonly Scalar[]>>[];
  readonly baseline: Point | undefined;
}
type Point = Readonly<Record<string, Scalar>>;

export interface Expansion {
  readonly configs: readonly Config[];
  /** Configs at the front that `include` names: they run first. */
  readonly included: number;
  /** Index of the baseline in `configs`. */
  readonly baseline: number | null;
  readonly mistakes: readonly Mistake[];
}

/** `definition` is the value as written; what it says outside the searched parameters does not matter here. */
export function expand(definition: Readonly<Record<string, unknown>>, search: Search): Expansion {
  const obstacles = gridMistakes(search);
  const mistakes = [...exclusionMistakes(search), ...obstacles];
  const configs = new Map<string, Config>();
  const add = (config: Config): void => {
    const key = configKey(config.point);
    if (!configs.has(key)) configs.set(key, config);
  };
  for (const [index, point] of search.include.entries()) {
    const named = namedConfig(definition, search.space, point, ['include', index]);
    mistakes.push(...named.mistakes);
    if (named.config) add(named.config);
  }
  const included = configs.size;
  const base = search.baseline && namedConfig(definition, search.space, search.baseline, ['baseline']);
  mistakes.push(...(base?.mistakes ?? []));
  if (obstacles.length > 0) return { configs: [], included: 0, baseline: null, mistakes };

  const found = methodConfigs(definition, search, new Set(configs.keys()));
  for (const config of found) add(config);
  if (configs.size > MAX_CONFIGS) {
    const message = `must have at most ${MAX_CONFIGS} configs, but this space has more`;
    mistakes.push({ path: ['search'], message, hint: 'method: { name: random, configs: N } takes a sample' });
  }
  if (configs.size === 0 && mistakes.length === 0 && search.method.name !== 'tpe') {
    const cause = search.method.name === 'list' ? 'include names none' : 'exclude removes all of them';
    mistakes.push({ path: ['search'], message: `must have at least one config, but ${cause}` });
  }
  if (base?.config) add(base.config);
  const baseline = base?.config ? [...configs.keys()].indexOf(configKey(base.config.point)) : null;
  return { configs: [...configs.values()], included, baseline, mistakes };
}

function methodConfigs(
  definition: Readonly<Record<string, unknown>>,
  search: Search,
  included: ReadonlySet<string>,
): readonly Config[] {
  const { method, space } = search;
  if (method.name === 'list') return [];
  const isKept = ({ point }: Config): boolean => !search.exclude.some((exclusion) => matches(exclusion, point));
  if (method.name === 'grid') return gridConfigs(definition, space, MAX_CONFIGS + 1).filter(isKept);
  if (!('configs' in method) || method.name === 'tpe') return [];
  const sampler = (method.name === 'sobol' ? sobolSampler : randomSampler)(search.seed, space.size);
  return sampled(definition, space, sampler, method.configs, isKept, included);
}

/** Distinct configs from the sampler; a finite space that is nearly used up is completed in grid order. */
function sampled(
  definition: Readonly<Record<string, unknown>>,
  space: Space,
  sampler: PointSampler,
  count: number,
  isKept: (config: Config) => boolean,
  included: ReadonlySet<string>,
): readonly Config[] {
  const found = new Map<string, Config>();
  const tryToAdd = (config: Config): void => {
    const key = configKey(config.point);
    if (found.size < count && !included.has(key) && isKept(config)) found.set(key, found.get(key) ?? config);
  };
  const patience = 20 * count + 200;
  for (let index = 0; found.size < count && index < patience; index += 1) {
    const units = sampler(index);
    const values = new Map(
      [...space.values()].map(({ name, domain }, at) => [name, valueAtUnit(domain, units[at] ?? 0)]),
    );
    tryToAdd(configAt(definition, space, values).config);
  }
  const isFinite = [...space.values()].every(({ domain }) => allValues(domain) !== undefined);
  if (found.size < count && isFinite) gridConfigs(definition, space, MAX_CONFIGS).forEach(tryToAdd);
  return [...found.values()];
}

function matches(exclusion: Search['exclude'][number], point: ReadonlyMap<string, Scalar>): boolean {
  return Object.entries(exclusion).every(([name, values]) => {
    const value = point.get(name);
    return value !== undefined && isAllowed([values].flat(), value);
  });
}

/** The config of a point that the user wrote out: it names exactly what it reaches. */
function namedConfig(
  definition: Readonly<Record<string, unknown>>,
  space: Space,
  point: Point,
  path: Path,
): { readonly config: Config | undefined; readonly mistakes: Mistake[] } {
  const mistakes = Object.entries(point).flatMap(([name, value]): Mistake[] => {
    const parameter = space.get(name);
    if (!parameter) return [unknownParameter(space, name, [...path, name])];
    if (canTake(parameter, value)) return [];
    const choices = Object.keys(parameter.choices ?? {});
    const hint = didYouMean(String(value), choices);
    const message = `must be the name of a choice of ${name}: ${listed(choices)}, but found ${show(value)}`;
    return [{ path: [...path, name], message, ...(hint ? { hint } : {}) }];
  });
  if (mistakes.length > 0) return { config: undefined, mistakes };
  const values = Object.entries(point).map(([name, value]): [string, Scalar] => [name, plainValue(value)]);
  const { config, missing } = configAt(definition, space, new Map(values));
  if (missing.length > 0) {
    const message = `must name every parameter that it reaches, but ${listed(missing, 'and')} ${missing.length > 1 ? 'are' : 'is'} missing`;
    mistakes.push({ path, message });
  }
  for (const name of Object.keys(point)) {
    if (missing.length > 0 || config.point.has(name)) continue;
    mistakes.push({ path: [...path, name], at: 'key', message: `${name} has no effect in this config: leave it out` });
  }
  return { config: mistakes.length === 0 ? config : undefined, mistakes };
}

function exclusionMistakes({ exclude, space }: Search): Mistake[] {
  return exclude.flatMap((exclusion, index) =>
    Object.entries(exclusion).flatMap(([name, values]): Mistake[] => {
      const path: Path = ['exclude', index, name];
      const parameter = space.get(name);
      if (!parameter) return [unknownParameter(space, name, path)];
      const strangers = [values].flat().filter((value) => !contains(parameter.domain, value));
      return strangers.map((value) => ({
        path,
        message: `must be a value that ${name} can have, but found ${show(value)}`,
        hint: hintOfValues(allValues(parameter.domain)),
      }));
    }),
  );
}

function gridMistakes({ method, space }: Search): Mistake[] {
  if (method.name === 'sobol' && space.size > SOBOL_DIMENSIONS) {
    const message = `sobol takes at most ${SOBOL_DIMENSIONS} parameters, but ${space.size} are searched`;
    return [{ path: ['method'], message, hint: 'random has no such limit' }];
  }
  if (method.name !== 'grid') return [];
  return [...space.values()]
    .filter(({ domain }) => !isEnumerable(domain))
    .map(({ name }) => ({
      path: ['search', name],
      message: 'a grid over a range must have step or points',
      hint: 'or method: { name: random, configs: N }',
    }));
}

export function unknownParameter(space: Space, name: string, path: Path): Mistake {
  const names = [...space.keys()];
  const hint = didYouMean(name, names) ?? `searched here: ${names.length > 0 ? names.join(', ') : 'nothing'}`;
  return { path, at: 'key', message: `must be a searched parameter, but found ${name}`, hint };
}

function hintOfValues(values: readonly Scalar[] | undefined): string {
  return values && values.length <= 20 ? `its values: ${values.join(', ')}` : 'see its range';
}
