/** When Keras' EarlyStopping stopped, and whose weights it left. */

import * as tf from '@tensorflow/tfjs-core';
import { z } from 'zod';
import { portableOps } from '../../workers/backend/ops/portable.ts';
import { epochEnd, STATUS, stoppingState } from '../../workers/train/stopping.ts';
import { named, type Tensors } from '../../workers/train/tensors.ts';
import { buildProgram } from '../train/builders.ts';
import { hyperTensors, perSlot } from '../train/hyper-tensors.ts';
import type { Comparer } from './comparer.ts';
import { ourMetric } from './schedule-table.ts';
import type { TableEntry } from './table.ts';

const rowSchema = z.object({
  name: z.string(),
  args: z.object({
    monitor: z.string(),
    mode: z.enum(['auto', 'min', 'max']),
    min_delta: z.number(),
    patience: z.number(),
    baseline: z.number().nullable(),
    restore_best_weights: z.boolean(),
    start_from_epoch: z.number(),
  }),
  values: z.array(z.number()),
  stopped_epoch: z.number().nullable(),
  epochs_run: z.number(),
  final_weights_epoch: z.number(),
  wait_after_epoch: z.array(z.number()),
});
type Row = z.infer<typeof rowSchema>;

export function stoppingRows(json: unknown): readonly TableEntry[] {
  return z
    .object({ early_stopping: z.array(rowSchema) })
    .parse(json)
    .early_stopping.map((row) => {
      const name = `EarlyStopping: ${row.name}`;
      const refused = refusalOf(row.args);
      return refused ? { name, refused } : { name, check: (comparer) => tf.tidy(() => check(comparer, row)) };
    });
}

function refusalOf({ baseline, start_from_epoch }: Row['args']): string | undefined {
  if (baseline !== null) return 'a definition has no `baseline`';
  return start_from_epoch > 0 ? 'a definition has no `start_from_epoch`' : undefined;
}

/** The weight is the number of the epoch. */
function check(comparer: Comparer, row: Row): void {
  const monitor = ourMetric(row.args);
  const program = buildProgram({
    monitor,
    trigger: 'no_improvement',
    // Keras restores the best weights only when it stops.
    keep: row.args.restore_best_weights ? 'trigger_start' : 'last',
  });
  const { patience, min_delta } = row.args;
  const hyper = hyperTensors(program, [{ patience, min_delta, every: 1, epochs: row.values.length }]);
  let state: Tensors = Object.fromEntries(
    Object.entries({ ...stoppingState(program), 'kept.weight': -1 }).map(([name, value]) => [name, perSlot([value])]),
  );
  const numberOf = (name: string): number => named(state, name).dataSync()[0]!;
  let epochs = 0;
  while (numberOf('status') === STATUS.running) {
    const metrics = { mean_training_loss: perSlot([0]), [monitor]: perSlot([row.values[epochs]!]) };
    const stored = { parameters: { weight: perSlot([epochs]) }, statistics: {} };
    state = epochEnd(program, state, metrics, hyper, stored, portableOps);
    comparer.compare(`wait after epoch ${epochs}`, numberOf('monitor.wait'), row.wait_after_epoch[epochs]!, 0);
    epochs += 1;
  }
  const stopped = numberOf('status') === STATUS.early_stopping;
  comparer.compare('whether it stopped', Number(stopped), Number(row.stopped_epoch !== null), 0);
  comparer.compare('epochs', epochs, row.epochs_run, 0);
  comparer.compare('epoch that is kept', numberOf('kept_epoch') - 1, row.final_weights_epoch, 0);
  if (program.keep === 'last') return;
  comparer.compare('weights that are kept', numberOf('kept.weight'), row.final_weights_epoch, 0);
}
