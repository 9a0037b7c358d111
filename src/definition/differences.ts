/** What is different between two values of plain data, place by place. Pure. */

import { canonicalJson } from './hash.ts';
import { isMap, type Path } from './mistake.ts';

/** `undefined` stands for a key that one of the two does not have. */
export interface Difference {
  readonly path: Path;
  readonly before: unknown;
  readonly after: unknown;
}

/** As deep as both are maps, or lists of one length; none where the canonical JSON is equal. */
export function differences(before: unknown, after: unknown, path: Path = []): Difference[] {
  if (canonicalJson(before) === canonicalJson(after)) return [];
  if (isMap(before) && isMap(after)) {
    const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
    return [...keys].flatMap((key) => differences(before[key], after[key], [...path, key]));
  }
  if (Array.isArray(before) && Array.isArray(after) && before.length === after.length) {
    return before.flatMap((item, index) => differences(item, after[index], [...path, index]));
  }
  return [{ path, before, after }];
}
