/** What the database refuses in names of sweeps and parameters, and how it quotes them. Pure. */

import { isResultColumn, isTableOrView } from '../src/sql-names.ts';

const SWEEP_NAME = /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/;

/** What is wrong with a sweep's name, or undefined: it becomes a view and must be none of ours. */
export function sweepNameProblem(name: string): string | undefined {
  if (!SWEEP_NAME.test(name)) {
    return `a sweep's name must consist of a-z, 0-9 and inner hyphens, but got '${name}'`;
  }
  if (isTableOrView(name)) return `a sweep's name must not be that of a table or view, but got '${name}'`;
  return undefined;
}

/** What is wrong with the names of searched parameters, or undefined: each becomes a column of the sweep's views. */
export function parameterNameProblem(parameters: readonly string[]): string | undefined {
  const seen = new Map<string, string>();
  for (const parameter of parameters) {
    if (isResultColumn(parameter)) return `a parameter must not be called like a column of the results: '${parameter}'`;
    const column = parameter.toLowerCase();
    const twin = seen.get(column);
    if (twin !== undefined) return `parameters must differ in more than case: '${twin}' and '${parameter}'`;
    seen.set(column, parameter);
  }
  return undefined;
}

/** `name` as an SQL identifier. */
export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** Where a JSON object has `key`, as an SQL text. */
export function jsonPath(key: string): string {
  return `'$."${key.replaceAll("'", "''")}"'`;
}
