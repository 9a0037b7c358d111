/** Failed trials: how many of which kind in a line, and the newest of them where there is room. */

import { Box } from 'ink';
import { formatCount } from '../format.ts';
import { fit, span } from '../line.ts';
import type { FailureRow, Snapshot } from '../snapshot.ts';
import type { Span, Theme } from '../theme.ts';
import { LineView } from './line-view.tsx';

export interface FailuresProps {
  readonly snapshot: Snapshot;
  /** All failed trials by kind; empty while that is not known. */
  readonly kinds: readonly { readonly kind: string; readonly trials: number }[];
  readonly theme: Theme;
  readonly width: number;
  /** Failures listed below the summary. */
  readonly rows: number;
}

export function Failures({ snapshot, kinds, theme, width, rows }: FailuresProps) {
  const { glyphs } = theme;
  return (
    <Box flexDirection="column">
      <LineView theme={theme} spans={fit(summary(snapshot, kinds), width, glyphs.ellipsis)} />
      {snapshot.failures.slice(0, rows).map((failure) => (
        <LineView key={failure.trial} theme={theme} spans={fit(detail(failure, theme), width, glyphs.ellipsis)} />
      ))}
    </Box>
  );
}

function summary({ states }: Snapshot, kinds: FailuresProps['kinds']): readonly Span[] {
  // Of one kind only, its count is already said.
  const parts = kinds.map(({ kind, trials }) => (kinds.length === 1 ? kind : `${formatCount(trials)} ${kind}`));
  return [
    span(`${formatCount(states.failed)} failed`, 'bad'),
    ...(parts.length > 0 ? [span(`: ${parts.join(', ')}`)] : []),
  ];
}

function detail(failure: FailureRow, { glyphs }: Theme): readonly Span[] {
  return [
    span(`${glyphs.mark.failed} `, 'bad'),
    span(`config ${failure.config} rep ${failure.replicate}: `),
    span(`${failure.kind} at epoch ${failure.epoch}: `),
    span(failure.message, 'quiet'),
  ];
}
