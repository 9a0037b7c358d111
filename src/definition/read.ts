/** A definition as written to its configs and every mistake in it: check, expand, check each config, compare. Pure. */

import { expand, MAX_TRIALS, type Expansion } from './expand.ts';
import { configMistakes } from './check-config.ts';
import { ownTrialMistakes } from './check-own-trial.ts';
import { reachable, type Config } from './configs.ts';
import { referenceMistakes, unreachable } from './check-references.ts';
import { searchMistakes } from './check-search.ts';
import { sweepMistakes, sweepNameMistakes } from './check-sweep.ts';
import { distinct, formatPath, isMap, show, valueAt, type Mistake, type Path } from './mistake.ts';
import { unknownMetricMistakes } from './metric-rules.ts';
import { notYetMistakes } from './not-yet.ts';
import { looksLikeReference, parseReference, referencesIn } from './references.ts';
import type { Sections } from './resolve.ts';
import { check } from './schema-mistakes.ts';
import { dataSection } from './schema/data.ts';
import {
  builtIn,
  ownTrial,
  REFERRING_SECTIONS,
  restSchema,
  trialSection,
  type Rest,
  type TrialSection,
} from './schema/definition.ts';
import { modelSection } from './schema/model.ts';
import { trainSection } from './schema/train.ts';
import { searchSection } from './schema/search.ts';
import { spaceOf } from './space.ts';

type Raw = Readonly<Record<string, unknown>>;

/** The checked sections of each config, in the order of `expansion.configs`; or, in their place, its trial. */
export type ReadDefinition = { readonly rest: Rest; readonly expansion: Expansion } & (
  { readonly sections: readonly Sections[] } | { readonly trials: readonly TrialSection[] }
);

export type Reading =
  { readonly ok: true; readonly read: ReadDefinition } | { readonly ok: false; readonly mistakes: readonly Mistake[] };

/** All mistakes that can be found at once; a mistake that would only cause others hides those. */
export function readDefinition(value: unknown): Reading {
  if (!isMap(value)) {
    return { ok: false, mistakes: [{ path: [], message: `a definition must be a map, but found ${show(value)}` }] };
  }
  const mistakes = [...schemaMistakes(value), ...searchSectionMistakes(value), ...lateMistakes(value)];
  // In a section whose name is misspelt, references are not where they may stand.
  const hidesReferences = mistakes.some(
    ({ path, at }) => at === 'key' && path.length === 1 && [...referencesIn(value[String(path[0])], [])].length > 0,
  );
  const hidesSearch = !isMap(value['search']) && mistakes.some(({ path, at }) => at === 'key' && path.length === 1);
  if (!hidesReferences && !hidesSearch) mistakes.push(...referenceMistakes(value));
  // Configs can be made in spite of a mistake that does not concern the space: it is cut out for the time being.
  const inTheWay = mistakes.filter(({ later }) => later !== true);
  const canExpand = inTheWay.every(({ path }) => isApart(path));
  mistakes.push(...metricNameMistakes(value));
  const expanded = canExpand ? readConfigs(withoutMistakes(value, inTheWay)) : undefined;
  if (expanded) {
    const lost = referredTo(value, inTheWay);
    mistakes.push(...expanded.mistakes.filter(({ path }) => !follows(path, inTheWay) && !isOneOf(lost, path)));
  }
  if (expanded?.read && mistakes.length === 0) return { ok: true, read: expanded.read };
  return { ok: false, mistakes: distinct(mistakes).map((mistake) => withDollar(mistake, value)) };
}

/** A searched name without its `$` is a text like any other. */
function withDollar(mistake: Mistake, value: Raw): Mistake {
  const found = mistake.at === 'key' ? undefined : valueAt(value, mistake.path);
  const isName = typeof found === 'string' && isMap(value['search']) && Object.hasOwn(value['search'], found);
  return isName && mistake.hint === undefined ? { ...mistake, hint: `write $${found} for its values` } : mistake;
}

/** Parameters to which the mistaken parts refer: without those parts, nothing may reach them. */
function referredTo(value: Raw, mistakes: readonly Mistake[]): ReadonlySet<unknown> {
  const references = mistakes.flatMap(({ path }) => [...referencesIn(valueAt(value, path), path)]);
  return new Set(references.map(({ text }) => parseReference(text)?.name));
}

function isOneOf(parameters: ReadonlySet<unknown>, path: Path): boolean {
  return path.length === 2 && path[0] === 'search' && parameters.has(path[1]);
}

