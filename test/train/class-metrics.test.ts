/** Metrics of classes against scikit-learn, on the very scores that it saw. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { loadBackend } from '../../workers/backend/backend.ts';
import type { BackendName } from '../../workers/protocol.ts';
import { joinSums, partMetrics, rowSums } from '../../workers/train/metrics.ts';
import type { Program } from '../../workers/train/program.ts';
import type { Tensors } from '../../workers/train/tensors.ts';
import { buildProgram } from './builders.ts';
import { hyperTensors } from './hyper-tensors.ts';
import { batchRows } from './rows.ts';
import { expectSameBits } from './slots.ts';

const score = z.union([z.number(), z.array(z.number())]);
const fileSchema = z.object({
  cases: z.array(
    z.object({
      name: z.string(),
      loss: z.enum(['binary_crossentropy', 'hinge', 'categorical_crossentropy']),
      scores: z.array(score),
      labels: z.array(z.number()),
      expected: z.record(z.string(), z.number().nullable()),
    }),
  ),
});
const path = join(import.meta.dirname, '../reference/sklearn/metrics.json');
const { cases } = fileSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
type Case = Omit<(typeof cases)[number], 'expected' | 'name'>;

const ASKED = ['auc', 'f1', 'precision', 'recall'] as const;

function programOf({ loss, scores }: Case): Program {
  const [first] = scores;
  return buildProgram({ loss, layers: [{ units: typeof first === 'number' ? 1 : first!.length }], metrics: ASKED });
}

/** Targets as the loss has them, [rows][outputs]. */
function targetsOf({ loss, labels, scores }: Case): number[][] {
  if (loss === 'categorical_crossentropy') {
    return labels.map((label) => (scores[0] as number[]).map((_, index) => (index === label ? 1 : 0)));
  }
  return labels.map((label) => [loss === 'hinge' ? 2 * label - 1 : label]);
}

/** The metrics of the training part of every slot, given its outputs; rows come in pieces of at most `size`. */
function metricsOf(one: Case, slots: readonly (readonly (readonly number[])[])[], size = Infinity): Tensors {
  const program = programOf(one);
  const rows = one.labels.length;
  const targets = targetsOf(one);
  let sums: Tensors | undefined;
  for (let from = 0; from < rows; from += size) {
    const piece = <T>(values: readonly T[]): T[] => values.slice(from, from + size);
    const output = tf.tensor3d(slots.map((outputs) => piece(outputs).map((row) => [...row])));
    const values = { z: output, output, target: tf.tensor3d([piece(targets)]) };
    const lossRows = tf.zeros([slots.length, output.shape[1], 1]);
    const fresh = rowSums(program, values, lossRows, batchRows(output.shape[1]).present);
    sums = sums ? joinSums(sums, fresh) : fresh;
  }
  const hyper = hyperTensors(
    program,
    slots.map(() => ({})),
  );
  return partMetrics(program, 'train', sums!, tf.fill([1, 1, 1], rows), undefined, hyper);
}

const outputsOf = ({ scores }: Case): number[][] => scores.map((row) => (typeof row === 'number' ? [row] : row));

function read(metrics: Tensors, slot: number): Record<string, number> {
  const names = ['accuracy', ...ASKED];
  return Object.fromEntries(names.map((name) => [name, metrics[`train_${name}`]!.dataSync()[slot]!]));
}

describe.each(['native', 'wasm', 'cpu'] satisfies BackendName[])('on %s', (backend) => {
  beforeAll(async () => {
    await loadBackend(backend);
  });

  test.each(cases)('$name: what scikit-learn says', ({ expected, ...one }) => {
    const outputs = outputsOf(one);
    for (const size of [Infinity, Math.ceil(outputs.length / 3)]) {
      // In the other slot all is reversed.
      const found = tf.tidy(() => read(metricsOf(one, [outputs.toReversed(), outputs], size), 1));
      for (const [name, value] of Object.entries(expected)) {
        if (value === null) expect(found[name], name).toBeNaN();
        else expect(found[name], name).toBeCloseTo(value, 6);
      }
    }
  });
});

describe('the area under the curve', () => {
  beforeAll(async () => {
    await loadBackend('native');
  });
  const areas = (labels: readonly number[], slots: readonly (readonly number[])[]): number[] =>
    tf.tidy(() => {
      const one: Case = { loss: 'hinge', labels: [...labels], scores: [...slots[0]!] };
      return [
        ...metricsOf(
          one,
          slots.map((scores) => scores.map((value) => [value])),
        )['train_auc']!.dataSync(),
      ];
    });

  test('is the share of pairs in order, ties half', () => {
    const rows = fc.array(fc.record({ label: fc.constantFrom(0, 1), score: fc.integer({ min: -6, max: 6 }) }), {
      maxLength: 40,
    });
    fc.assert(
      fc.property(rows, (some) => {
        const all = [{ label: 0, score: 1 }, { label: 1, score: 0 }, ...some];
        const pairs = all
          .filter(({ label }) => label === 1)
          .flatMap((positive) =>
            all.filter(({ label }) => label === 0).map((negative) => Math.sign(positive.score - negative.score)),
          );
        const share = pairs.reduce<number>((sum, sign) => sum + (sign + 1) / 2, 0) / pairs.length;
        const scores = all.map((row) => row.score);
        const [found, negated] = areas(
          all.map(({ label }) => label),
          [scores, scores.map((value) => -value)],
        );
        expect(found).toBeCloseTo(share, 5);
        expect(negated).toBeCloseTo(1 - share, 5);
      }),
      { numRuns: 100 },
    );
  });

  test('of 20,000 rows is exact to the sixth digit', () => {
    const rows = 20_000;
    const labels = Array.from({ length: rows }, (_, row) => (row % 10 === 0 ? 1 : 0));
    // Row r has rank r: each positive one is above as many negative ones as there are before it.
    const scores = labels.map((_, row) => row / rows);
    const positives = rows / 10;
    let below = 0;
    for (let i = 0; i < positives; i += 1) below += 9 * i;
    expect(areas(labels, [scores])[0]).toBeCloseTo(below / (positives * (rows - positives)), 6);
  });
});

test.each(cases.slice(0, 1).concat(cases.filter(({ name }) => name === 'five classes')))(
  '$name: the same bits in every slot',
  async (one) => {
    await loadBackend('native');
    expectSameBits((slots) => {
      const outputs = slots.map((slot) =>
        outputsOf(one).map((row, i) => row.map((value) => value * (1 + ((i * slot) % 7)))),
      );
      const metrics = metricsOf(one, outputs);
      return tf.concat(
        ASKED.map((name) => metrics[`train_${name}`]!),
        1,
      );
    });
  },
);
