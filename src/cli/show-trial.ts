/** What `show` prints of a trial: params, state, metrics, attempts and its last epochs. Pure. */

import type { TrialFacts } from '../../db/read-trial.ts';
import { METRIC_NAMES } from '../metrics.ts';
import { formatMeasure, formatParam } from '../dashboard/format.ts';
import { clean } from '../dashboard/text.ts';
import { formatTable } from './table.ts';

export function trialReport(trial: TrialFacts, width: number | undefined): string {
  const sections = [facts(trial)];
  if (trial.attempts.length > 0) {
    const rows = trial.attempts.map((attempt) => [
      attempt.number,
      attempt.outcome ?? 'running',
      attempt.resumed_from_epoch,
      attempt.epochs,
      attempt.seconds === null ? null : attempt.seconds.toFixed(2),
      attempt.worker,
      attempt.slot === null ? null : `${attempt.slot} of ${attempt.width ?? '?'}`,
      attempt.backend,
      [attempt.message, attempt.advice, attempt.note].filter((text) => text !== null).join('; '),
    ]);
    const columns = ['attempt', 'outcome', 'from', 'epochs', 'seconds', 'worker', 'slot', 'backend', 'message'];
    sections.push(formatTable(columns, rows, { width }));
  }
  if (trial.lastEpochs.length > 0) {
    const names = [...new Set(trial.lastEpochs.flatMap(({ metrics }) => Object.keys(metrics)))].toSorted(byPlace);
    const rows = trial.lastEpochs.map(({ epoch, metrics }) => [
      epoch,
      ...names.map((name) => formatMeasure(metrics[name] ?? null)),
    ]);
    sections.push(formatTable(['epoch', ...names], rows, { width }));
  }
  return sections.join('\n');
}

function facts(trial: TrialFacts): string {
  const reason = trial.failure_kind ?? trial.stop_reason;
  const lines: (readonly [string, string])[] = [
    ['trial', `${trial.sweep}/${trial.config}/${trial.replicate} (number ${trial.id})`],
    ['state', reason === null ? trial.state : `${trial.state} (${reason})`],
    ...Object.entries(trial.params).map(([name, value]) => [name, formatParam(value)] as const),
    ['epochs', `${budgeted(trial)}${trial.kept_epoch === null ? '' : `, kept ${trial.kept_epoch}`}`],
  ];
  if (trial.objective !== null) lines.push(['objective', formatMeasure(trial.objective)]);
  if (trial.generalisation_gap !== null) lines.push(['generalisation gap', formatMeasure(trial.generalisation_gap)]);
  for (const [name, value] of Object.entries(trial.metrics)) {
    if (value !== null) lines.push([name, formatMeasure(value)]);
  }
  const names = Math.max(...lines.map(([name]) => name.length));
  return lines.map(([name, value]) => `${name.padEnd(names + 2)}${clean(value)}\n`).join('');
}

/** A module's trial, whose length only it knows, has more epochs than its budget says. */
function budgeted({ epochs, budget }: TrialFacts): string {
  return epochs > budget ? String(epochs) : `${epochs} of ${budget}`;
}

/** Built-in metrics in their order, those of a module after them in the order of its report. */
function byPlace(a: string, b: string): number {
  const place = (name: string): number => {
    const index = METRIC_NAMES.findIndex((known) => known === name);
    return index < 0 ? METRIC_NAMES.length : index;
  };
  return place(a) - place(b);
}
