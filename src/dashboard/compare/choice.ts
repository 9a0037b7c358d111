/** Which searched parameters are compared: the one of the rows, and that of the columns, if there is one. Pure. */

export interface Choice {
  readonly rows: string;
  readonly columns: string | undefined;
}

/** The nearest choice that `parameters` allow; undefined where nothing is searched. */
export function fitChoice(choice: Choice | undefined, parameters: readonly string[]): Choice | undefined {
  const rows = parameters.find((name) => name === choice?.rows) ?? parameters[0];
  if (rows === undefined) return undefined;
  return { rows, columns: parameters.find((name) => name === choice?.columns && name !== rows) };
}

/** Another parameter for the rows, `step` further; where that is the one of the columns, the two change places. */
export function stepRows({ rows, columns }: Choice, parameters: readonly string[], step: 1 | -1): Choice {
  const next = cycle(parameters, rows, step) ?? rows;
  return { rows: next, columns: columns === next ? rows : columns };
}

/** Another parameter for the columns, `step` further, or none. */
export function stepColumns({ rows, columns }: Choice, parameters: readonly string[], step: 1 | -1): Choice {
  return { rows, columns: cycle([undefined, ...parameters.filter((name) => name !== rows)], columns, step) };
}

function cycle<Item>(items: readonly Item[], from: Item, step: 1 | -1): Item | undefined {
  return items.at((items.indexOf(from) + step) % items.length);
}
