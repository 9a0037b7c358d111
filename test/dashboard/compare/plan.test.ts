/** Lines of a comparison: never more than there are, and the levels before all that is only nice to have. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planCompare, type ComparePlan } from '../../../src/dashboard/compare/plan.ts';

function linesOf(plan: ComparePlan): number {
  const { title, header, columnName, legend, detail, remark, gaps, rows, height, chart } = plan;
  const single = [title, header, columnName, legend, detail, remark].filter(Boolean).length;
  return 1 + single + (gaps ? 2 : 0) + rows * height + (chart > 0 ? chart + 1 : 0);
}

const needs = fc.record({ levels: fc.integer({ min: 1, max: 40 }), isMap: fc.boolean(), chart: fc.boolean() });

describe('the plan of a comparison', () => {
  it('never needs more lines than it has, and always shows a level where there are two', () => {
    fc.assert(
      fc.property(needs, fc.integer({ min: 1, max: 100 }), (some, lines) => {
        const plan = planCompare(lines, some);
        expect(linesOf(plan)).toBeLessThanOrEqual(lines);
        if (lines > 1) expect(plan.rows).toBeGreaterThan(0);
      }),
    );
  });

  it('leaves no line unused while there are levels to show', () => {
    fc.assert(
      fc.property(needs, fc.integer({ min: 1, max: 100 }), (some, lines) => {
        const plan = planCompare(lines, some);
        if (plan.rows < some.levels) expect(linesOf(plan)).toBe(lines);
      }),
    );
  });

  it('draws a chart only where all levels have their rows', () => {
    expect(planCompare(20, { levels: 3, isMap: false, chart: true })).toMatchObject({ rows: 3, height: 1, chart: 9 });
    expect(planCompare(20, { levels: 9, isMap: false, chart: true })).toMatchObject({ rows: 9, height: 1, chart: 0 });
    expect(planCompare(20, { levels: 3, isMap: false, chart: false })).toMatchObject({ rows: 3, height: 2, chart: 0 });
  });
});
