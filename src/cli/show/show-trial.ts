/** What `show` prints of a trial: params, state, metrics, attempts and its last epochs. Pure. */

import type { AttemptFacts, TrialFacts } from '../../../db/read-trial.ts';
import { METRIC_NAMES } from '../../metrics.ts';
import { formatMeasure } from '../../dashboard/format.ts';
import { formatParam } from '../../format-param.ts';
import { clean } from '../../dashboard/text.ts';
import { STATE_TONES, type Tone } from '../../dashboard/theme.ts';
import type { Paper } from '../text/paint.ts';
import { formatTable } from '../text/table.ts';

export function trialReport(trial: TrialFacts, paper: Paper): string {
  const { width, paint } = paper;
  const sections = [facts(trial, paper)];
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
    ]);
    const columns = ['attempt', 'outcome', 'from', 'epochs', 'seconds', 'worker', 'slot', 'backend'];
    sections.push(formatTable(columns, rows, { width, paint }) + trial.attempts.map(remarkOn).join(''));
  }
  if (trial.lastEpochs.length > 0) {
    const names = [...new Set(trial.lastEpochs.flatMap(({ metrics }) => Object.keys(metrics)))].toSorted(byPlace);
    const rows = trial.lastEpochs.map(({ epoch, metrics }) => [
      epoch,
      ...names.map((name) => formatMeasure(metrics[name] ?? null)),
    ]);
    sections.push(formatTable(['epoch', ...names], rows, { width, paint }));
  }
  return sections.join('\n');
}

function facts(trial: TrialFacts, { width, glyphs, paint }: Paper): string {
  const reason = trial.failure_kind ?? trial.stop_reason;
  const mark = width === undefined ? '' : `${glyphs.mark[trial.state]} `;
  const lines: (readonly [string, string, Tone?])[] = [
    ['trial', `${trial.sweep}/${trial.config}/${trial.replicate} (number ${trial.id})`, 'strong'],
    ['state', `${mark}${trial.state}${reason === null ? '' : ` (${reason})`}`, STATE_TONES[trial.state]],
    ...Object.entries(trial.params).map(([name, value]) => [name, formatParam(value)] as const),
    ['epochs', `${budgeted(trial)}${trial.kept_epoch === null ? '' : `, kept ${trial.kept_epoch}`}`],
  ];
  if (trial.objective !== null) lines.push(['objective', formatMeasure(trial.objective)]);
  if (trial.generalisation_gap !== null) lines.push(['generalisation gap', formatMeasure(trial.generalisation_gap)]);
  for (const [name, value] of Object.entries(trial.metrics)) {
    if (value !== null) lines.push([name, formatMeasure(value)]);
  }
  const names = Math.max(...lines.map(([name]) => name.length));
  return lines
    .map(([name, value, tone = 'plain']) => `${paint(name.padEnd(names + 2), 'quiet')}${paint(clean(value), tone)}\n`)
    .join('');
}

/** What an attempt said: whole, where a column of the table would cut it. */
function remarkOn({ number, message, advice, note }: AttemptFacts): string {
  const text = [message, advice, note].filter((part) => part !== null).join('; ');
  return text === '' ? '' : `attempt ${number}: ${clean(text)}\n`;
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
