/** Replaces every `$name` of a definition by its value, applies `hidden` and `repeat`, and notes which parameters were reached. Pure. */

import type { Scalar } from '../search/domain.ts';
import { formatPath, isMap, type Path } from './mistake.ts';
import { looksLikeReference, parseReference, unescaped } from './references.ts';
import { REFERRING_SECTIONS } from './schema/definition.ts';
import { MAX_REPEAT, WEIGHTED_LAYERS } from './schema/model.ts';
import { isAllowed, meaningOf, type Space } from './space.ts';

export type Assignment = ReadonlyMap<string, Scalar>;

export interface Instance {
  /** The sections in which references may stand, without references; layers written out. */
  readonly value: Readonly<Record<string, unknown>>;
  /** Where a part of `value` is written in the definition. */
  readonly origin: (path: Path, at?: 'key' | 'value') => Path;
  readonly reached: ReadonlySet<string>;
  /** Parameters that are reached and have no value yet; the instance is complete when there are none. */
  readonly needed: ReadonlySet<string>;
}

/** Not there: the key is removed. */
const ABSENT = Symbol('absent');
/** Not known before more parameters have values. */
const UNKNOWN = Symbol('unknown');
type Outcome = { readonly raw: unknown; readonly path: Path } | typeof ABSENT | typeof UNKNOWN;

/**
 * `settled` says that no more parameters will get values, but for those in `needed`: a condition on a parameter
 * without a value then counts as not met.
 */
export function instantiate(
  definition: Readonly<Record<string, unknown>>,
  space: Space,
  assignment: Assignment,
  settled: boolean,
): Instance {
  const walk = new Walk(space, assignment, settled);
  const value: Record<string, unknown> = {};
  for (const section of REFERRING_SECTIONS) {
    if (!Object.hasOwn(definition, section)) continue;
    const built =
      section === 'model' ? walk.model(definition[section]) : walk.build(definition[section], [section], [section]);
    if (built !== ABSENT && built !== UNKNOWN) value[section] = built;
  }
  return { value, origin: (path, at) => walk.origin(path, at), reached: walk.reached, needed: walk.needed };
}

/**
 * The sections in which references may stand, as they are written, but with the values of a config in the place of its
 * references; keys go whose parameters the config does not reach. `$$name` has become `$name`.
 */
export function substitute(
  definition: Readonly<Record<string, unknown>>,
  space: Space,
  assignment: Assignment,
): Readonly<Record<string, unknown>> {
  const walk = new Walk(space, assignment, true);
  const sections = REFERRING_SECTIONS.filter((section) => Object.hasOwn(definition, section));
  return Object.fromEntries(
    sections.flatMap((section) => {
      const built = walk.build(definition[section], [section], [section]);
      return built === ABSENT || built === UNKNOWN ? [] : [[section, built]];
    }),
  );
}

class Walk {
  readonly reached = new Set<string>();
  readonly needed = new Set<string>();
  readonly #origins = new Map<string, Path>();
  /** Where a reference stands whose value is at a path of the result: its key is written there. */
  readonly #referring = new Map<string, Path>();
  readonly #space: Space;
  readonly #assignment: Assignment;
  readonly #settled: boolean;

  constructor(space: Space, assignment: Assignment, settled: boolean) {
    this.#space = space;
    this.#assignment = assignment;
    this.#settled = settled;
  }

  /** The longest known beginning of `path`, exchanged for where it came from. */
  origin(path: Path, at: 'key' | 'value' = 'value'): Path {
    const referring = at === 'key' ? this.#referring.get(formatPath(path)) : undefined;
    if (referring) return referring;
    for (let length = path.length; length > 0; length -= 1) {
      const known = this.#origins.get(formatPath(path.slice(0, length)));
      if (known) return [...known, ...path.slice(length)];
    }
    return path;
  }

