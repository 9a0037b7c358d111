/** Computes once what is computed by the same op of the same values again. */

import type { Operation, Region, Step, TracedProgram } from '../program.ts';
import { Substitution, withOperands, withRegions } from './rewrite.ts';

/** Operations that were met, of one region and of those around it. */
interface Known {
  readonly operations: Map<string, Operation>;
  readonly outer: Known | undefined;
}

export function commonSubexpressions(program: TracedProgram): TracedProgram {
  const substitution = new Substitution();

  const region = ({ parameters, steps, results }: Region, outer?: Known): Region => {
    const known: Known = { operations: new Map(), outer };
    const visited = steps.flatMap((original): Step[] => {
      const step = withOperands(original, substitution.of);
      if (step.kind !== 'operation') return [withRegions(step, (inner) => region(inner, known))];
      const key = keyOf(step);
      const equal = find(known, key);
      if (!equal) {
        known.operations.set(key, step);
        return [step];
      }
      step.outputs.forEach(({ id }, port) => substitution.replace(id, equal.outputs[port]!.id));
      return [];
    });
    return { parameters, steps: visited, results: results.map(substitution.of) };
  };
  return { ...program, body: region(program.body) };
}

function find(known: Known | undefined, key: string): Operation | undefined {
  return known && (known.operations.get(key) ?? find(known.outer, key));
}

function keyOf({ name, attributes, inputs }: Operation): string {
  const sorted = Object.keys(attributes)
    .toSorted()
    .map((key) => [key, attributes[key]]);
  return JSON.stringify([name, inputs, sorted]);
}
