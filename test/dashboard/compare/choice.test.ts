/** Which parameters are compared, as keys step through them. */

import { describe, expect, it } from 'vitest';
import { fitChoice, stepColumns, stepRows, type Choice } from '../../../src/dashboard/compare/choice.ts';

const PARAMETERS = ['dropout', 'l2', 'width'];
const only = (rows: string): Choice => ({ rows, columns: undefined });

describe('the choice of parameters', () => {
  it('starts with the first alone, and there is none where nothing is searched', () => {
    expect(fitChoice(undefined, PARAMETERS)).toEqual(only('dropout'));
    expect(fitChoice(undefined, [])).toBeUndefined();
  });

  it('keeps what exists of an earlier choice', () => {
    expect(fitChoice({ rows: 'l2', columns: 'depth' }, PARAMETERS)).toEqual(only('l2'));
    expect(fitChoice({ rows: 'depth', columns: 'dropout' }, PARAMETERS)).toEqual(only('dropout'));
  });

  it('steps the rows around, both ways', () => {
    expect(stepRows(only('width'), PARAMETERS, 1)).toEqual(only('dropout'));
    expect(stepRows(only('dropout'), PARAMETERS, -1)).toEqual(only('width'));
  });

  it('swaps rows and columns where they would be the same', () => {
    expect(stepRows({ rows: 'dropout', columns: 'l2' }, PARAMETERS, 1)).toEqual({ rows: 'l2', columns: 'dropout' });
  });

  it('steps the columns through all other parameters and none', () => {
    const steps: Choice[] = [only('l2')];
    for (let step = 0; step < 3; step++) steps.push(stepColumns(steps.at(-1)!, PARAMETERS, 1));
    expect(steps.map(({ columns }) => columns)).toEqual([undefined, 'dropout', 'width', undefined]);
    expect(stepColumns(only('l2'), PARAMETERS, -1).columns).toBe('width');
  });
});
