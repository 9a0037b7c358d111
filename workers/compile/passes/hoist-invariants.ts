/** Moves out of loops what is the same in every iteration. */

import { copiedTargets, operandsOf } from '../program.ts';
import type { Operation, Region, Step, TracedProgram } from '../program.ts';
import { withRegions } from './rewrite.ts';

export function hoistInvariants(program: TracedProgram): TracedProgram {
  return { ...program, body: visit(program.body) };
}

/** Inner loops first: what leaves them may leave the outer ones too. */
function visit(region: Region): Region {
  const steps = region.steps.flatMap((step): Step[] => {
    const inner = withRegions(step, visit);
    if (inner.kind !== 'loop') return [inner];
    const hoisted: Operation[] = [];
    const loop = withRegions(inner, (body) => withoutInvariants(body, hoisted));
    return [...hoisted, loop];
  });
  return { ...region, steps };
}

function withoutInvariants(region: Region, hoisted: Operation[]): Region {
  const changing = new Set([...region.parameters.map(({ id }) => id), ...overwritten(region)]);
  const steps = region.steps.filter((step) => {
    const involved = [...operandsOf(step), ...step.outputs.map(({ id }) => id)];
    if (step.kind === 'operation' && isTotal(step) && !involved.some((id) => changing.has(id))) {
      hoisted.push(step);
      return false;
    }
    step.outputs.forEach(({ id }) => changing.add(id));
    return true;
  });
  return { ...region, steps };
}

/** What updates take for their own: made anew in every iteration, it need not be copied for them. */
function overwritten({ steps }: Region): readonly number[] {
  return steps.flatMap((step) => (step.kind === 'update' ? copiedTargets(step) : []));
}

/** Ops that fail for some values, such as an index beyond the end: they must not run where the loop does not. */
const PARTIAL = /Gather|Scatter|Slice|Div|Mod|Pow|Check|Assert|Bincount|Segment|SparseToDense|LinSpace|Range/;

function isTotal({ name }: Operation): boolean {
  return !PARTIAL.test(name);
}
