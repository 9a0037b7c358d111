/** All about one failed trial: what it said, what to do, its params, and where in the code it was. */

import { Box } from 'ink';
import { formatMeasure } from '../format.ts';
import { formatParam } from '../../format-param.ts';
import { fit, span } from '../line.ts';
import type { FailedTrialRow } from '../queries.ts';
import type { Theme, Tone } from '../theme.ts';
import { paragraph, type Line } from '../trial/blocks.ts';
import { LineView } from './line-view.tsx';

export interface FailureDetailProps {
  readonly failure: FailedTrialRow;
  /** Which one of how many. */
  readonly place: string;
  readonly theme: Theme;
  readonly width: number;
  /** Most lines that it may have. */
  readonly rows: number;
}

/** Lines from which on there is room for what the table says as well. */
const ROOMY = 5;

export function FailureDetail({ failure, place, theme, width, rows }: FailureDetailProps) {
  const { ellipsis, separator } = theme.glyphs;
  const title = [span(`${place} ${separator} ${titleOf(failure, theme)}`, 'title')];
  const lines = [...(rows < ROOMY ? [] : [title]), ...detailLines(failure, theme, width)];
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

function titleOf({ config, replicate, kind, epoch, last_loss }: FailedTrialRow, { glyphs }: Theme): string {
  const loss = last_loss === null ? '' : `, last loss ${formatMeasure(last_loss, glyphs.missing)}`;
  return `config ${config} rep ${replicate} ${glyphs.separator} ${kind} at epoch ${epoch}${loss}`;
}

function detailLines(failure: FailedTrialRow, { glyphs }: Theme, width: number): readonly Line[] {
  const { params, message, advice, stack } = failure;
  const values = Object.entries(params).map(([name, value]) => `${name}=${formatParam(value, glyphs.missing)}`);
  // A stack begins with the message.
  const calls = (stack ?? '').split('\n').filter((line) => line.trimStart().startsWith('at '));
  return [
    ...told(message, 'plain', width),
    ...told(advice ?? '', 'accent', width),
    ...told(values.join(', '), 'quiet', width),
    ...calls.map((line) => [span(`  ${line.trim()}`, 'quiet')]),
  ];
}

/** Paragraph by paragraph; no line where there is nothing to say. */
function told(text: string, tone: Tone, width: number): readonly Line[] {
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .flatMap((line) => paragraph(line, width, tone));
}
