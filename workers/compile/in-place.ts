/** Ops that may overwrite their targets. */

import type { Tensor } from '@tensorflow/tfjs-core';
import { CompileError } from './errors.ts';
import type { Attributes } from './program.ts';
import { currentTrace } from './trace.ts';

/** An op of TensorFlow with targets in resource variables, such as `ResourceApplyAdam`. */
export interface InPlaceOp {
  readonly name: string;
  readonly attributes?: Readonly<Record<string, boolean>>;
}

/**
 * New values of `targets`, by an op that overwrites them where that is possible: see `CompileOptions.inPlace`.
 * Eagerly, and wherever it is not possible, `expand` is the definition.
 * @param targets the op's resource variables, in its order
 * @param args the op's other inputs, in its order
 * @returns the targets' new values, in the same order
 */
export function inPlace(
  op: InPlaceOp,
  targets: readonly Tensor[],
  args: readonly Tensor[],
  expand: (targets: readonly Tensor[], args: readonly Tensor[]) => readonly Tensor[],
): readonly Tensor[] {
  const trace = currentTrace();
  if (!trace) return expand(targets, args);
  const { region, results } = trace.region([...targets, ...args], (tensors) => {
    const next = expand(tensors.slice(0, targets.length), tensors.slice(targets.length));
    checkTargets(op, targets, next);
    return next;
  });
  const attributes: Attributes = Object.fromEntries(
    Object.entries(op.attributes ?? {}).map(([name, value]) => [name, { type: 'bool', value }]),
  );
  return trace.step(
    (outputs) => ({
      kind: 'in-place',
      name: op.name,
      attributes,
      targets: targets.map((tensor) => trace.use(tensor)),
      args: args.map((tensor) => trace.use(tensor)),
      expansion: region,
      outputs,
    }),
    results,
  );
}

function checkTargets(op: InPlaceOp, targets: readonly Tensor[], next: readonly Tensor[]): void {
  const typesOf = (tensors: readonly Tensor[]): string =>
    tensors.map(({ dtype, shape }) => `${dtype}[${shape.join()}]`).join(', ');
  if (typesOf(targets) !== typesOf(next)) {
    throw new CompileError(
      `the expansion of ${op.name} must give new values of its targets (${typesOf(targets)}), but gave ${typesOf(next)}`,
    );
  }
}
