/** Draws a line of spans in the colours of the theme: always exactly one row. */

import { Box, Text, type TextProps } from 'ink';
import { joined } from '../line.ts';
import type { Span, Theme, Tone } from '../theme.ts';

type Look = Pick<TextProps, 'color' | 'bold' | 'dimColor' | 'inverse'>;

/** Cyan, yellow and red of the terminal's own palette: told apart by colour-blind eyes, readable on light and dark. */
const LOOKS: Readonly<Record<Tone, Look>> = {
  plain: {},
  strong: { bold: true },
  quiet: { dimColor: true },
  accent: { color: 'cyan' },
  title: { color: 'cyan', bold: true },
  warning: { color: 'yellow' },
  bad: { color: 'red' },
  selected: { inverse: true },
};

const COLORLESS: Readonly<Record<Tone, Look>> = {
  plain: {},
  strong: { bold: true },
  quiet: {},
  accent: {},
  title: { bold: true },
  warning: { bold: true },
  bad: { bold: true },
  selected: { inverse: true },
};

export function LineView({ spans, theme }: { readonly spans: readonly Span[]; readonly theme: Theme }) {
  const looks = theme.color ? LOOKS : COLORLESS;
  return (
    <Box height={1}>
      <Text wrap="truncate-end">
        {joined(spans).map(({ text, tone }, index) => (
          <Text key={index} {...looks[tone]}>
            {text}
          </Text>
        ))}
      </Text>
    </Box>
  );
}
