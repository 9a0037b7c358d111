/** What keeps a definition from going on with a stored sweep: all in which finished results would be other ones. Pure. */

import { differences, type Difference } from './differences.ts';
import { canonicalJson, withoutPaths } from './hash.ts';
import { formatPath, show, valueAt } from './mistake.ts';
import type { AnySweep, Params } from './resolved.ts';

type Config = AnySweep['configs'][number];

/**
 * A line for each difference; none where `wanted` has at least the configs and the replicates of `stored`, and each is
 * what it was. Configs are matched by their params, files and modules by SHA-256.
 */
export function sweepDifferences(stored: AnySweep, wanted: AnySweep): string[] {
  const space = spaceDifferences(stored, wanted);
  const common = differences(commonOf(stored), commonOf(wanted)).map(describe);
  const [before, after] = [stored.replicates.count, wanted.replicates.count];
  const fewer = after < before ? [`replicates ${before} -> ${after}, fewer than there are`] : [];
  // With another space or seed there are other configs, which says nothing more.
  const configs = space.length > 0 || stored.seed !== wanted.seed ? [] : configDifferences(stored, wanted);
  return [...space, ...common, ...fewer, ...configs];
}

/** Equal for equal params, in whatever order. */
export function paramsKey(params: Params): string {
  return canonicalJson(params);
}

function spaceDifferences({ parameters: before }: AnySweep, { parameters: after }: AnySweep): string[] {
  return [
    ...before.filter((name) => !after.includes(name)).map((name) => `search.${name} was searched, and is no longer`),
    ...after.filter((name) => !before.includes(name)).map((name) => `search.${name} was not searched, and is now`),
  ];
}

function commonOf({ seed, objective, metrics, record, replicates: { vary } }: AnySweep): object {
  return { seed, objective, metrics, record, replicates: { vary } };
}

function configDifferences(stored: AnySweep, wanted: AnySweep): string[] {
  const byParams = new Map(wanted.configs.map((config) => [paramsKey(config.params), config]));
  const files = new Set<string>();
  const changes = new Map<string, Config[]>();
  const missing: string[] = [];
  for (const config of stored.configs) {
    const now = byParams.get(paramsKey(config.params));
    if (!now) missing.push(`${nameOf(config)} is no longer there`);
    for (const difference of now ? contentDifferences(config, now) : []) {
      const file = fileDifference(difference, config, now!);
      const text = describe(difference);
      if (file !== undefined) files.add(file);
      else if (changes.get(text)?.push(config) === undefined) changes.set(text, [config]);
    }
  }
  const matched = stored.configs.length - missing.length;
  const changed = [...changes].flatMap(([text, configs]) =>
    matched > 1 && configs.length === matched
      ? [`every config: ${text}`]
      : configs.map((config) => `${nameOf(config)}: ${text}`),
  );
  return [...files, ...changed, ...missing];
}

function contentDifferences(before: Config, after: Config): Difference[] {
  const contentOf = (config: Config): object => withoutPaths({ ...config, ordinal: 0, params: {} });
  return differences(contentOf(before), contentOf(after));
}

/** Of a file or a module that is another one: by its path, or by its content where that is the same. */
function fileDifference({ path, before, after }: Difference, stored: Config, wanted: Config): string | undefined {
  if (path.at(-1) !== 'sha256' || typeof before !== 'string' || typeof after !== 'string') return undefined;
  const place = (key: string) => [...path.slice(0, -1), key];
  const key = valueAt(wanted, place('file')) === undefined ? 'module' : 'file';
  const [was, is] = [valueAt(stored, place(key)), valueAt(wanted, place(key))];
  if (was !== is) return describe({ path: place(key), before: was, after: is });
  return `${String(is)} has changed: its SHA-256 was ${before.slice(0, 12)}..., and is ${after.slice(0, 12)}...`;
}

/** `train.batch_size 32 -> 64` */
function describe({ path, before, after }: Difference): string {
  return `${formatPath(path)} ${show(before)} -> ${show(after)}`;
}

/** `config 3 (dropout 0.2, head bce)` */
function nameOf({ ordinal, params }: Config): string {
  const values = Object.entries(params).map(([name, value]) => `${name} ${String(value)}`);
  return values.length === 0 ? `config ${ordinal}` : `config ${ordinal} (${values.join(', ')})`;
}
