/** The runs of a trial as TensorBoard knows them: a session with its result, and a run below it for each part of the data. Pure. */

import type { EpochValues } from '../../../db/read-curves.ts';
import type { BegunTrial } from '../../../db/read-export.ts';
import type { LayerRow } from '../../../db/read-report.ts';
import type { MetricValues } from '../../../db/read-trial.ts';
import type { Params } from '../../definition/resolved.ts';
import { parseMetricName } from '../../metrics.ts';
import { firstEvent, hparamsEvent, type HParamValue, type Scalar, scalarsEvent, type SessionEnd } from './events.ts';

export interface TrialHistory {
  readonly trial: BegunTrial;
  readonly config: number;
  /** Of the sweep: names of runs are of one length, since TensorBoard sorts them as text. */
  readonly configs: number;
  readonly replicates: number;
  readonly params: Params;
  /** Of the kept epoch. */
  readonly results: MetricValues;
  /** Names of `curves.values`. */
  readonly metrics: readonly string[];
  readonly curves: EpochValues;
  readonly layers: readonly LayerRow[];
}

export interface Run {
  /** Below the folder of all runs. */
  readonly folder: string;
  readonly events: readonly Uint8Array[];
}

/** Of a metric at the kept epoch, in the session of the trial. */
export function resultTag(metric: string): string {
  return `kept_epoch/${metric}`;
}

export const GAP = 'generalisation_gap';

/**
 * Curves are called as Keras calls them, `epoch_loss` in runs `train` and `validation`, so that TensorBoard lays those of
 * one trial over each other. What belongs to no part of the data is in the session itself.
 */
export function trialRuns(history: TrialHistory): Run[] {
  const { trial, replicates, metrics } = history;
  const session = `${groupOf(history)}/replicate-${padded(trial.replicate, replicates)}`;
  const parts = new Map<string, { readonly tag: string; readonly index: number }[]>();
  for (const [index, metric] of metrics.entries()) {
    const name = parseMetricName(metric);
    const part = name?.part ?? '';
    parts.set(part, [...(parts.get(part) ?? []), { tag: `epoch_${name?.metric ?? metric}`, index }]);
  }
  const own = parts.get('') ?? [];
  return [
    { folder: session, events: [...sessionEvents(history), ...curveEvents(history, own), ...layerEvents(history)] },
    ...[...parts]
      .filter(([part]) => part !== '')
      .map(([part, columns]) => ({
        folder: `${session}/${part}`,
        events: [firstEvent(startOf(trial)), ...curveEvents(history, columns)],
      })),
  ];
}

/** Of the replicates of a config. */
function groupOf({ config, configs }: TrialHistory): string {
  return `config-${padded(config, configs)}`;
}

/** With as many digits as the last of `count` ordinals has. */
function padded(ordinal: number, count: number): string {
  return String(ordinal).padStart(String(count - 1).length, '0');
}

function sessionEvents(history: TrialHistory): Uint8Array[] {
  const { trial, params, results } = history;
  const started = startOf(trial);
  const ended = endOf(trial);
  const hparams = Object.fromEntries(
    Object.entries(params).filter((entry): entry is [string, HParamValue] => entry[1] !== null),
  );
  const values = { ...results, [GAP]: trial.generalisation_gap };
  const scalars = scalarsOf(Object.entries(values).map(([metric, value]) => [resultTag(metric), value]));
  return [
    firstEvent(started),
    hparamsEvent(started, { sessionStart: { group: groupOf(history), started, hparams } }),
    ...(trial.kept_epoch !== null && scalars.length > 0 ? [scalarsEvent(ended, trial.kept_epoch, scalars)] : []),
    ...sessionEnds(trial).map((sessionEnd) => hparamsEvent(ended, { sessionEnd })),
  ];
}

/** None of a trial that waits to go on. */
function sessionEnds(trial: BegunTrial): SessionEnd[] {
  const { state } = trial;
  if (state === 'running') return [{ status: 'running' }];
  if (state === 'failed') return [{ status: 'failure', ended: endOf(trial) }];
  return state === 'completed' || state === 'pruned' ? [{ status: 'success', ended: endOf(trial) }] : [];
}

function curveEvents(
  { trial, curves: { epochs, values } }: TrialHistory,
  columns: readonly { readonly tag: string; readonly index: number }[],
): Uint8Array[] {
  const timeOf = clock(trial, epochs.at(-1) ?? 1);
  return epochs.flatMap((epoch, row) => {
    const scalars = scalarsOf(columns.map(({ tag, index }) => [tag, values[index]?.[row] ?? null]));
    return scalars.length > 0 ? [scalarsEvent(timeOf(epoch), epoch, scalars)] : [];
  });
}

/** By epoch, since TensorBoard wants steps in order. */
function layerEvents({ trial, layers }: TrialHistory): Uint8Array[] {
  const byEpoch = new Map<number, LayerRow[]>();
  for (const row of layers) byEpoch.set(row.epoch, [...(byEpoch.get(row.epoch) ?? []), row]);
  const epochs = [...byEpoch.keys()].sort((a, b) => a - b);
  const timeOf = clock(trial, epochs.at(-1) ?? 1);
  return epochs.map((epoch) => {
    const rows = byEpoch.get(epoch) ?? [];
    const values = rows.flatMap(({ layer, kernel_norm, gradient_norm, clipped_share }): [string, number | null][] => [
      [`kernel_norm/layer_${layer}`, kernel_norm],
      [`gradient_norm/layer_${layer}`, gradient_norm],
      [`clipped_share/layer_${layer}`, clipped_share],
    ]);
    return scalarsEvent(timeOf(epoch), epoch, scalarsOf(values));
  });
}

function scalarsOf(values: readonly (readonly [string, number | null])[]): Scalar[] {
  return values.flatMap(([tag, value]) => (value === null ? [] : [{ tag, value }]));
}

/** The database knows when a trial began and ended; its epochs are laid evenly between. */
function clock(trial: BegunTrial, last: number): (epoch: number) => number {
  const start = startOf(trial);
  const length = endOf(trial) - start;
  return (epoch) => start + (length * epoch) / last;
}

function startOf({ started_at }: BegunTrial): number {
  return started_at / 1000;
}

function endOf({ started_at, ended_at }: BegunTrial): number {
  return (ended_at ?? started_at) / 1000;
}
