/** Whether configs form a complete grid: each combination of the parameters' values once. Pure. */

import type { Params } from '../definition/resolved.ts';

export interface Grid {
  /** Parameters with more than one value. */
  readonly axes: readonly {
    readonly parameter: string;
    readonly levels: number;
    /** Level by place of the config among those given. */
    readonly levelOf: Int32Array;
  }[];
}

/** Undefined where they do not. @param params of some configs */
export function gridOf(params: readonly Params[], parameters: readonly string[]): Grid | undefined {
  const axes = parameters
    .map((parameter) => {
      const places = new Map<unknown, number>();
      const levelOf = Int32Array.from(params, (each) => {
        const value = each[parameter] ?? null;
        const level = places.get(value) ?? places.size;
        places.set(value, level);
        return level;
      });
      return { parameter, levels: places.size, levelOf };
    })
    .filter(({ levels }) => levels > 1);
  const cells = axes.reduce((product, { levels }) => product * levels, 1);
  if (cells !== params.length) return undefined;
  const cellOf = (config: number): number => axes.reduce((cell, axis) => cell * axis.levels + axis.levelOf[config]!, 0);
  const filled = new Set([...params.keys()].map(cellOf));
  return filled.size === cells ? { axes } : undefined;
}
