/** Failed trials: how many of which kind in a line, and the newest of them where there is room. */

import { Box } from 'ink';
import { formatCount } from '../format.ts';
import { fit, span } from '../line.ts';
import type { FailureRow, Snapshot } from '../snapshot.ts';
import type { Span, Theme } from '../theme.ts';
import { LineView } from './line-view.tsx';

export interface FailuresProps {
  readonly snapshot: Snapshot;
  readonly theme: Theme;
  readonly width: number;
  /** Failures listed below the summary. */
  readonly rows: number;
}

export function Failures({ snapshot, theme, width, rows }: FailuresProps) {
  const { glyphs } = theme;
  return (
    <Box flexDirection="column">
      <LineView theme={theme} spans={fit(summary(snapshot), width, glyphs.ellipsis)} />
      {snapshot.failures.slice(0, rows).map((failure) => (
        <LineView key={failure.trial} theme={theme} spans={fit(detail(failure, theme), width, glyphs.ellipsis)} />
      ))}
    </Box>
  );
}

function summary({ states, failures }: Snapshot): readonly Span[] {
  const kinds = new Map<string, number>();
  for (const { kind } of failures) kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  const parts = [...kinds].map(([kind, count]) => `${formatCount(count)} ${kind}`);
  // The snapshot lists the newest failures only: kinds are counted where it lists all of them.
  const known = failures.length === states.failed && kinds.size > 1 ? `: ${parts.join(', ')}` : '';
  const only = failures.length === states.failed && kinds.size === 1 ? `, ${[...kinds.keys()].join()}` : '';
  return [span(`${formatCount(states.failed)} failed${known}${only}`, 'bad')];
}

function detail(failure: FailureRow, { glyphs }: Theme): readonly Span[] {
  return [
    span(`${glyphs.mark.failed} `, 'bad'),
    span(`config ${failure.config} rep ${failure.replicate}: `),
    span(`${failure.kind} at epoch ${failure.epoch}: `),
    span(failure.message, 'quiet'),
  ];
}