  /** Builds what `raw`, written at `from`, means at `to`. */
  build(raw: unknown, from: Path, to: Path): unknown {
    const outcome = this.#follow(raw, from);
    if (outcome === ABSENT || outcome === UNKNOWN) return outcome;
    if (outcome.path !== from) {
      this.#note(to, outcome.path);
      this.#referring.set(formatPath(to), from);
    }
    if (Array.isArray(outcome.raw)) {
      const items: unknown[] = [];
      for (const [index, item] of outcome.raw.entries()) {
        if (items.length !== index) this.#note([...to, items.length], [...outcome.path, index]);
        const built = this.build(item, [...outcome.path, index], [...to, items.length]);
        if (built !== ABSENT && built !== UNKNOWN) items.push(built);
      }
      return items;
    }
    if (isMap(outcome.raw)) return Object.fromEntries(this.#entries(outcome.raw, outcome.path, to).known);
    return unescaped(outcome.raw);
  }

  /** A model: its layers are repeated, and `hidden` is laid under all of them that have weights but the last. */
  model(raw: unknown): unknown {
    const model = this.#follow(raw, ['model']);
    if (model === ABSENT || model === UNKNOWN) return model;
    if (!isMap(model.raw) || !Object.hasOwn(model.raw, 'layers')) return this.build(model.raw, model.path, ['model']);
    if (model.path.length > 1) this.#note(['model'], model.path);
    const { layers, hidden, ...rest } = model.raw;
    const built = this.build(rest, model.path, ['model']);
    return { ...(isMap(built) ? built : {}), ...this.#layers(layers, hidden, model.path) };
  }

  /** `hidden` only where it can be laid under no layer, for the schema to report. */
  #layers(raw: unknown, hidden: unknown, from: Path): { layers: unknown; hidden?: unknown } {
    const list = this.#follow(raw, [...from, 'layers']);
    if (list === ABSENT || list === UNKNOWN) return { layers: [] };
    if (!Array.isArray(list.raw)) return { layers: this.build(list.raw, list.path, ['model', 'layers']) };
    const written = this.#written(list.raw, list.path);
    // As long as a `repeat` is open, it is not known which layers there are and which is the last one.
    if (!written) return { layers: [] };
    const last = written.findLastIndex((layer) => layer.weighted);
    const isUsed = hidden !== undefined && written.some((layer, index) => layer.weighted && index !== last);
    const under = isUsed ? this.#follow(hidden, [...from, 'hidden']) : ABSENT;
    const layers: unknown[] = [];
    for (const [index, layer] of written.entries()) {
      const to: Path = ['model', 'layers', layers.length];
      this.#note(to, layer.path);
      if (!isMap(layer.raw)) {
        layers.push(this.build(layer.raw, layer.path, to));
        continue;
      }
      const own = this.#entries(layer.raw, layer.path, to);
      const inherits = layer.weighted && index !== last && under !== ABSENT && under !== UNKNOWN && isMap(under.raw);
      const inherited = inherits ? without(under.raw, [...own.known.map(([key]) => key), ...own.open]) : {};
      const base = inherits ? under.path : layer.path;
      for (const key of Object.keys(inherited)) this.#note([...to, key], [...base, key]);
      layers.push(Object.fromEntries([...this.#entries(inherited, base, to).known, ...own.known]));
    }
    if (under === ABSENT || under === UNKNOWN || isMap(under.raw)) return { layers };
    this.#note(['model', 'hidden'], under.path);
    return { layers, hidden: under.raw };
  }

  /** The layers with `repeat` written out; undefined while one is open. */
  #written(list: readonly unknown[], from: Path): { raw: unknown; path: Path; weighted: boolean }[] | undefined {
    const written: { raw: unknown; path: Path; weighted: boolean }[] = [];
    let isOpen = false;
    for (const [index, raw] of list.entries()) {
      const layer = this.#follow(raw, [...from, index]);
      if (layer === UNKNOWN) isOpen = true;
      if (layer === UNKNOWN || layer === ABSENT) continue;
      const map = isMap(layer.raw) ? layer.raw : {};
      const count = Object.hasOwn(map, 'repeat') ? this.#follow(map['repeat'], [...layer.path, 'repeat']) : ABSENT;
      if (count === UNKNOWN) {
        isOpen = true;
        continue;
      }
      const repeat = count === ABSENT ? 1 : count.raw;
      const isZero = repeat === 0;
      const type = isZero || !Object.hasOwn(map, 'type') ? ABSENT : this.#follow(map['type'], [...layer.path, 'type']);
      if (type === UNKNOWN) {
        isOpen = true;
        continue;
      }
      const weighted = type === ABSENT || WEIGHTED_LAYERS.has(type.raw);
      const isCount = typeof repeat === 'number' && Number.isInteger(repeat) && repeat >= 0 && repeat <= MAX_REPEAT;
      // A `repeat` that is none, or too many, stays where it is, for the schema to report.
      const kept = isCount && isMap(layer.raw) ? without(layer.raw, ['repeat']) : layer.raw;
      for (let time = 0; time < (isCount ? repeat : 1); time += 1) {
        written.push({ raw: kept, path: layer.path, weighted });
      }
    }
    return isOpen ? undefined : written;
  }

  #entries(
    map: Readonly<Record<string, unknown>>,
    from: Path,
    to: Path,
  ): { known: [string, unknown][]; open: string[] } {
    const known: [string, unknown][] = [];
    const open: string[] = [];
    for (const [key, raw] of Object.entries(map)) {
      const built = this.build(raw, [...from, key], [...to, key]);
      if (built === UNKNOWN) open.push(key);
      else if (built !== ABSENT) known.push([key, built]);
    }
    return { known, open };
  }

  /** Follows references until something else stands there. */
  #follow(raw: unknown, path: Path): Outcome {
    const names: string[] = [];
    let outcome: Outcome = { raw, path };
    while (looksLikeReference(outcome.raw)) {
      const reference = parseReference(outcome.raw);
      const parameter = reference && this.#space.get(reference.name);
      // Unknown names and circles are mistakes that are reported before anything is instantiated.
      if (!reference || !parameter || names.includes(outcome.raw)) return ABSENT;
      names.push(outcome.raw);
      const condition = this.#condition(parameter.when);
      if (condition !== true) return condition;
      const value = this.#assignment.get(parameter.name);
      if (value === undefined) {
        this.needed.add(parameter.name);
        return UNKNOWN;
      }
      this.reached.add(parameter.name);
      const meaning = meaningOf(parameter, value);
      outcome = reference.key === undefined ? meaning : keyOf(meaning, reference.key);
    }
    return outcome;
  }

  #condition(when: Readonly<Record<string, readonly Scalar[]>> | undefined): true | typeof ABSENT | typeof UNKNOWN {
    for (const [name, allowed] of Object.entries(when ?? {})) {
      const value = this.#assignment.get(name);
      if (value === undefined) return this.#settled ? ABSENT : UNKNOWN;
      if (!isAllowed(allowed, value)) return ABSENT;
    }
    return true;
  }

  /** Notes a place where the way through the result and the way through the definition part. */
  #note(to: Path, from: Path): void {
    this.#origins.set(formatPath(to), from);
  }
}

function keyOf(meaning: { raw: unknown; path: Path }, key: string): { raw: unknown; path: Path } {
  return { raw: isMap(meaning.raw) ? meaning.raw[key] : undefined, path: [...meaning.path, key] };
}

function without(map: Readonly<Record<string, unknown>>, keys: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(Object.entries(map).filter(([key]) => !keys.includes(key)));
}