/**
 * Whether a mistake at this path may come of what was cut out: the value itself, what it stood in, or, where the
 * split was wrong, a metric of one of its parts.
 */
function follows(path: Path, cut: readonly Mistake[]): boolean {
  const speaksOfParts = METRIC_PLACES.some((place) => formatPath(place) === formatPath(path));
  return cut.some(
    (mistake) =>
      path.every((step, index) => String(mistake.path[index]) === String(step)) ||
      (speaksOfParts && mistake.path[0] === 'data' && mistake.path[1] === 'split'),
  );
}

/** Whether the configs are the same without what stands at this path. */
function isApart(path: Path): boolean {
  const [top] = path;
  if (REFERRING_SECTIONS.some((section) => section === top)) return path.length > 1;
  return top !== undefined && top !== 'search' && top !== 'method';
}

/** The configs of a definition that is known to be sound on its surface, whether they can be run yet or not. */
export function expandDefinition(value: Raw): { readonly rest: Rest; readonly expansion: Expansion } {
  const rest = restSchema.parse(value);
  const method = typeof rest.method === 'string' ? { name: rest.method } : rest.method;
  const expansion = expand(value, {
    space: spaceOf(rest.search ?? {}),
    method,
    seed: rest.seed,
    include: rest.include ?? [],
    exclude: rest.exclude ?? [],
    baseline: rest.baseline,
  });
  return { rest, expansion };
}

/** What the schema says of the value as written, where no reference stands. */
function schemaMistakes(value: Raw): Mistake[] {
  const checked = check<unknown>(Object.hasOwn(value, 'trial') ? ownTrial : builtIn, value);
  if (checked.ok) return [];
  return checked.mistakes.filter(({ path }) => {
    const inSection = REFERRING_SECTIONS.some((section) => section === path[0]);
    return !inSection || !path.some((_, index) => looksLikeReference(valueAt(value, path.slice(0, index + 1))));
  });
}

function searchSectionMistakes(value: Raw): Mistake[] {
  const { search } = value;
  if (!isMap(search)) return [];
  if (Object.keys(search).length === 0) {
    const hint = 'leave search out to train a single config';
    return [{ path: ['search'], message: 'must have at least one parameter, but found none', hint }];
  }
  // Parameters that the schema refuses are reported by it; the others are looked at all the same.
  const sound = Object.entries(search).filter(([name, parameter]) => check(searchSection, { [name]: parameter }).ok);
  return searchMistakes(searchSection.parse(Object.fromEntries(sound)));
}

function lateMistakes(value: Raw): Mistake[] {
  const top = Object.fromEntries(
    Object.entries(value).filter(([key]) => !REFERRING_SECTIONS.some((section) => section === key && key !== 'trial')),
  );
  const { name } = value;
  return [...(typeof name === 'string' ? sweepNameMistakes(name) : []), ...notYetMistakes(top)];
}

const METRIC_PLACES: readonly Path[] = [
  ['objective'],
  ['objective', 'metric'],
  ['train', 'early_stopping', 'monitor'],
  ['train', 'keep', 'best'],
  ['train', 'optimizer', 'learning_rate', 'monitor'],
];

/** Names that can be no metric, whatever the split and the loss are. */
function metricNameMistakes(value: Raw): Mistake[] {
  if (Object.hasOwn(value, 'trial')) return [];
  return METRIC_PLACES.flatMap((path): Mistake[] => {
    const name = valueAt(value, path);
    return typeof name === 'string' && !looksLikeReference(name) ? unknownMetricMistakes(name, path) : [];
  });
}

function readConfigs(
  value: Raw | undefined,
): { readonly mistakes: Mistake[]; readonly read?: ReadDefinition } | undefined {
  if (!value || !check(restSchema, value).ok) return undefined;
  const { rest, expansion } = expandDefinition(value);
  const mistakes = [...expansion.mistakes];
  if (expansion.configs.length > 0) mistakes.push(...unreachedParameters(value, rest, expansion));
  if (Object.hasOwn(value, 'trial')) return readTrials(rest, expansion, mistakes);
  const parse = sectionParser();
  const sections: Sections[] = [];
  for (const config of expansion.configs) {
    const parsed = parse(config);
    const own = [...parsed.mistakes, ...(parsed.sections ? configMistakes(parsed.sections) : [])];
    mistakes.push(...own.map((mistake) => ({ ...mistake, path: config.instance.origin(mistake.path, mistake.at) })));
    if (parsed.sections) sections.push(parsed.sections);
  }
  mistakes.push(...trialCountMistakes(rest, expansion), ...sweepMistakes(rest, sections));
  return { mistakes, read: { rest, expansion, sections } };
}

