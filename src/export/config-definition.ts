/** A config of a sweep as a definition of its own, that searches nothing and can be run as it is. Pure. */

import { substitute } from '../definition/instantiate.ts';
import { isMap } from '../definition/mistake.ts';
import type { OwnConfig, ResolvedConfig } from '../definition/resolved.ts';
import { restSchema } from '../definition/schema/definition.ts';
import { spaceOf } from '../definition/space.ts';

type Raw = Readonly<Record<string, unknown>>;

/** What makes several configs of a definition. */
const SEARCHING: ReadonlySet<string> = new Set(['search', 'baseline', 'include', 'exclude', 'method']);

export interface ConfigDefinition {
  /** The sweep's definition, as it was written. */
  readonly definition: Raw;
  readonly config: ResolvedConfig | OwnConfig;
  /** The metric of the sweep's objective, for definitions that leave it to be chosen by what they train. */
  readonly objective: string;
  readonly name: string;
}

/**
 * The definition with the config's values for its references, and without all that makes other configs. Files and modules
 * go by their absolute paths, so that it can be run from any folder. Replicates, seed and objective stay, so that its one
 * config trains to the same bits.
 */
export function configDefinition({ definition, config, objective, name }: ConfigDefinition): Raw {
  const { search = {} } = restSchema.parse(definition);
  const values = new Map(
    Object.entries(config.params).flatMap(([name, value]) => (value === null ? [] : [[name, value]])),
  );
  const sections = withFiles(withoutEmptyLayers(substitute(definition, spaceOf(search), values)), config);
  const kept = Object.entries({ ...definition, name }).filter(([key]) => !SEARCHING.has(key));
  const written = kept.map(([key, value]) => [key, Object.hasOwn(sections, key) ? escaped(sections[key]) : value]);
  const isNamed = Object.hasOwn(definition, 'objective');
  return { ...Object.fromEntries(written), ...(isNamed ? {} : { objective }) };
}

/** The definition of what the database keeps of one, which has the hashes of its files beside it. */
export function writtenDefinition(document: unknown): Raw {
  const written = isMap(document) && isMap(document['definition']) ? document['definition'] : document;
  return isMap(written) ? written : {};
}

/** Layers that `repeat: 0` removes may name parameters that the config does not have. */
function withoutEmptyLayers(sections: Raw): Raw {
  const { model } = sections;
  if (!isMap(model) || !Array.isArray(model['layers'])) return sections;
  const layers = model['layers'].filter((layer: unknown) => !isMap(layer) || layer['repeat'] !== 0);
  return { ...sections, model: { ...model, layers } };
}

function withFiles(sections: Raw, config: ResolvedConfig | OwnConfig): Raw {
  if ('trial' in config) return withKey(sections, 'trial', 'module', config.trial.module);
  const { data, model } = config;
  const found = 'file' in data.source ? withKey(sections, 'data', 'file', data.source.file) : sections;
  return 'module' in model ? withKey(found, 'model', 'module', model.module) : found;
}

function withKey(sections: Raw, section: string, key: string, value: string): Raw {
  const old = sections[section];
  return { ...sections, [section]: { ...(isMap(old) ? old : {}), [key]: value } };
}

/** A text that begins with `$` is a reference where it does not begin with two. */
function escaped(value: unknown): unknown {
  if (typeof value === 'string') return value.startsWith('$') ? `$${value}` : value;
  if (Array.isArray(value)) return value.map(escaped);
  return isMap(value) ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, escaped(item)])) : value;
}
