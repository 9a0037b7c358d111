/** Whatever there is to show, the overview is planned to fit its area. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gapsOf, planLayout, type Layout, type LayoutNeeds, type TablePlan } from '../../src/dashboard/layout.ts';

function tableLines({ rows, title }: TablePlan): number {
  return rows === 0 ? 0 : rows + (title ? 2 : 1);
}

/** Lines of the overview by this plan: the bar is always there. */
function linesOf(layout: Layout): number {
  const { best, running, sideBySide, workers, verdict, failures } = layout;
  const tables = [tableLines(best), tableLines(running)] as const;
  return (
    1 +
    [layout.pace, layout.counts, layout.vitals, layout.failureSummary].filter(Boolean).length +
    (workers > 0 ? workers + 1 : 0) +
    verdict +
    failures +
    (layout.gaps ? gapsOf(layout) : 0) +
    (sideBySide ? Math.max(...tables) : tables[0] + tables[1] + (running.rows > 0 ? 1 : 0))
  );
}

const needs = fc.record({
  workers: fc.nat(12),
  verdict: fc.nat(3),
  best: fc.nat(100),
  running: fc.nat(100),
  failures: fc.nat(20),
  vitals: fc.boolean(),
});

const PLENTY: LayoutNeeds = { workers: 2, verdict: 2, best: 100, running: 100, failures: 5, vitals: true };

describe('the layout', () => {
  it('never needs more lines than there are', () => {
    fc.assert(
      fc.property(needs, fc.integer({ min: 1, max: 120 }), fc.integer({ min: 1, max: 300 }), (some, rows, columns) => {
        expect(linesOf(planLayout({ columns, rows }, some))).toBeLessThanOrEqual(rows);
      }),
    );
  });

  it('uses its area fully when there is enough to show', () => {
    fc.assert(
      fc.property(fc.integer({ min: 8, max: 100 }), fc.integer({ min: 40, max: 300 }), (rows, columns) => {
        expect(linesOf(planLayout({ columns, rows }, PLENTY))).toBe(rows);
      }),
    );
  });

  it('shows the best configs on the smallest terminal that counts, and running trials on a large one only', () => {
    const small = planLayout({ columns: 40, rows: 8 }, PLENTY);
    expect([small.best.rows, small.running.rows]).toEqual([3, 0]);
    const usual = planLayout({ columns: 80, rows: 20 }, PLENTY);
    expect([usual.best.rows, usual.running.rows, usual.workers]).toEqual([7, 0, 0]);
    const large = planLayout({ columns: 120, rows: 36 }, PLENTY);
    expect([large.best.rows, large.running.rows, large.workers]).toEqual([8, 7, 2]);
  });

  it('gives one table what the other does not need', () => {
    const size = { columns: 120, rows: 40 };
    const some = { ...PLENTY, workers: 0, verdict: 0, failures: 0 };
    expect(planLayout(size, { ...some, running: 2 }).best.rows).toBe(28);
    expect(planLayout(size, { ...some, best: 3 }).running.rows).toBe(27);
  });

  it('has no line for each of many workers', () => {
    expect(planLayout({ columns: 120, rows: 60 }, { ...PLENTY, workers: 64 }).workers).toBe(0);
  });

  it('puts the tables next to each other where it is wide only', () => {
    expect(planLayout({ columns: 149, rows: 50 }, PLENTY).sideBySide).toBe(false);
    expect(planLayout({ columns: 150, rows: 50 }, PLENTY).sideBySide).toBe(true);
  });
});
