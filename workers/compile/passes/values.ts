/** What a program says about its values. */

import { operandsOf, regionsOf } from '../program.ts';
import type { Region, TracedProgram, Value } from '../program.ts';

/** All values of a program by their ids. */
export function valuesOf(program: TracedProgram): Map<number, Value> {
  const values = new Map<number, Value>();
  const add = (value: Value): unknown => values.set(value.id, value);
  const visit = ({ parameters, steps }: Region): void => {
    parameters.forEach(add);
    for (const step of steps) {
      step.outputs.forEach(add);
      regionsOf(step).forEach(visit);
    }
  };
  program.constants.forEach(({ value }) => add(value));
  visit(program.body);
  return values;
}

/** All values that a region, and those in it, use or return. */
export function usedValues(region: Region, used = new Set<number>()): Set<number> {
  region.results.forEach((id) => used.add(id));
  for (const step of region.steps) {
    operandsOf(step).forEach((id) => used.add(id));
    regionsOf(step).forEach((inner) => usedValues(inner, used));
  }
  return used;
}
