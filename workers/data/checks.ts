/** What data must fulfil so that something can be learnt from them. Pure. */

import { SweepError } from '../../src/errors.ts';
import type { DataSpec } from './dataset.ts';
import { counted } from '../../src/counted.ts';
import type { Table } from './table.ts';

/**
 * @throws SweepError 'data' when the target does not vary, or its classes are plainly measurements
 */
export function checkTarget({ rows, target }: Table): void {
  const { name, values, classes } = target;
  if (classes.length > rows / 2 && classes.some((label) => /^-?\d*\.\d+$/.test(label))) {
    const found = `${classes.length} different numbers in ${counted(rows, 'row')}`;
    const message = `column "${name}" must hold classes, found ${found}`;
    throw new SweepError('data', { path: 'data.target', message, hint: 'to predict numbers use a loss such as mse' });
  }
  if (values.some((value) => value !== values[0])) return;
  const found = classes[0] ?? values[0];
  const message = `must vary, found the same value, ${found}, in all rows of "${name}" (${counted(rows, 'row')})`;
  throw new SweepError('data', { path: 'data.target', message });
}

/**
 * Rows of a file often stand class by class: cut as they stand, they would leave one class to train on.
 * @throws SweepError 'data' when that happened
 */
export function checkTraining({ target }: Table, train: Int32Array, split: DataSpec['split']): void {
  const first = target.values[train[0]!]!;
  if (split.shuffle || target.classes.length === 0 || train.some((row) => target.values[row] !== first)) return;
  throw new SweepError('data', {
    path: 'data.split.shuffle',
    message: `the training part must hold more than one class, found "${target.classes[first]}" only, in the rows' order`,
    hint: 'set it to true',
  });
}

/** @throws SweepError 'data' when the features do not fill the image, or a transform has no numbers to act on */
export function checkSpec({ image, target_kind, transform }: DataSpec, width: number): void {
  if (target_kind === 'class' && transform.target !== null) {
    const message = `must be none for classes, found ${transform.target.name}`;
    throw new SweepError('data', { path: 'data.transform.target', message });
  }
  if (image === null) return;
  const { height, width: across, channels } = image;
  const wanted = height * across * channels;
  if (wanted === width) return;
  const message = `height x width x channels, ${height} x ${across} x ${channels} = ${wanted}, must be the number of features, found ${width}`;
  throw new SweepError('data', { path: 'data.image', message });
}
