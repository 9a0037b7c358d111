/** Finds the configs of a space: only the parameters that a config reaches belong to it, so that none occurs twice. Pure. */

import { allValues, plainValue, type Scalar } from '../search/domain.ts';
import { instantiate, type Assignment, type Instance } from './instantiate.ts';
import type { Space } from './space.ts';

export interface Config {
  /** The reached parameters, in the order of the space. */
  readonly point: ReadonlyMap<string, Scalar>;
  readonly instance: Instance;
}

type Raw = Readonly<Record<string, unknown>>;

/** Every config of the grid, in the definition's order, the last parameter fastest; stops after `limit` of them. */
export function gridConfigs(definition: Raw, space: Space, limit: number): Config[] {
  const values = new Map([...space.values()].map(({ name, domain }) => [name, allValues(domain) ?? []]));
  const found: Config[] = [];
  // A stack of its own, since a generator per parameter would be slow for large grids.
  const open: { readonly assignment: Assignment; readonly settled: boolean }[] = [
    { assignment: new Map(), settled: !hasConditions(space) },
  ];
  for (let next = open.pop(); next && found.length < limit; next = open.pop()) {
    const { assignment, settled } = next;
    const instance = instantiate(definition, space, assignment, settled);
    const name = firstNeeded(space, instance);
    if (name !== undefined) {
      for (const value of (values.get(name) ?? []).toReversed()) {
        open.push({ assignment: new Map(assignment).set(name, value), settled });
      }
    } else if (!settled) {
      open.push({ assignment, settled: true });
    } else {
      found.push(configFrom(space, assignment, instance));
    }
  }
  return inGridOrder(space, values, found);
}

/**
 * The config at a point: parameters that the point does not reach are left out.
 * `missing` are parameters that it reaches and does not name.
 */
export function configAt(
  definition: Raw,
  space: Space,
  values: Assignment,
): { readonly config: Config; readonly missing: readonly string[] } {
  const assignment = new Map<string, Scalar>();
  const missing = new Set<string>();
  let settled = !hasConditions(space);
  for (;;) {
    const instance = instantiate(definition, space, assignment, settled);
    const needed = [...instance.needed].filter((name) => !missing.has(name));
    for (const name of needed) {
      const value = values.get(name);
      if (value === undefined) missing.add(name);
      else assignment.set(name, value);
    }
    if (needed.length > 0) continue;
    if (settled) return { config: configFrom(space, assignment, instance), missing: [...missing] };
    settled = true;
  }
}

/** More configs than this are not looked through. */
const MOST_LOOKED_AT = 10_000;

/**
 * The parameters that some config of the space reaches, whatever a sample or an exclusion leaves of it: ranges stand for
 * their ends and the values that conditions name. Undefined where the space is too large to tell.
 */
export function reachable(definition: Raw, space: Space): ReadonlySet<string> | undefined {
  const conditions = [...space.values()].map(({ when }) => when ?? {});
  const small = new Map(
    [...space].map(([name, parameter]) => {
      if (!('range' in parameter.domain)) return [name, parameter];
      const named = conditions.flatMap((when) => when[name] ?? []);
      return [name, { ...parameter, domain: [...parameter.domain.range, ...named].map(plainValue) }];
    }),
  );
  const configs = gridConfigs(definition, small, MOST_LOOKED_AT);
  if (configs.length === MOST_LOOKED_AT) return undefined;
  return new Set(configs.flatMap(({ point }) => [...point.keys()]));
}

/** Equal for equal configs. */
export function configKey(point: Assignment): string {
  return JSON.stringify([...point]);
}

function configFrom(space: Space, assignment: Assignment, instance: Instance): Config {
  const point = new Map<string, Scalar>();
  for (const name of space.keys()) {
    const value = assignment.get(name);
    if (value !== undefined && instance.reached.has(name)) point.set(name, value);
  }
  return { point, instance };
}

function firstNeeded(space: Space, instance: Instance): string | undefined {
  for (const name of space.keys()) if (instance.needed.has(name)) return name;
  return undefined;
}

function hasConditions(space: Space): boolean {
  return [...space.values()].some(({ when }) => when !== undefined);
}

/** Sorts by the place of each value in its parameter, an absent one first: a parameter may depend on a later one. */
function inGridOrder(
  space: Space,
  values: ReadonlyMap<string, readonly Scalar[]>,
  configs: readonly Config[],
): Config[] {
  const places = new Map(
    [...values].map(([name, list]) => [name, new Map(list.map((value, place) => [value, place]))]),
  );
  const names = [...space.keys()];
  const ranked = configs.map((config) => ({
    config,
    ranks: names.map((name) => {
      const value = config.point.get(name);
      return value === undefined ? -1 : (places.get(name)?.get(value) ?? -1);
    }),
  }));
  ranked.sort((a, b) => {
    for (const [index, rank] of a.ranks.entries()) {
      const difference = rank - (b.ranks[index] ?? -1);
      if (difference !== 0) return difference;
    }
    return 0;
  });
  return ranked.map(({ config }) => config);
}
