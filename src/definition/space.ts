/** The searched parameters as the samplers and the substitution need them: domain, choices, condition. Pure. */

import { contains, same, type Domain, type Scalar } from '../search/domain.ts';
import { isMap, type Path } from './mistake.ts';
import type { Parameter } from './schema/search.ts';

export interface SearchedParameter {
  readonly name: string;
  /** Values as they stand in a config and in SQL: a named choice is its name. */
  readonly domain: Domain;
  /** What the named choices stand for; undefined for plain values. */
  readonly choices: Readonly<Record<string, unknown>> | undefined;
  /** Values that the parameters it depends on must have; undefined when it always exists. */
  readonly when: Readonly<Record<string, readonly Scalar[]>> | undefined;
}

export type Space = ReadonlyMap<string, SearchedParameter>;

export function spaceOf(search: Readonly<Record<string, Parameter>>): Space {
  return new Map(
    Object.entries(search).map(([name, parameter]): [string, SearchedParameter] => {
      const choices = 'values' in parameter && isMap(parameter.values) ? parameter.values : undefined;
      const when = parameter.when;
      return [
        name,
        {
          name,
          domain: domainOf(parameter),
          choices,
          when: when && Object.fromEntries(Object.entries(when).map(([key, allowed]) => [key, [allowed].flat()])),
        },
      ];
    }),
  );
}

function domainOf(parameter: Parameter): Domain {
  if (!('values' in parameter)) return parameter;
  return Array.isArray(parameter.values) ? parameter.values : Object.keys(parameter.values);
}

/** What a value of a parameter stands for in the definition, and where that is written. */
export function meaningOf(parameter: SearchedParameter, value: Scalar): { readonly raw: unknown; readonly path: Path } {
  const path: Path = ['search', parameter.name];
  if (parameter.choices) return { raw: parameter.choices[String(value)], path: [...path, 'values', String(value)] };
  if (!Array.isArray(parameter.domain)) return { raw: value, path };
  const index = parameter.domain.findIndex((candidate: Scalar) => same(candidate, value));
  return { raw: value, path: index < 0 ? path : [...path, 'values', index] };
}

export function isAllowed(allowed: readonly Scalar[], value: Scalar): boolean {
  return allowed.some((candidate) => same(candidate, value));
}

/** Whether a config may have this value: any plain value is allowed outside the domain too, a choice must be named. */
export function canTake(parameter: SearchedParameter, value: Scalar): boolean {
  return parameter.choices === undefined || contains(parameter.domain, value);
}
