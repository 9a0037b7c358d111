/** What is compared, and which way is better. Pure. */

import { fit, span, spread, widthOf } from '../line.ts';
import type { Span, Theme } from '../theme.ts';
import type { Comparison } from './comparison.ts';

/** `test_accuracy by dropout and l2 ... higher is better and fuller  ★ best`, or as much of it as there is room for. */
export function titleLine(comparison: Comparison, { glyphs }: Theme, width: number): readonly Span[] {
  const { objective, goal, parameters } = comparison;
  const direction = goal === 'minimize' ? 'lower' : 'higher';
  const long = parameters.length > 1 ? `${direction} is better and fuller` : `${direction} is better`;
  const short = parameters.length > 1 ? `fuller is better` : long;
  const candidates = [
    [`${objective} by ${parameters.join(' and ')}`, `${long}  ${glyphs.best} best`],
    [`${objective} by ${parameters.join(' and ')}`, long],
    [objective, long],
    [objective, short],
  ].map(([left = '', right = '']) => ({ left: [span(left, 'title')], right: [span(right, 'quiet')] }));
  const fitting = candidates.find(({ left, right }) => widthOf([...left, ...right]) + 2 <= width);
  return fitting
    ? spread(fitting.left, fitting.right, width, glyphs.ellipsis)
    : fit([span(objective, 'title')], width, glyphs.ellipsis);
}
