/** Ops that may overwrite their targets. */

import type { Tensor } from '@tensorflow/tfjs-core';
import { CompileError } from './errors.ts';
import { bool, type } from './nodes.ts';
import type { Attributes, DataType } from './program.ts';
import { currentTrace } from './trace.ts';

/** An op of TensorFlow with targets in resource variables, such as `ResourceApplyAdam`. */
export interface InPlaceOp {
  readonly name: string;
  readonly attributes?: Readonly<Record<string, boolean>>;
  /** Its attributes that are types; by default `T`, that of the first target. */
  readonly types?: Readonly<Record<string, DataType>>;
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
  return trace.step(
    (outputs) => ({
      kind: 'in-place',
      name: op.name,
      attributes: attributesOf(op, targets),
      targets: targets.map((tensor) => trace.use(tensor)),
      args: args.map((tensor) => trace.use(tensor)),
      expansion: region,
      outputs,
    }),
    results,
  );
}

function attributesOf({ attributes = {}, types }: InPlaceOp, targets: readonly Tensor[]): Attributes {
  const named = Object.entries(types ?? { T: targets[0]!.dtype });
  return Object.fromEntries([
    ...named.map(([name, value]) => [name, type(value)] as const),
    ...Object.entries(attributes).map(([name, value]) => [name, bool(value)] as const),
  ]);
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
