/** How far the sweep is: a bar by state, counts, the time that is left, and the speed. */

import { BAR_ORDER, barSegments } from '../bar.ts';
import { estimateRemaining } from '../eta.ts';
import { formatCount, formatMoment, formatRate, formatRemaining } from '../format.ts';
import { speedOf } from '../history.ts';
import { sequence, span, widthOf } from '../line.ts';
import { endedTrials } from '../snapshot-totals.ts';
import type { Snapshot } from '../snapshot.ts';
import { STATE_TONES, type Span, type Theme } from '../theme.ts';
import type { Scene } from '../view.ts';
import { LineView } from './line-view.tsx';

export interface ProgressProps {
  readonly scene: Scene;
  readonly width: number;
  /** Whether there is a line of counts, and one of time left and speed. */
  readonly counts: boolean;
  readonly pace: boolean;
}

export function Progress({ scene, width, counts, pace }: ProgressProps) {
  const { snapshot, theme } = scene;
  const { ellipsis } = theme.glyphs;
  return (
    <>
      <LineView theme={theme} spans={barLine(snapshot, theme, width)} />
      {counts && <LineView theme={theme} spans={sequence(countItems(snapshot, theme), width, ellipsis)} />}
      {pace && <LineView theme={theme} spans={sequence(paceItems(scene), width, ellipsis)} />}
    </>
  );
}

function barLine(snapshot: Snapshot, theme: Theme, width: number): readonly Span[] {
  const ended = endedTrials(snapshot);
  // 100 % is for all of them: the last of ten thousand must not be rounded away.
  const percent = snapshot.trials > 0 ? Math.floor((100 * ended) / snapshot.trials) : 0;
  const label = span(`  ${String(percent).padStart(3)} %  ${formatCount(ended)}/${formatCount(snapshot.trials)}`);
  const cells = width - widthOf([label]);
  const segments = barSegments(snapshot.states, cells).map((segment) =>
    span(theme.glyphs.bar[segment.state].repeat(segment.cells), STATE_TONES[segment.state]),
  );
  return [...segments, label];
}

function countItems(snapshot: Snapshot, theme: Theme): readonly (readonly Span[])[] {
  return BAR_ORDER.filter((state) => snapshot.states[state] > 0).map((state) => [
    span(`${theme.glyphs.mark[state]} `, STATE_TONES[state]),
    span(`${formatCount(snapshot.states[state])} `),
    span(state, 'quiet'),
  ]);
}

type Items = readonly (readonly Span[])[];

function paceItems(scene: Scene): Items {
  const { snapshot } = scene;
  const open = snapshot.trials - endedTrials(snapshot);
  if (open === 0 && snapshot.trials > 0) return [[span('all trials have ended', 'strong')]];
  if (snapshot.started_at === null) return [[span('not started yet', 'quiet')]];
  if (!snapshot.live) {
    return [
      [span(`not running, ${formatCount(open)} trials left`, 'warning')],
      [span(`to go on: nightsweep resume ${snapshot.sweep}`, 'quiet')],
    ];
  }
  if (snapshot.notice !== null) return [[span(snapshot.notice, 'warning')], ...timeItems(scene)];
  return [...timeItems(scene), ...speedItems(scene)];
}

function timeItems({ snapshot, history, now }: Scene): Items {
  const remaining = estimateRemaining(history, snapshot);
  if (!remaining) return [[span('time left: not known yet', 'quiet')]];
  const left = [span(formatRemaining(remaining), 'strong')];
  // While nothing goes on, nobody knows when it will be done.
  if (snapshot.notice !== null) return [left];
  return [left, [span('done about ', 'quiet'), span(formatMoment(now + remaining.expected * 1000, now))]];
}

function speedItems({ history }: Scene): Items {
  const speed = speedOf(history);
  if (!speed || speed.epochs_per_second <= 0) return [];
  const epochs = [span(formatRate(speed.epochs_per_second)), span(' epochs/s', 'quiet')];
  if (speed.trials_per_minute <= 0) return [epochs];
  return [[span(formatRate(speed.trials_per_minute)), span(' trials/min', 'quiet')], epochs];
}
