/** Generated data as a table. Pure. */

import { SweepError } from '../../src/errors.ts';
import type { GeneratorSource, ResolvedData } from '../../src/definition/resolved.ts';
import { generate } from './generators.ts';
import type { Table } from './table.ts';

/**
 * Features are named `x1`, `x2`, ...; classes `0`, `1`, ... For a numeric target, classes count as numbers.
 * @throws SweepError 'data' when classes are wanted of a numeric target
 */
export function generatorTable(source: GeneratorSource, targetKind: ResolvedData['target_kind']): Table {
  const { rows, width, features, targets, classes } = generate(source);
  if (targetKind === 'class' && classes === 0) {
    throw new SweepError('data', {
      path: 'data.generator',
      message: `must make classes, which the loss needs, found ${source.generator}, which makes numbers`,
      hint: 'use a loss of numbers, such as mse, or another generator',
    });
  }
  return {
    rows,
    columns: Array.from({ length: width }, (_, column) => ({
      kind: 'number',
      name: `x${column + 1}`,
      values: Float64Array.from({ length: rows }, (_value, row) => features[row * width + column]!),
    })),
    target: {
      name: 'y',
      values: targets,
      classes: targetKind === 'class' ? Array.from({ length: classes }, (_, cls) => String(cls)) : [],
    },
    groups: null,
  };
}
