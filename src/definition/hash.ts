/** The identity of a sweep: equal hashes, equal results. Pure. */

import { sha256 } from '../sha256.ts';
import type { AnySweep, OwnConfig, ResolvedConfig } from './resolved.ts';

/** SHA-256, in hex, of everything that decides results: not the name or the limits, and files by their content. */
export function definitionHash(sweep: AnySweep): string {
  const { name: _name, warnings: _warnings, limits: _limits, ...identity } = sweep;
  return sha256(canonicalJson({ ...identity, configs: identity.configs.map(withoutPaths) }));
}

/** A config with files and modules by their content alone. */
export function withoutPaths(config: ResolvedConfig | OwnConfig): object {
  if ('trial' in config) return { ...config, trial: withoutPath(config.trial, 'module') };
  const { data, model } = config;
  const source = withoutPath(data.source, 'file');
  return { ...config, data: { ...data, source }, model: withoutPath(model, 'module') };
}

function withoutPath(value: object, key: string): object {
  return Object.fromEntries(Object.entries(value).filter(([name]) => name !== key));
}

/** JSON with the keys of every map in order of code units, and no blanks. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const entries = Object.entries(value)
    .filter(([, item]) => item !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${canonicalJson(item)}`).join(',')}}`;
}
