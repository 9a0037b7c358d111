/** All about one failed trial: what it said, what to do, its params, and where in the code it was. */

import { Box } from 'ink';
import { formatMeasure, formatParam } from '../format.ts';
import { fit, span } from '../line.ts';
import type { FailedTrialRow } from '../queries.ts';
import { clean, wrap } from '../text.ts';
import type { Span, Theme, Tone } from '../theme.ts';
import { LineView } from './line-view.tsx';

export interface FailureDetailProps {
  readonly failure: FailedTrialRow;
  readonly theme: Theme;
  readonly width: number;
  /** Most lines that it may have. */
  readonly rows: number;
}

export function FailureDetail({ failure, theme, width, rows }: FailureDetailProps) {
  const { ellipsis } = theme.glyphs;
  const lines = detailLines(failure, theme, width);
  // What is cut shows, and the trial itself tells it.
  const shown = lines.length > rows ? [...lines.slice(0, rows - 1), [span(ellipsis, 'quiet')]] : lines;
  return (
    <Box flexDirection="column">
      {shown.map((line, index) => (
        <LineView key={index} theme={theme} spans={fit(line, width, ellipsis)} />
      ))}
    </Box>
  );
}

function detailLines(failure: FailedTrialRow, theme: Theme, width: number): readonly (readonly Span[])[] {
  const { config, replicate, kind, epoch, last_loss, message, advice, stack } = failure;
  const { missing, separator } = theme.glyphs;
  const loss = last_loss === null ? '' : `, last loss ${formatMeasure(last_loss, missing)}`;
  const params = Object.entries(failure.params).map(([name, value]) => `${name}=${formatParam(value, missing)}`);
  return [
    [span(`config ${config} rep ${replicate} ${separator} ${kind} at epoch ${epoch}${loss}`, 'title')],
    ...paragraph(message, 'plain', width),
    ...paragraph(advice ?? '', 'accent', width),
    ...paragraph(params.join('  '), 'quiet', width),
    ...(stack ?? '')
      .split('\n')
      .filter((line) => line.trim() !== '')
      .map((line) => [span(`  ${line.trim()}`, 'quiet')]),
  ];
}

/** No line where there is nothing to say. */
function paragraph(text: string, tone: Tone, width: number): readonly (readonly Span[])[] {
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .flatMap((line) => wrap(clean(line), width).map((each) => [span(each, tone)]));
}