/** Of a definition whose trials a module runs. */
function readTrials(
  rest: Rest,
  expansion: Expansion,
  found: readonly Mistake[],
): { readonly mistakes: Mistake[]; readonly read: ReadDefinition } {
  const mistakes = [...found, ...trialCountMistakes(rest, expansion), ...ownTrialMistakes(rest)];
  const trials = expansion.configs.flatMap(({ instance }) => {
    const checked = check(trialSection, instance.value['trial'], ['trial']);
    if (checked.ok) return [checked.value];
    mistakes.push(...checked.mistakes.map((each) => ({ ...each, path: instance.origin(each.path, each.at) })));
    return [];
  });
  return { mistakes, read: { rest, expansion, trials } };
}

function trialCountMistakes({ replicates }: Rest, { configs }: Expansion): Mistake[] {
  const count = typeof replicates === 'number' ? replicates : replicates.count;
  if (configs.length * count <= MAX_TRIALS) return [];
  const message = `must make at most ${MAX_TRIALS} trials, but found ${configs.length} configs x ${count} replicates`;
  return [{ path: typeof replicates === 'number' ? ['replicates'] : ['replicates', 'count'], message }];
}

/** Parameters that no config reaches: a condition that never holds, a layer that is never there. */
function unreachedParameters(value: Raw, rest: Rest, { configs }: Expansion): Mistake[] {
  const { search = {} } = rest;
  const method = typeof rest.method === 'string' ? rest.method : rest.method.name;
  // A list is what the user chose.
  if (method === 'list') return [];
  let missed = Object.keys(search).filter((name) => !configs.some(({ point }) => point.has(name)));
  if (missed.length > 0 && (method !== 'grid' || rest.exclude)) {
    // A sample may miss them by chance, and what `exclude` takes away is meant to be gone.
    const known = reachable(value, spaceOf(search));
    missed = missed.filter((name) => known && !known.has(name));
  }
  return missed.map((name) => unreachable(name, 'no config reaches it'));
}

/** Parses each different section once: in a large grid most configs share them. */
function sectionParser() {
  const schemas = { data: dataSection, model: modelSection, train: trainSection };
  const known = new Map<string, unknown>();
  const parseOne = <Name extends keyof typeof schemas>(name: Name, value: unknown, mistakes: Mistake[]) => {
    const key = `${name} ${JSON.stringify(value)}`;
    const schema = schemas[name];
    if (!known.has(key)) known.set(key, check<unknown>(schema, value, [name]));
    const checked = known.get(key) as ReturnType<typeof check<Sections[Name]>>;
    if (checked.ok) return checked.value;
    mistakes.push(...checked.mistakes);
    return undefined;
  };
  return ({ instance }: Config): { readonly mistakes: readonly Mistake[]; readonly sections?: Sections } => {
    const mistakes = notYetMistakes(instance.value);
    const data = parseOne('data', instance.value['data'], mistakes);
    const model = parseOne('model', instance.value['model'], mistakes);
    const train = parseOne('train', instance.value['train'], mistakes);
    return data && model && train ? { mistakes, sections: { data, model, train } } : { mistakes };
  };
}

/** A copy without the parts that are mistaken, so that the rest can be looked at; undefined when nothing sensible is left. */
function withoutMistakes(value: Raw, mistakes: readonly Mistake[]): Raw | undefined {
  const copy = copyOf(value);
  for (const { path } of mistakes) removeAt(copy, path);
  if (isMap(copy) && copy['name'] === undefined) return soundOrNothing({ ...copy, name: 'unnamed' });
  return soundOrNothing(copy);
}

function soundOrNothing(value: unknown): Raw | undefined {
  return isMap(value) && schemaMistakes(value).length === 0 ? value : undefined;
}

/** Unlike `structuredClone`, leaves what a module's definition may hold by mistake, such as a function, as it is. */
function copyOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copyOf);
  if (!isMap(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, copyOf(item)]));
}

function removeAt(root: unknown, path: Path): void {
  const parent = valueAt(root, path.slice(0, -1));
  const last = path[path.length - 1];
  // Entries of a list stay: the paths of other mistakes count on their places.
  if (isMap(parent) && last !== undefined) delete (parent as Record<string, unknown>)[last];
}
