/** Which sweep this is, how it stands, where it runs, and for how long. */

import { formatClock } from '../format.ts';
import { span, spread, widthOf } from '../line.ts';
import { endedTrials } from '../snapshot-totals.ts';
import type { Snapshot } from '../snapshot.ts';
import type { Span, Theme } from '../theme.ts';
import { LineView } from './line-view.tsx';

export interface HeaderProps {
  /** Null where no sweep is shown. */
  readonly snapshot: Snapshot | null;
  readonly theme: Theme;
  readonly width: number;
  /** Milliseconds since 1970. */
  readonly now: number;
}

export function Header({ snapshot, theme, width, now }: HeaderProps) {
  const { glyphs } = theme;
  const name = snapshot ? [span(snapshot.sweep, 'title'), span(' '), standing(snapshot)] : [];
  const left = [span('nightsweep ', 'quiet'), ...name];
  const clock = snapshot ? clockOf(snapshot, now) : '';
  const facts = [snapshot ? placeOf(snapshot, theme) : '', clock].filter(Boolean).join(` ${glyphs.separator} `);
  // The clock stays when there is no room for both.
  const right = [facts, clock].map((text) => span(text)).find((each) => widthOf([...left, each]) + 2 <= width);
  return <LineView theme={theme} spans={spread(left, right ? [right] : [], width, glyphs.ellipsis)} />;
}

function standing(snapshot: Snapshot): Span {
  if (snapshot.trials > 0 && endedTrials(snapshot) === snapshot.trials) return span('finished', 'strong');
  if (snapshot.live) return snapshot.notice === null ? span('running', 'accent') : span('paused', 'warning');
  return snapshot.started_at === null ? span('not started', 'quiet') : span('not running', 'warning');
}

function placeOf({ backend, workers }: Snapshot, { glyphs }: Theme): string {
  return backend && workers ? `${backend} ${glyphs.times} ${workers}` : (backend ?? '');
}

/** Of the newest run. */
function clockOf({ started_at, ended_at, live }: Snapshot, now: number): string {
  if (started_at === null || (ended_at === null && !live)) return '';
  return formatClock((ended_at ?? now) - started_at);
}
