/** What is different between two definitions, a line each, for the error that a sweep exists with another one. Pure. */

import { canonicalJson } from './hash.ts';
import { formatPath, isMap, show, type Path } from './mistake.ts';

/** `search.l2.points: 6 -> 5`; `nothing` stands for a key that one of the two does not have. */
export function differences(before: unknown, after: unknown, path: Path = []): string[] {
  if (canonicalJson(before) === canonicalJson(after)) return [];
  if (isMap(before) && isMap(after)) {
    const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
    return [...keys].flatMap((key) => differences(before[key], after[key], [...path, key]));
  }
  if (Array.isArray(before) && Array.isArray(after) && before.length === after.length) {
    return before.flatMap((item, index) => differences(item, after[index], [...path, index]));
  }
  const subject = path.length > 0 ? `${formatPath(path)}: ` : '';
  return [`${subject}${show(before)} -> ${show(after)}`];
}
