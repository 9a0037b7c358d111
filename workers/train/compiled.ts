/** Compiled programs of a worker: made once per program and width, and used by every cohort that comes after. */

import { compile, type CompiledFunction, type Tensors } from '../compile/index.ts';

/** A graph holds a few megabytes; a sweep over structures may have hundreds. */
const KEPT = 24;

/** By key, the least recently used first. */
const cache = new Map<string, CompiledFunction>();

/** The compiled function of that key; `trace` and `example` are used where there is none yet. */
export function compiled(
  key: string,
  trace: (inputs: Tensors) => Tensors,
  example: Tensors,
  options: NonNullable<Parameters<typeof compile>[2]>,
): CompiledFunction {
  let found = cache.get(key);
  cache.delete(key);
  found ??= compile(trace, example, options);
  cache.set(key, found);
  for (const [oldest, made] of cache) {
    if (cache.size <= KEPT) break;
    cache.delete(oldest);
    made.dispose();
  }
  return found;
}
