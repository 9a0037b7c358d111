/** Whatever there is to show, a frame is planned shorter than its screen. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planLayout, type Layout, type TablePlan } from '../../src/dashboard/layout.ts';

function tableLines({ rows, header }: TablePlan): number {
  return rows === 0 ? 0 : rows + (header ? 2 : 1);
}

/** Lines of a frame by this plan: title, bar and speed are always there. */
function linesOf(layout: Layout): number {
  const tables = [tableLines(layout.running), tableLines(layout.best)] as const;
  return (
    3 +
    [layout.subtitle, layout.counts, layout.failureSummary, layout.notice, layout.keys].filter(Boolean).length +
    layout.failures +
    (layout.gaps ? 4 : 0) +
    (layout.sideBySide ? Math.max(...tables) : tables[0] + tables[1])
  );
}

const needs = fc.record({
  running: fc.nat(100),
  best: fc.nat(100),
  failures: fc.nat(20),
  notice: fc.boolean(),
  keys: fc.boolean(),
});

describe('the layout', () => {
  it('leaves at least one row of the screen free', () => {
    fc.assert(
      fc.property(needs, fc.integer({ min: 4, max: 120 }), fc.integer({ min: 1, max: 300 }), (some, rows, columns) => {
        expect(linesOf(planLayout({ columns, rows }, some))).toBeLessThanOrEqual(rows - 1);
      }),
    );
  });

  it('uses a screen fully when there is enough to show', () => {
    const plenty = { running: 100, best: 100, failures: 0, notice: true, keys: true };
    fc.assert(
      fc.property(fc.integer({ min: 12, max: 100 }), fc.integer({ min: 40, max: 300 }), (rows, columns) => {
        expect(linesOf(planLayout({ columns, rows }, plenty))).toBe(rows - 1);
      }),
    );
  });

  it('gives one table what the other does not need', () => {
    const size = { columns: 80, rows: 40 };
    const few = planLayout(size, { running: 2, best: 100, failures: 0, notice: false, keys: true });
    expect([few.running.rows, few.best.rows]).toEqual([2, 23]);
    const early = planLayout(size, { running: 100, best: 0, failures: 0, notice: false, keys: true });
    expect([early.running.rows, early.best.rows]).toEqual([24, 1]);
  });

  it('puts the tables next to each other on a wide screen only', () => {
    const some = { running: 5, best: 5, failures: 0, notice: false, keys: true };
    expect(planLayout({ columns: 149, rows: 50 }, some).sideBySide).toBe(false);
    expect(planLayout({ columns: 150, rows: 50 }, some).sideBySide).toBe(true);
  });
});
