/** How far the sweep is: a bar by state, counts, speed, and the time that is left. */

import { BAR_ORDER, barSegments } from '../bar.ts';
import { estimateRemaining } from '../eta.ts';
import { formatCount, formatRate, formatRemaining } from '../format.ts';
import { speedOf, type History } from '../history.ts';
import { sequence, span, widthOf } from '../line.ts';
import { endedTrials } from '../snapshot-totals.ts';
import type { Snapshot } from '../snapshot.ts';
import { STATE_TONES, type Span, type Theme } from '../theme.ts';
import { LineView } from './line-view.tsx';

export interface ProgressProps {
  readonly snapshot: Snapshot;
  readonly history: History;
  readonly theme: Theme;
  readonly width: number;
  readonly counts: boolean;
}

export function Progress({ snapshot, history, theme, width, counts }: ProgressProps) {
  const { ellipsis } = theme.glyphs;
  return (
    <>
      <LineView theme={theme} spans={barLine(snapshot, theme, width)} />
      {counts && <LineView theme={theme} spans={sequence(countItems(snapshot, theme), width, ellipsis)} />}
      <LineView theme={theme} spans={sequence(paceItems(snapshot, history), width, ellipsis)} />
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

function paceItems(snapshot: Snapshot, history: History): readonly (readonly Span[])[] {
  const open = snapshot.trials - endedTrials(snapshot);
  if (open === 0 && snapshot.trials > 0) return [[span('all trials have ended', 'strong')]];
  if (snapshot.started_at === null) return [[span('not started yet', 'quiet')]];
  if (!snapshot.live) return [[span(`not running, ${formatCount(open)} trials left`, 'warning')]];
  const remaining = estimateRemaining(history, snapshot);
  const speed = speedOf(history);
  const items: (readonly Span[])[] = [
    [remaining ? span(formatRemaining(remaining), 'strong') : span('time left: not known yet', 'quiet')],
  ];
  if (speed && speed.epochs_per_second > 0) {
    if (speed.trials_per_minute > 0) {
      items.push([span(formatRate(speed.trials_per_minute)), span(' trials/min', 'quiet')]);
    }
    items.push([span(formatRate(speed.epochs_per_second)), span(' epochs/s', 'quiet')]);
  }
  return items;
}
