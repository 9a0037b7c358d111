/** Which curves share a chart, and how they are drawn. */

import { describe, expect, it } from 'vitest';
import { curveGroups, drawCurves, suitsLog } from '../../../src/dashboard/trial/curves.ts';
import { UNICODE } from '../views/scene.tsx';
import { curveOf, STOPPED } from './answers.ts';

const titles = (...metrics: readonly string[]): readonly string[] =>
  curveGroups(
    metrics.map((metric) => curveOf(metric, [1])),
    'validation_r2',
  ).map(({ title }) => title);

describe('curves', () => {
  it('of one metric share a chart: the loss first, then the objective, then the others', () => {
    expect(titles('train_mae', 'train_r2', 'train_loss', 'validation_loss', 'validation_r2', 'score')).toEqual([
      'loss',
      'r2',
      'mae',
      'score',
    ]);
  });

  it('of validation are drawn solid on top, and of the test part where there is none', () => {
    const pens = (...metrics: readonly string[]) =>
      curveGroups(
        metrics.map((metric) => curveOf(metric, [1])),
        '',
      ).flatMap(({ lines }) => lines.map(({ part, stroke }) => [part, stroke]));
    expect(pens('train_loss', 'validation_loss', 'test_loss')).toEqual([
      ['train', 'dotted'],
      ['test', 'dashed'],
      ['validation', 'solid'],
    ]);
    expect(pens('train_loss', 'test_loss')).toEqual([
      ['train', 'dotted'],
      ['test', 'solid'],
    ]);
    expect(pens('reward')).toEqual([[null, 'solid']]);
  });

  it('get a logarithmic axis of themselves where all their values span two decades', () => {
    const suits = (...values: readonly (number | null)[]) =>
      suitsLog(curveGroups([curveOf('train_loss', values)], '')[0]!);
    expect(suits(10, null, 0.1)).toBe(true);
    expect(suits(10, 0.2)).toBe(false);
    expect(suits(10, 0)).toBe(false);
  });

  it('name what each line is, with its newest number as long as that fits', () => {
    const [group] = curveGroups(STOPPED.curves, 'validation_accuracy');
    const legend = (width: number) =>
      drawCurves({ group: group!, keptEpoch: 24, isLog: null, theme: UNICODE }, width, 6)[0]
        ?.map(({ text }) => text)
        .join('');
    expect(legend(80)).toBe('loss  ⠒⠒ validation 0.3980  ⠂⠂ train 0.03226  ▲ kept 24');
    expect(legend(40)).toBe('loss  ⠒⠒ validation  ⠂⠂ train  ▲ kept 24');
    expect(legend(36)).toBe('loss  ⠒⠒ validation  ⠂⠂ train');
  });
});
