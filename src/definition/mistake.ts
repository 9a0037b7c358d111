/** A mistake in a definition before it has a position: the path where it is, what must hold, what was found. */

import type { Position, Problem } from '../errors.ts';

export type Path = readonly (string | number)[];

export interface Mistake {
  readonly path: Path;
  /** What must hold and what was found. */
  readonly message: string;
  readonly hint?: string;
  /** Whether it is the key that is wrong; otherwise it is the value. */
  readonly at?: 'key';
  /** Nothing is wrong with it but that this version cannot run it. */
  readonly later?: true;
}

/** What a reader of a file knows about places in it. */
export type Locate = (path: Path, at: 'key' | 'value') => Position;

export function toProblem(mistake: Mistake, locate: Locate): Problem {
  const { path, message, hint } = mistake;
  return {
    message,
    position: locate(path, mistake.at ?? 'value'),
    ...(path.length > 0 ? { path: formatPath(path) } : {}),
    ...(hint === undefined ? {} : { hint }),
  };
}

/** `model.layers.0.units`: the same form that `--set` takes. */
export function formatPath(path: Path): string {
  return path.join('.');
}

/** The value at a path; undefined where there is none. */
export function valueAt(root: unknown, path: Path): unknown {
  let node = root;
  for (const step of path) {
    if (Array.isArray(node)) node = node[Number(step)];
    else if (isMap(node) && Object.hasOwn(node, step)) node = node[String(step)];
    else return undefined;
  }
  return node;
}

export function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A value as a message shows it: short, and text in quotes. */
export function show(value: unknown): string {
  if (value === undefined || value === null) return 'nothing';
  if (typeof value === 'number') return String(value);
  if (typeof value === 'function') return 'a function';
  const text = JSON.stringify(value, plainly) ?? typeof value;
  return text.length <= 60 ? text : `${text.slice(0, 57)}...`;
}

/** JSON has no bigint, which a module may export. */
function plainly(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? `${value}n` : value;
}

/** `a`, `a or b`, `a, b or c`. */
export function listed(items: readonly string[], last = 'or'): string {
  if (items.length < 2) return items.join('');
  return `${items.slice(0, -1).join(', ')} ${last} ${items[items.length - 1]}`;
}

/** Drops repeated mistakes (the same place and the same words), and "not yet" where something is wrong anyway. */
export function distinct(mistakes: readonly Mistake[]): Mistake[] {
  const seen = new Map<string, Mistake>();
  for (const mistake of mistakes) {
    const key = `${formatPath(mistake.path)}\n${mistake.message}`;
    if (!seen.has(key)) seen.set(key, mistake);
  }
  const wrong = new Set(mistakes.filter(({ later }) => later !== true).map(({ path }) => formatPath(path)));
  return [...seen.values()].filter(({ path, later }) => later !== true || !wrong.has(formatPath(path)));
}
