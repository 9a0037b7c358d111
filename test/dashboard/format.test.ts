/** Numbers read as people write them. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decimalsFor,
  formatBytes,
  formatClock,
  formatCount,
  formatDate,
  formatDuration,
  formatMean,
  formatMeasure,
  formatMoment,
  formatParamCell,
  formatRate,
  formatRemaining,
} from '../../src/dashboard/format.ts';
import { formatParam } from '../../src/format-param.ts';

describe('formatting', () => {
  it('shows a moment as a clock, with the weekday where it is not today', () => {
    const now = new Date(2026, 10, 23, 21, 0).getTime();
    expect(formatMoment(now + 5 * 60_000, now)).toBe('21:05');
    expect(formatMoment(now + 8 * 3_600_000, now)).toBe('Tue 05:00');
  });

  it('shows sizes in two digits', () => {
    expect([0, 999, 83_600_000, 1.31e9, 12.4e9].map(formatBytes)).toEqual(['0 B', '1 kB', '84 MB', '1.3 GB', '12 GB']);
  });

  it('gives a duration in the unit that fits it', () => {
    expect([0.4, 45, 99.4, 99.6, 720, 5999, 6001, 11_520, 180_000].map(formatDuration)).toEqual([
      '0 s',
      '45 s',
      '99 s',
      '2 min',
      '12 min',
      '100 min',
      '1.7 h',
      '3.2 h',
      '2.1 d',
    ]);
  });

  it('gives the time that is left with its interval in one unit', () => {
    expect(formatRemaining({ low: 600, expected: 720, high: 960 })).toBe('~12 min left (10-16)');
    expect(formatRemaining({ low: 50, expected: 60, high: 150 })).toBe('~60 s left (50-150)');
    expect(formatRemaining({ low: 3.1, expected: 3.2, high: 3.3 })).toBe('~3 s left');
  });

  it('runs a stopwatch', () => {
    expect([-5, 0, 43_999, 723_000, 3_723_000, 90_000_000].map(formatClock)).toEqual([
      '0:00',
      '0:00',
      '0:43',
      '12:03',
      '1:02:03',
      '25:00:00',
    ]);
  });

  it('gives a measured number about four digits', () => {
    expect(
      [0, 0.75718, 12.3456, 1234.5, 99_999, 1e5, 3.2e38, 0.000123, 1e-7, -2.5, null, NaN].map((v) => formatMeasure(v)),
    ).toEqual([
      '0',
      '0.7572',
      '12.35',
      '1235',
      '99999',
      '1.00e+5',
      '3.20e+38',
      '0.000123',
      '1.00e-7',
      '-2.500',
      '-',
      '-',
    ]);
  });

  it('writes params short but as the same number', () => {
    expect([0, 0.001, 0.0001, 1e-6, 2.5e-7, 32, 1e6, 'adam', true, null, undefined].map((v) => formatParam(v))).toEqual(
      ['0', '0.001', '1e-4', '1e-6', '2.5e-7', '32', '1e6', 'adam', 'true', '-', '-'],
    );
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        expect(Number(formatParam(value))).toBe(value === 0 ? 0 : value);
      }),
    );
  });

  it('tells a moment by the calendar and the clock of this place', () => {
    expect(formatDate(new Date(2026, 10, 3, 21, 4, 59).getTime())).toBe('2026-11-03 21:04');
  });

  it('rounds long params in tables, so that none is cut', () => {
    const values = [0.00510508822661, 6.54380749481e-5, 0.123456, 123_456_789, 0.30000001, 1 / 3, 'a long value'];
    expect(values.map((value) => formatParamCell(value))).toEqual([
      '0.005105',
      '6.544e-5',
      '0.123456',
      '1.235e8',
      '0.3',
      '0.3333',
      'a long value',
    ]);
  });

  it('shows two digits of the middle spread in every mean', () => {
    const rows = [
      { mean: 0.97, std: 0.0009 },
      { mean: 0.96, std: 0.0031 },
      { mean: 0.91, std: 0.012 },
    ];
    expect(decimalsFor(rows)).toBe(4);
    expect(decimalsFor([{ mean: 1234, std: 210 }])).toBe(0);
    expect(decimalsFor([{ mean: 0.95, std: null }])).toBe(4);
    expect(decimalsFor([])).toBe(4);
    expect(formatMean(0.95, 4)).toBe('0.9500');
    expect(formatMean(1e9, 0)).toBe('1.000e+9');
    expect(formatMean(0.00002, 3)).toBe('2.000e-5');
  });

  it('groups counts and rounds speeds', () => {
    expect([7, 1234, 1_234_567].map(formatCount)).toEqual(['7', '1 234', '1 234 567']);
    expect([0.311, 8.44, 12.6, 212.4].map(formatRate)).toEqual(['0.31', '8.4', '13', '212']);
  });
});
