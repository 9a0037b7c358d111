/** The attempts of a trial: how each ended, where and when it ran, and what was said about it. Pure. */

import { formatDuration } from '../format.ts';
import { span } from '../line.ts';
import { formatLogTime } from '../views/log-lines.ts';
import type { AttemptFacts } from '../../../db/read-trial.ts';
import type { TrialState } from '../../../db/writes.ts';
import { indented, type Line } from './blocks.ts';

/** A number of seconds below this is said with its fractions. */
const SHORT = 10;

/** A failed trial's last message is left out: it stands at the top. `now`: milliseconds since 1970. */
export function attemptLines(
  { state, attempts }: { readonly state: TrialState; readonly attempts: readonly AttemptFacts[] },
  now: number,
  width: number,
): readonly Line[] {
  if (attempts.length === 0) return [];
  const told = state === 'failed' ? attempts.at(-1) : undefined;
  return [
    [span('Attempts', 'title')],
    ...attempts.flatMap((attempt) => {
      const said = attempt === told ? [attempt.note] : [attempt.message, attempt.advice, attempt.note];
      return [
        ...indented(`${attempt.number} `, summaryOf(attempt, now), width, 'plain'),
        ...said.flatMap((text) => (text === null ? [] : indented('  ', text, width, 'quiet'))),
      ];
    }),
  ];
}

/** Such as `lost: out_of_memory, started 03:40:12, from epoch 20, to epoch 31, 12 s, worker 0, slot 3 of 8`. */
function summaryOf(attempt: AttemptFacts, now: number): string {
  const {
    outcome,
    loss_cause: cause,
    started_at: start,
    resumed_from_epoch: from,
    epochs,
    worker,
    slot,
    width,
  } = attempt;
  const seconds = attempt.seconds ?? (outcome === null ? Math.max(0, now - start) / 1000 : null);
  return [
    `${outcome ?? 'running'}${cause === null ? '' : `: ${cause}`}`,
    `started ${formatLogTime(start, now)}`,
    from === null || from === 0 ? '' : `from epoch ${from}`,
    epochs === null ? '' : `to epoch ${epochs}`,
    seconds === null ? '' : secondsOf(seconds),
    worker === null ? '' : `worker ${worker}`,
    slot === null ? '' : `slot ${slot} of ${width ?? '?'}`,
  ]
    .filter(Boolean)
    .join(', ');
}

/** `3.21 s`, `12 min`. */
export function secondsOf(seconds: number): string {
  return seconds < SHORT ? `${seconds.toFixed(2)} s` : formatDuration(seconds);
}
