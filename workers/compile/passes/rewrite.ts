/** Rewriting a program step by step: the part that passes share. */

import type { Region, Step, TracedProgram } from '../program.ts';

/** Values that other values stand for, by id. */
export class Substitution {
  readonly #replacements = new Map<number, number>();

  replace(id: number, by: number): void {
    this.#replacements.set(id, by);
  }

  readonly of = (id: number): number => {
    const by = this.#replacements.get(id);
    return by === undefined ? id : this.of(by);
  };
}

/**
 * Rewrites all steps in order, outer ones before those of their regions.
 * @param rewrite gets a step whose operands are replaced already. What it returns in the step's place is rewritten in
 *   turn, unless it is the step itself. Replacements that it makes hold for everything after.
 * @param substitution replacements that hold from the beginning
 */
export function rewriteSteps(
  program: TracedProgram,
  rewrite: (step: Step, substitution: Substitution) => readonly Step[],
  substitution = new Substitution(),
): TracedProgram {
  const visit = (original: Step): readonly Step[] => {
    const step = withOperands(original, substitution.of);
    return rewrite(step, substitution).flatMap((next) => (next === step ? [withRegions(step, region)] : visit(next)));
  };
  const region = ({ parameters, steps, results }: Region): Region => {
    const rewritten = steps.flatMap(visit);
    return { parameters, steps: rewritten, results: results.map(substitution.of) };
  };
  return { ...program, body: region(program.body) };
}

/** The step with its own operands, but not those in its regions, exchanged. */
export function withOperands(step: Step, of: (id: number) => number): Step {
  switch (step.kind) {
    case 'operation':
      return { ...step, inputs: step.inputs.map(of) };
    case 'in-place':
    case 'update':
      return { ...step, targets: step.targets.map(of), args: step.args.map(of) };
    case 'loop':
      return { ...step, count: of(step.count), initial: step.initial.map(of) };
  }
}

/** The step with its regions exchanged. */
export function withRegions(step: Step, change: (region: Region) => Region): Step {
  switch (step.kind) {
    case 'operation':
    case 'update':
      return step;
    case 'in-place':
      return { ...step, expansion: change(step.expansion) };
    case 'loop':
      return {
        ...step,
        ...(step.condition && { condition: change(step.condition) }),
        body: change(step.body),
      };
  }
}
