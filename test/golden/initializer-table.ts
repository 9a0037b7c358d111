/** What Keras' initialisers draw: limits, spread and truncation for every shape on record. */

import { z } from 'zod';
import type { InitializerName, Kind } from '../../src/definition/resolved.ts';
import { PhiloxStream, streamKey } from '../../workers/random/philox.ts';
import { initialValues } from '../../workers/train/initializers.ts';
import type { Comparer } from './comparer.ts';
import { compareMoments, type TableRow } from './table.ts';

const fans = { fan_in: z.number(), fan_out: z.number() };
const drawnSchema = z.discriminatedUnion('distribution', [
  z.object({ ...fans, distribution: z.literal('uniform'), minval: z.number(), maxval: z.number() }),
  z.object({ ...fans, distribution: z.literal('normal'), mean: z.number(), stddev: z.number() }),
  z.object({
    ...fans,
    distribution: z.literal('truncated_normal'),
    mean: z.number(),
    truncated_at: z.tuple([z.number(), z.number()]),
    stddev_after_truncation: z.number(),
  }),
]);
type Drawn = z.infer<typeof drawnSchema>;

const tableSchema = z.object({
  initializers: z.array(
    z.object({
      name: z.string(),
      args: z.record(z.string(), z.number()),
      parameters: z.array(drawnSchema).default([]),
      orthogonality_error: z.array(z.object({ ...fans, max_abs: z.number() })).default([]),
      sample_400x300: z.object({ mean: z.number(), std: z.number() }),
    }),
  ),
});

/** Keras' own, where a table does not say. */
const DEFAULTS: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  random_uniform: { minval: -0.05, maxval: 0.05 },
  random_normal: { mean: 0, stddev: 0.05 },
  truncated_normal: { mean: 0, stddev: 0.05 },
  orthogonal: { gain: 1 },
};

/** Numbers of a sample at least. */
const SAMPLE = 40_000;

export function initializerRows(json: unknown): readonly TableRow[] {
  return tableSchema.parse(json).initializers.flatMap((row): readonly TableRow[] => {
    const initializer: Kind<InitializerName> = {
      ...DEFAULTS[row.name],
      ...row.args,
      name: row.name as InitializerName,
    };
    const named = (shape: { fan_in: number; fan_out: number }): string =>
      `${row.name} of ${shape.fan_in} x ${shape.fan_out}`;
    return [
      ...row.parameters.map((drawn) => ({
        name: named(drawn),
        check: (comparer: Comparer) => checkDrawn(comparer, initializer, drawn),
      })),
      ...row.orthogonality_error.map((shape) => ({
        name: named(shape),
        check: (comparer: Comparer) => checkOrthogonal(comparer, initializer, shape.fan_in, shape.fan_out),
      })),
      ...(row.parameters.length === 0
        ? [
            {
              name: `${row.name} of 400 x 300`,
              check: (comparer: Comparer) => checkMoments(comparer, initializer, row.sample_400x300),
            },
          ]
        : []),
    ];
  });
}

function checkDrawn(comparer: Comparer, initializer: Kind<InitializerName>, drawn: Drawn): void {
  const values = sample(initializer, [drawn.fan_in, drawn.fan_out]);
  compareMoments(comparer, values, momentsOf(drawn));
  const limits = limitsOf(drawn);
  if (!limits) return;
  const [low, high] = limits;
  const range = high - low;
  const smallest = values.reduce((a, b) => Math.min(a, b));
  const largest = values.reduce((a, b) => Math.max(a, b));
  // Nearly reached, and passed by no more than the rounding of the record.
  comparer.compare('smallest', smallest, low, 0.01 * range);
  comparer.compare('largest', largest, high, 0.01 * range);
  comparer.compare('below the lowest', Math.max(low - smallest, 0), 0, 1e-6 * range);
  comparer.compare('above the highest', Math.max(largest - high, 0), 0, 1e-6 * range);
}

function momentsOf(drawn: Drawn): { mean: number; std: number } {
  switch (drawn.distribution) {
    case 'uniform':
      return { mean: (drawn.minval + drawn.maxval) / 2, std: (drawn.maxval - drawn.minval) / Math.sqrt(12) };
    case 'normal':
      return { mean: drawn.mean, std: drawn.stddev };
    case 'truncated_normal':
      return { mean: drawn.mean, std: drawn.stddev_after_truncation };
  }
}

function limitsOf(drawn: Drawn): readonly [number, number] | undefined {
  if (drawn.distribution === 'normal') return undefined;
  return drawn.distribution === 'uniform' ? [drawn.minval, drawn.maxval] : drawn.truncated_at;
}

/** Many kernels of one shape, so that small ones too show their distribution. */
function sample(initializer: Kind<InitializerName>, shape: readonly [number, number]): Float32Array {
  const stream = new PhiloxStream(streamKey('initializers', initializer.name));
  const size = shape[0] * shape[1];
  const kernels = Math.ceil(SAMPLE / size);
  const all = new Float32Array(kernels * size);
  for (let kernel = 0; kernel < kernels; kernel += 1) all.set(initialValues(initializer, shape, stream), kernel * size);
  return all;
}

/** The shorter side's vectors: each of length `gain`, each at right angles to all others. */
function checkOrthogonal(comparer: Comparer, initializer: Kind<InitializerName>, rows: number, columns: number): void {
  const kernel = initialValues(initializer, [rows, columns], new PhiloxStream(streamKey('orthogonal')));
  const at = (vector: number, place: number): number =>
    rows >= columns ? kernel[place * columns + vector]! : kernel[vector * columns + place]!;
  const [count, length] = [Math.min(rows, columns), Math.max(rows, columns)];
  const square = Number(initializer['gain']) ** 2;
  for (let a = 0; a < count; a += 1) {
    for (let b = 0; b <= a; b += 1) {
      let inner = 0;
      for (let i = 0; i < length; i += 1) inner += at(a, i) * at(b, i);
      comparer.compare(`inner product of ${a} and ${b}`, inner, a === b ? square : 0, 1e-6 * square);
    }
  }
}

function checkMoments(
  comparer: Comparer,
  initializer: Kind<InitializerName>,
  expected: { readonly mean: number; readonly std: number },
): void {
  const values = initialValues(initializer, [400, 300], new PhiloxStream(streamKey('moments', initializer.name)));
  compareMoments(comparer, values, expected);
}
