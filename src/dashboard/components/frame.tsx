/** What is around every view: the title, the tabs, and the line of keys, which a notice or a question may take. */

import { Box } from 'ink';
import type { ReactNode } from 'react';
import type { NoticeLevel } from '../display.ts';
import type { ScreenSize } from '../layout.ts';
import { fit, sequence, span, widthOf } from '../line.ts';
import type { Snapshot } from '../snapshot.ts';
import type { Span, Theme, Tone } from '../theme.ts';
import type { KeyHelp, Scene } from '../view.ts';
import { Header } from './header.tsx';
import { LineView } from './line-view.tsx';

export interface Notice {
  readonly level: NoticeLevel;
  readonly message: string;
}

export interface FrameProps {
  readonly scene: Scene;
  readonly size: ScreenSize;
  /** What the title says; null where no sweep is shown. */
  readonly sweep: Snapshot | null;
  /** Titles of the tabs, the one that is open by its index; none in the last frame. */
  readonly tabs: readonly string[];
  readonly active: number;
  readonly notice: Notice | null;
  /** What must be answered by y or n. */
  readonly question: string | null;
  readonly keys: readonly KeyHelp[];
  readonly children: ReactNode;
}

const NOTICE_TONES: Readonly<Record<NoticeLevel, Tone>> = { info: 'strong', warning: 'warning', error: 'bad' };

export function Frame({ scene, size, sweep, tabs, active, notice, question, keys, children }: FrameProps) {
  const { theme, now } = scene;
  const { columns: width } = size;
  const bottom = bottomLine({ notice, question, keys }, theme, width);
  return (
    <Box flexDirection="column" width={width}>
      <Header snapshot={sweep} theme={theme} width={width} now={now} />
      {tabs.length > 0 && <LineView theme={theme} spans={tabLine(tabs, active, theme, width)} />}
      <Box flexDirection="column" height={tabs.length > 0 ? scene.area.rows : undefined} overflow="hidden">
        {children}
      </Box>
      {bottom && <LineView theme={theme} spans={bottom} />}
    </Box>
  );
}

/** All titles where there is room for them, else the numbers and the title of the open one. */
function tabLine(tabs: readonly string[], active: number, theme: Theme, width: number): readonly Span[] {
  const label = (title: string, index: number): Span =>
    index === active ? span(`[${title}]`, 'selected') : span(` ${title} `, 'quiet');
  const numbered = tabs.map((title, index) => `${index + 1} ${title}`);
  const long = numbered.map(label);
  if (widthOf(long) <= width) return long;
  const short = numbered.map((title, index) => label(index === active ? title : String(index + 1), index));
  return fit(short, width, theme.glyphs.ellipsis);
}

function bottomLine(
  { notice, question, keys }: Pick<FrameProps, 'notice' | 'question' | 'keys'>,
  { glyphs: { ellipsis } }: Theme,
  width: number,
): readonly Span[] | undefined {
  const answers = [
    { key: 'y', effect: 'yes' },
    { key: 'n', effect: 'no' },
  ];
  const items = (question === null ? keys : answers).map(({ key, effect }): readonly Span[] => [
    span(key, 'accent'),
    span(` ${effect}`, 'quiet'),
  ]);
  if (question !== null)
    return fit([span(question, 'warning'), span('  '), ...sequence(items, width, ellipsis)], width, ellipsis);
  if (keys.length === 0) return undefined;
  if (!notice) return sequence(items, width, ellipsis);
  const said = span(notice.message, NOTICE_TONES[notice.level]);
  const room = width - widthOf([said]) - 2;
  return room < 12 ? fit([said], width, ellipsis) : [said, span('  '), ...sequence(items.slice(-2), room, ellipsis)];
}
