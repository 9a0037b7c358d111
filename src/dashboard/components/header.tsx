/** Which sweep this is, where it runs, and for how long. */

import { formatClock, formatCount } from '../format.ts';
import { span, spread } from '../line.ts';
import type { Snapshot } from '../snapshot.ts';
import type { Theme } from '../theme.ts';
import { LineView } from './line-view.tsx';

export interface HeaderProps {
  readonly snapshot: Snapshot;
  readonly theme: Theme;
  readonly width: number;
  readonly subtitle: boolean;
  /** Milliseconds since 1970. */
  readonly now: number;
}

export function Header({ snapshot, theme, width, subtitle, now }: HeaderProps) {
  const { glyphs } = theme;
  const { backend, workers, started_at, ended_at } = snapshot;
  const where = backend && workers ? `${backend} ${glyphs.times} ${workers}` : (backend ?? '');
  const elapsed = started_at === null ? '' : formatClock((ended_at ?? now) - started_at);
  const facts = [where, elapsed].filter(Boolean).join(` ${glyphs.separator} `);
  const wish = snapshot.goal === 'maximize' ? 'higher is better' : 'lower is better';
  const size = `${formatCount(snapshot.configs)} configs ${glyphs.times} ${formatCount(snapshot.replicates)} replicates`;
  return (
    <>
      <LineView
        theme={theme}
        spans={spread(
          [span('nightsweep ', 'quiet'), span(snapshot.sweep, 'title')],
          facts ? [span(facts, 'plain')] : [],
          width,
          glyphs.ellipsis,
        )}
      />
      {subtitle && (
        <LineView
          theme={theme}
          spans={spread(
            [span(`${snapshot.objective}, ${wish}`, 'quiet')],
            [span(size, 'quiet')],
            width,
            glyphs.ellipsis,
          )}
        />
      )}
    </>
  );
}
