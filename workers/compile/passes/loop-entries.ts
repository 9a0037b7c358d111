/** Loops with some entries of their state only. */

import type { Loop, Region } from '../program.ts';

/** The loop without the entries for which `kept` is false. */
export function withEntries(loop: Loop, kept: readonly boolean[]): Loop {
  const of = <T>(items: readonly T[]): readonly T[] => items.filter((_, entry) => kept[entry]);
  const { names, initial, variables, condition, body, outputs } = loop;
  const [index, ...state] = body.parameters;
  const asking = (region: Region): Region => ({ ...region, parameters: of(region.parameters) });
  return {
    ...loop,
    names: of(names),
    initial: of(initial),
    ...(variables && { variables: of(variables) }),
    ...(condition && { condition: asking(condition) }),
    body: { ...body, parameters: [index!, ...of(state)], results: of(body.results) },
    outputs: of(outputs),
  };
}
