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
  /** When it ended, or now: milliseconds since 1970. */
  readonly until: number;
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
  const { trial, until, params, results } = history;
  const started = startOf(trial);
  const ended = until / 1000;
  const hparams = Object.fromEntries(
    Object.entries(params).filter((entry): entry is [string, HParamValue] => entry[1] !== null),
  );
  const values = { ...results, [GAP]: trial.generalisation_gap };
  const scalars = scalarsOf(Object.entries(values).map(([metric, value]) => [resultTag(metric), value]));
  return [
    firstEvent(started),
    hparamsEvent(started, { sessionStart: { group: groupOf(history), started, hparams } }),
    ...(trial.kept_epoch !== null && scalars.length > 0 ? [scalarsEvent(ended, trial.kept_epoch, scalars)] : []),
    ...sessionEnds(trial, ended).map((sessionEnd) => hparamsEvent(ended, { sessionEnd })),
  ];
}

/** None of a trial that waits to go on. */
function sessionEnds({ state }: BegunTrial, ended: number): SessionEnd[] {
  if (state === 'running') return [{ status: 'running' }];
  if (state === 'failed') return [{ status: 'failure', ended }];
  return state === 'completed' || state === 'pruned' ? [{ status: 'success', ended }] : [];
}

type Values = readonly (readonly [tag: string, value: number | null])[];

function curveEvents(
  history: TrialHistory,
  columns: readonly { readonly tag: string; readonly index: number }[],
): Uint8Array[] {
  const { epochs, values } = history.curves;
  const valuesAt = (row: number): Values => columns.map(({ tag, index }) => [tag, values[index]?.[row] ?? null]);
  return epochEvents(
    history,
    epochs.map((epoch, row) => [epoch, valuesAt(row)]),
  );
}

function layerEvents(history: TrialHistory): Uint8Array[] {
  const byEpoch = new Map<number, LayerRow[]>();
  for (const row of history.layers) byEpoch.set(row.epoch, [...(byEpoch.get(row.epoch) ?? []), row]);
  const valuesOf = ({ layer, kernel_norm, gradient_norm, clipped_share }: LayerRow): Values => [
    [`kernel_norm/layer_${layer}`, kernel_norm],
    [`gradient_norm/layer_${layer}`, gradient_norm],
    [`clipped_share/layer_${layer}`, clipped_share],
  ];
  const epochs = [...byEpoch].map(([epoch, rows]) => [epoch, rows.flatMap(valuesOf)] as const);
  return epochEvents(
    history,
    epochs.toSorted(([a], [b]) => a - b),
  );
}

/**
 * An event for each epoch that has a value. The database knows when a trial began and ended; its epochs are laid evenly
 * between. @param epochs in order, as TensorBoard wants them
 */
function epochEvents(
  { trial, until }: TrialHistory,
  epochs: readonly (readonly [epoch: number, values: Values])[],
): Uint8Array[] {
  const start = startOf(trial);
  const step = (until / 1000 - start) / (epochs.at(-1)?.[0] ?? 1);
  return epochs.flatMap(([epoch, values]) => {
    const scalars = scalarsOf(values);
    return scalars.length > 0 ? [scalarsEvent(start + step * epoch, epoch, scalars)] : [];
  });
}

function scalarsOf(values: Values): Scalar[] {
  return values.flatMap(([tag, value]) => (value === null ? [] : [{ tag, value }]));
}

function startOf({ started_at }: BegunTrial): number {
  return started_at / 1000;
}
