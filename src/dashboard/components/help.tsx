/** All keys and what they do, in place of the view. */

import { Box } from 'ink';
import { fit, span } from '../line.ts';
import { padEnd } from '../text.ts';
import type { KeyHelp, Scene } from '../view.ts';
import { LineView } from './line-view.tsx';

export interface HelpProps {
  /** Of the view that the first keys belong to. */
  readonly title: string;
  readonly own: readonly KeyHelp[];
  readonly general: readonly KeyHelp[];
  readonly scene: Scene;
}

/** Columns from which on the two lists stand next to each other. */
const WIDE = 100;

export function Help({ title, own, general, scene: { theme, area } }: HelpProps) {
  const beside = area.columns >= WIDE;
  const width = beside ? Math.floor(area.columns / 2) : area.columns;
  const lists = [
    { title: `Keys of ${title}`, keys: own },
    { title: 'Keys everywhere', keys: general },
  ].filter(({ keys }) => keys.length > 0);
  const names = Math.max(0, ...lists.flatMap(({ keys }) => keys.map(({ key }) => key.length)));
  return (
    <Box flexDirection={beside ? 'row' : 'column'} height={area.rows} overflow="hidden">
      {lists.map((list) => (
        <Box key={list.title} flexDirection="column" width={width} flexShrink={0}>
          <LineView theme={theme} spans={fit([span(list.title, 'title')], width, theme.glyphs.ellipsis)} />
          {list.keys.map(({ key, effect }) => (
            <LineView
              key={key}
              theme={theme}
              spans={fit([span(`  ${padEnd(key, names)}  `, 'accent'), span(effect)], width, theme.glyphs.ellipsis)}
            />
          ))}
        </Box>
      ))}
    </Box>
  );
}
