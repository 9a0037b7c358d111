/** Numbers as people read them at a glance: durations, losses, params, means with their spread. Pure. */

import type { ParamValue } from '../definition/resolved.ts';
import { formatParam } from '../format-param.ts';
import type { Remaining } from './eta.ts';

const UNITS = [
  { name: 's', seconds: 1, below: 100, digits: 0 },
  { name: 'min', seconds: 60, below: 100 * 60, digits: 0 },
  { name: 'h', seconds: 3600, below: 48 * 3600, digits: 1 },
  { name: 'd', seconds: 86400, below: Infinity, digits: 1 },
] as const;

/** Characters of a number in a table. */
const LONGEST_NUMBER = 8;

function unitFor(seconds: number): (typeof UNITS)[number] {
  return UNITS.find((unit) => Math.round(seconds) < unit.below) ?? UNITS[3];
}

/** `45 s`, `12 min`, `3.2 h`, `2.1 d`. */
export function formatDuration(seconds: number): string {
  const unit = unitFor(seconds);
  return `${(seconds / unit.seconds).toFixed(unit.digits)} ${unit.name}`;
}

/** `3.2 h ago`, of milliseconds. */
export function formatAge(milliseconds: number): string {
  return milliseconds < 60_000 ? 'just now' : `${formatDuration(milliseconds / 1000)} ago`;
}

/** `~12 min left (10-16)`; the bounds go when they round to the same number. */
export function formatRemaining({ low, expected, high }: Remaining): string {
  const unit = unitFor(expected);
  const [from, middle, to] = [low, expected, high].map((seconds) => (seconds / unit.seconds).toFixed(unit.digits));
  return `~${middle} ${unit.name} left${from === to ? '' : ` (${from}-${to})`}`;
}

const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

/** A moment as a clock here shows it, with the weekday where that is not today's: `03:40`, `Tue 03:40`. */
export function formatMoment(at: number, now: number): string {
  const moment = new Date(at);
  const [hours, minutes] = [moment.getHours(), moment.getMinutes()].map((part) => String(part).padStart(2, '0'));
  const isToday = moment.toDateString() === new Date(now).toDateString();
  return `${isToday ? '' : `${WEEKDAYS[moment.getDay()]} `}${hours}:${minutes}`;
}

/** Day and time of day here, for what may be long ago: `2026-11-23 21:04`. */
export function formatDate(at: number): string {
  const ahead = -new Date(at).getTimezoneOffset() * 60_000;
  return new Date(at + ahead).toISOString().slice(0, 16).replace('T', ' ');
}

/** `830 MB`, `2.1 GB`, in powers of 1000. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  const rounded = Number(bytes.toPrecision(2));
  const power = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(1, rounded)) / 3));
  return `${rounded / 1000 ** power} ${units[power]}`;
}

/** A stopwatch: `0:43`, `12:03`, `1:02:03`. */
export function formatClock(milliseconds: number): string {
  const total = Math.max(0, Math.floor(milliseconds / 1000));
  const seconds = String(total % 60).padStart(2, '0');
  const minutes = Math.floor(total / 60) % 60;
  const hours = Math.floor(total / 3600);
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${seconds}` : `${minutes}:${seconds}`;
}

/** A measured number in about four digits; `missing` where it is absent or not finite. */
export function formatMeasure(value: number | null, missing = '-'): string {
  if (value === null || !Number.isFinite(value)) return missing;
  const size = Math.abs(value);
  if (size === 0) return '0';
  if (size >= 1e5 || size < 1e-4) return value.toExponential(2);
  return value.toFixed(Math.min(6, Math.max(0, 3 - Math.floor(Math.log10(size)))));
}

/** A speed: `212`, `8.4`, `0.31`. */
export function formatRate(value: number): string {
  if (value >= 99.5) return value.toFixed(0);
  return value.toFixed(value >= 9.95 ? 0 : value >= 0.995 ? 1 : 2);
}

/** A whole number with thin groups: `12 000`, in ASCII so that it is one column a character everywhere. */
export function formatCount(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ' ');
}

/** A searched value for a table: a long number is rounded to four digits, since a number that is cut says something else. */
export function formatParamCell(value: ParamValue | undefined, missing = '-'): string {
  const exact = formatParam(value, missing);
  if (typeof value !== 'number' || exact.length <= LONGEST_NUMBER) return exact;
  return formatParam(Number(value.toPrecision(4)), missing);
}

/** Digits after the point that show two digits of the middle spread, the same for all rows, so that they align. */
export function decimalsFor(rows: readonly { readonly mean: number; readonly std: number | null }[]): number {
  const spreads = rows.flatMap(({ std }) => (std !== null && std > 0 ? [std] : []));
  const sizes = spreads.length > 0 ? spreads : rows.map(({ mean }) => Math.abs(mean) / 100).filter((size) => size > 0);
  if (sizes.length === 0) return 4;
  const middle = [...sizes].sort((a, b) => a - b)[sizes.length >> 1] ?? 1;
  return Math.min(6, Math.max(0, 1 - Math.floor(Math.log10(middle))));
}

/** A mean at fixed decimals, or with an exponent where these would hide it. */
export function formatMean(mean: number, decimals: number): string {
  const size = Math.abs(mean);
  if (size >= 1e7 || (size > 0 && size < 10 ** -decimals)) return mean.toExponential(3);
  return mean.toFixed(decimals);
}
