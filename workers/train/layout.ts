/** How the variables of a stack are stored: a pure function of the program, never of load. */

import { isWeighted, type Program } from './program.ts';

/**
 * - `flat`: all variables of a slot in one tensor, so that an update is a handful of ops however many layers there are
 * - `stacked`: one tensor per variable
 * - `single`: one tensor per variable and one slot per stack: matrix products of rank 2 and in-place updates, which pay
 *   where the arithmetic is more than the overhead of its ops; and all that has no stacked form, such as convolutions
 */
export type Layout = 'flat' | 'stacked' | 'single';

/** Variables of a slot up to which `flat` is used, and above which `single` is. Measured: docs/engine.md. */
const FLAT_PARAMETERS = 5_000;
const SINGLE_PARAMETERS = 20_000;

export function layoutOf(program: Program): Layout {
  const [best] = layoutsOf(program);
  if (best === 'single') return best;
  const count = parameterCount(program);
  if (count > SINGLE_PARAMETERS) return 'single';
  return count > FLAT_PARAMETERS ? 'stacked' : 'flat';
}

/** Every layout in which the program can run. */
export function layoutsOf(program: Program): readonly Layout[] {
  const stackable = !program.module && program.layers.every(({ type }) => type === 'dense' || type === 'normalization');
  return stackable ? ['flat', 'stacked', 'single'] : ['single'];
}

/** Slots of a stack at least. A batched product of one matrix takes another kernel, with other bits: never one of many. */
export function smallestStack(layout: Layout): number {
  return layout === 'single' ? 1 : 2;
}

/** Trainable numbers of one slot. A module's are not known here: 0. */
export function parameterCount(program: Program): number {
  return program.layers.reduce((sum, layer) => {
    const normalized = layer.normalization ? (Number(layer.scale) + Number(layer.center)) * layer.channels : 0;
    if (!isWeighted(layer)) return sum + normalized;
    return sum + (kernelInputs(layer) + 1) * layer.channels + normalized;
  }, 0);
}

/** Rows of a kernel as it is stored: what one number of the output is a product of. */
export function kernelInputs(layer: Extract<Program['layers'][number], { type: 'dense' | 'conv2d' }>): number {
  if (layer.type === 'dense') return layer.inputs;
  return layer.kernel_size[0] * layer.kernel_size[1] * layer.image.channels;
}

/**
 * Whether the first layer's bias is stored as one more row of its kernel, and its inputs have a column of ones: the
 * product then adds it, and its gradient comes with the kernel's. Not where noise falls on the inputs or the kernel.
 */
export function foldsBias(program: Program, layout: Layout): boolean {
  const [first] = program.layers;
  const { noise, dropout } = program.input;
  return layout === 'flat' && first?.type === 'dense' && !first.weight_noise && !noise && !dropout;
}
