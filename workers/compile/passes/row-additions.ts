/** Adds a row to all rows of a matrix by `BiasAdd`, which gives the same sums sooner than an `Add` that broadcasts. */

import { string } from '../nodes.ts';
import type { Operation, TracedProgram, Value } from '../program.ts';
import { rewriteSteps } from './rewrite.ts';
import { valuesOf } from './values.ts';

const ADDITION = /^Add(V2)?$/;

/** Ops that Grappler would make one with a `BiasAdd` behind them: that may round differently. */
const FUSED: ReadonlySet<string> = new Set([
  'MatMul',
  'BatchMatMul',
  'BatchMatMulV2',
  'Conv2D',
  'Conv3D',
  'DepthwiseConv2dNative',
]);

export function rowAdditions(program: TracedProgram): TracedProgram {
  const values = valuesOf(program);
  const fused = new Set<number>();
  return rewriteSteps(program, (step) => {
    if (step.kind !== 'operation') return [step];
    if (FUSED.has(step.name)) step.outputs.forEach(({ id }) => fused.add(id));
    if (!ADDITION.test(step.name)) return [step];
    const [a, b] = step.inputs.map((id) => values.get(id)!) as [Value, Value];
    const [matrix, row] = a.shape.length === 1 ? [b, a] : [a, b];
    if (fused.has(matrix.id) || !isRowOf(row, matrix)) return [step];
    const attributes = { ...step.attributes, data_format: string('NHWC') };
    return [{ ...step, name: 'BiasAdd', attributes, inputs: [matrix.id, row.id] } satisfies Operation];
  });
}

function isRowOf(row: Value, { dtype, shape }: Value): boolean {
  return (
    dtype === 'float32' &&
    row.shape.length === 1 &&
    shape.length > 1 &&
    row.shape[0] !== null &&
    row.shape[0] === shape.at(-1)
  );
}
