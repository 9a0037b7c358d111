/** The whole dashboard as a pure function of a snapshot, its history, the screen and the time. */

import { Box } from 'ink';
import { planLayout, type ScreenSize } from '../layout.ts';
import { fit, sequence, span } from '../line.ts';
import type { History } from '../history.ts';
import type { NoticeLevel } from '../display.ts';
import type { Snapshot } from '../snapshot.ts';
import type { Theme, Tone } from '../theme.ts';
import { BestTable } from './best-table.tsx';
import { Failures } from './failures.tsx';
import { Header } from './header.tsx';
import { LineView } from './line-view.tsx';
import { Progress } from './progress.tsx';
import { RunningTable } from './running-table.tsx';

export interface Notice {
  readonly level: NoticeLevel;
  readonly message: string;
}

export interface DashboardViewProps {
  /** Null until the first one has arrived. */
  readonly snapshot: Snapshot | null;
  readonly history: History;
  readonly notice: Notice | null;
  /** Keys and what they do; none in the last frame, which stays in the scroll-back. */
  readonly keys: readonly KeyHelp[];
  readonly size: ScreenSize;
  readonly theme: Theme;
  /** Milliseconds since 1970. */
  readonly now: number;
}

export interface KeyHelp {
  readonly key: string;
  readonly effect: string;
}

const NOTICE_TONES: Readonly<Record<NoticeLevel, Tone>> = { info: 'strong', warning: 'warning', error: 'bad' };
/** Columns between two tables next to each other. */
const GUTTER = 4;

export function DashboardView({ snapshot, history, notice, keys, size, theme, now }: DashboardViewProps) {
  const { ellipsis } = theme.glyphs;
  if (!snapshot) return <LineView theme={theme} spans={fit([span('starting', 'quiet')], size.columns, ellipsis)} />;
  const shownNotice: Notice | null =
    notice ?? (snapshot.notice === null ? null : { level: 'info', message: snapshot.notice });
  const over = snapshot.running.length === 0 && !snapshot.live;
  const layout = planLayout(size, {
    running: over ? 0 : Math.max(1, snapshot.running.length),
    best: snapshot.best.length,
    failures: snapshot.states.failed > 0 ? Math.max(1, snapshot.failures.length) : 0,
    notice: shownNotice !== null,
    keys: keys.length > 0,
  });
  const { width } = layout;
  const beside = layout.sideBySide && !over;
  const half = beside ? Math.floor((width - GUTTER) / 2) : width;
  const gap = layout.gaps ? 1 : 0;
  return (
    <Box flexDirection="column" width={width}>
      <Header snapshot={snapshot} theme={theme} width={width} subtitle={layout.subtitle} now={now} />
      <Box flexDirection="column" marginTop={gap}>
        <Progress snapshot={snapshot} history={history} theme={theme} width={width} counts={layout.counts} />
      </Box>
      <Box flexDirection={beside ? 'row' : 'column'} columnGap={GUTTER} rowGap={gap} marginTop={gap}>
        {!over && (
          <Box width={half}>
            <RunningTable snapshot={snapshot} theme={theme} width={half} plan={layout.running} />
          </Box>
        )}
        <Box width={half}>
          <BestTable snapshot={snapshot} theme={theme} width={half} plan={layout.best} />
        </Box>
      </Box>
      <Box flexDirection="column" marginTop={gap}>
        {layout.failureSummary && <Failures snapshot={snapshot} theme={theme} width={width} rows={layout.failures} />}
        {layout.notice && shownNotice && (
          <LineView
            theme={theme}
            spans={fit([span(shownNotice.message, NOTICE_TONES[shownNotice.level])], width, ellipsis)}
          />
        )}
        {layout.keys && (
          <LineView
            theme={theme}
            spans={sequence(
              keys.map(({ key, effect }) => [span(key, 'accent'), span(` ${effect}`, 'quiet')]),
              width,
              ellipsis,
            )}
          />
        )}
      </Box>
    </Box>
  );
}
