/** What is around every view: the title, the tabs, and the line of keys, which a notice or a question may take. */

import { Box } from 'ink';
import type { ReactNode } from 'react';
import type { NoticeLevel } from '../display.ts';
import type { ScreenSize } from '../layout.ts';
import { fit, sequence, span, spread, widthOf } from '../line.ts';
import type { Snapshot } from '../snapshot.ts';
import type { Span, Theme, Tone } from '../theme.ts';
import type { KeyHelp, Scene } from '../view.ts';
import { Header } from './header.tsx';
import { LineView } from './line-view.tsx';

export interface Notice {
  readonly level: NoticeLevel;
  readonly message: string;
}

/** What must be answered by y or n. */
export interface Question {
  readonly text: string;
  /** What the answer means, where there is room. */
  readonly remark: string;
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
  readonly question: Question | null;
  /** As many as there is room for, in order; a notice takes their place. */
  readonly keys: readonly KeyHelp[];
  /** At the right end, always there. */
  readonly generalKeys: readonly KeyHelp[];
  readonly children: ReactNode;
}

const NOTICE_TONES: Readonly<Record<NoticeLevel, Tone>> = { info: 'strong', warning: 'warning', error: 'bad' };

export function Frame({ scene, size, sweep, tabs, active, children, ...bottomProps }: FrameProps) {
  const { theme, now } = scene;
  const { columns: width } = size;
  const bottom = tabs.length > 0 && bottomLine(bottomProps, theme, width);
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

/** Columns below which a line is too short for anything at its right end. */
const SHORT = 12;

function bottomLine(
  { notice, question, keys, generalKeys }: Pick<FrameProps, 'notice' | 'question' | 'keys' | 'generalKeys'>,
  { glyphs: { ellipsis } }: Theme,
  width: number,
): readonly Span[] {
  if (question) {
    const answers = keyItems([
      { key: 'y', effect: 'yes' },
      { key: 'n', effect: 'no' },
    ]);
    return sequence([[span(question.text, 'warning')], ...answers, [span(question.remark, 'quiet')]], width, ellipsis);
  }
  const right = sequence(keyItems(generalKeys), width, ellipsis);
  const room = width - widthOf(right) - 2;
  if (!notice) return spread(sequence(keyItems(keys), Math.max(SHORT, room), ellipsis), right, width, ellipsis);
  const said = fit([span(notice.message, NOTICE_TONES[notice.level])], room < SHORT ? width : room, ellipsis);
  return spread(said, right, width, ellipsis);
}

function keyItems(keys: readonly KeyHelp[]): readonly (readonly Span[])[] {
  return keys.map(({ key, effect }) => [span(key, 'accent'), span(` ${effect}`, 'quiet')]);
}
