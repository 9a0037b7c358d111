/** The grammar of `$name` and `$name.key`, and where in a definition they stand. */

import { isMap, type Path } from './mistake.ts';

export interface Reference {
  readonly name: string;
  /** The key of a structured value; undefined for the whole value. */
  readonly key?: string;
}

export const PARAMETER_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
const REFERENCE = /^\$([A-Za-z_][A-Za-z0-9_]*)(?:\.([A-Za-z0-9_]+))?$/;

/** A text that starts with a single `$`, whether well formed or not. */
export function looksLikeReference(value: unknown): value is string {
  return typeof value === 'string' && value.startsWith('$') && !value.startsWith('$$');
}

export function parseReference(text: string): Reference | undefined {
  const match = REFERENCE.exec(text);
  if (!match?.[1]) return undefined;
  return match[2] === undefined ? { name: match[1] } : { name: match[1], key: match[2] };
}

/** `$$price` is the plain text `$price`. */
export function unescaped(value: unknown): unknown {
  return typeof value === 'string' && value.startsWith('$$') ? value.slice(1) : value;
}

/** Every reference below `node`, in the order of the text. */
export function* referencesIn(node: unknown, path: Path): Generator<{ readonly text: string; readonly path: Path }> {
  if (looksLikeReference(node)) {
    yield { text: node, path };
  } else if (Array.isArray(node)) {
    for (const [index, item] of node.entries()) yield* referencesIn(item, [...path, index]);
  } else if (isMap(node)) {
    for (const [key, item] of Object.entries(node)) yield* referencesIn(item, [...path, key]);
  }
}
