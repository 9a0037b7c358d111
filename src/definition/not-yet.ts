/** What the format has and this version cannot run yet: one table, refused with "not yet" at its place. Shrinks as rooms are built. Pure. */

import { isMap, valueAt, type Mistake, type Path } from './mistake.ts';

interface Rule {
  readonly at: string;
  /** Kinds that can be run; without it, anything is refused. */
  readonly only?: readonly string[];
}

const RULES: readonly Rule[] = [{ at: 'pruning' }, { at: 'method', only: ['grid', 'list', 'random', 'sobol'] }];

/** `value` has no references any more; its paths are those of the mistakes. */
export function notYetMistakes(value: Readonly<Record<string, unknown>>): Mistake[] {
  return RULES.flatMap(({ at, only }): Mistake[] => {
    const path = at.split('.');
    const found = valueAt(value, path);
    if (found === undefined || found === 'none') return [];
    const kind = isMap(found) ? found['name'] : found;
    if (only?.some((allowed) => allowed === kind)) return [];
    // A kind is named by itself, anything else by its key: "./net.ts is not yet there" would speak of a file.
    return [notYet(path, only && typeof kind === 'string' ? kind : String(path[path.length - 1]))];
  });
}

function notYet(path: Path, what: string): Mistake {
  return { path, message: `${what} is not yet there`, hint: 'a later version brings it', later: true };
}
