/** The numbers of a run's command line: workers, and when it is to stop. Pure. */

import { secondsOf } from '../../duration.ts';
import { SweepError } from '../../errors.ts';

function usage(message: string, hint: string): SweepError {
  return new SweepError('usage', { message, hint });
}

/** Milliseconds of an option's `90s`, `45m`, `8h`, `1h30m`, `2d`. Errors: `SweepError` of code `usage`. */
export function parseDuration(text: string, option = '--for'): number {
  const seconds = secondsOf(text);
  if (seconds === undefined) {
    throw usage(`${option} must be a duration, but is "${text}"`, 'write it like 8h, 45m, 90s or 1h30m');
  }
  return 1000 * seconds;
}

/** Milliseconds since 1970 of the next time that a local clock shows `07:30`. Errors: `SweepError` of code `usage`. */
export function parseClock(text: string, now: Date): number {
  const [, hours, minutes] = /^(\d{1,2}):(\d{2})$/.exec(text) ?? [];
  if (hours === undefined || Number(hours) > 23 || Number(minutes) > 59) {
    throw usage(`--until must be a time of day, but is "${text}"`, 'write it like 07:30 or 23:00');
  }
  const at = new Date(now);
  at.setHours(Number(hours), Number(minutes), 0, 0);
  // By the calendar, not by 24 hours: a night may be longer or shorter.
  if (at.getTime() <= now.getTime()) at.setDate(at.getDate() + 1);
  return at.getTime();
}

/** Milliseconds since 1970; null for a run without a limit. */
export function deadlineOf(options: { readonly until?: string; readonly for?: string }, now: Date): number | null {
  if (options.until !== undefined && options.for !== undefined) {
    throw usage('--until and --for must not both be given', 'leave one of them out');
  }
  if (options.until !== undefined) return parseClock(options.until, now);
  return options.for === undefined ? null : now.getTime() + parseDuration(options.for);
}

const BYTES: Readonly<Record<string, number>> = { MB: 1e6, GB: 1e9, MiB: 2 ** 20, GiB: 2 ** 30 };

/** Bytes of `8GB`, `512MB`, `1.5GiB`. Errors: `SweepError` of code `usage`. */
export function parseMemory(text: string): number {
  const [, amount, unit] = /^(\d+(?:\.\d+)?)(MB|GB|MiB|GiB)$/.exec(text) ?? [];
  const bytes = Math.floor(Number(amount) * (BYTES[unit ?? ''] ?? Number.NaN));
  if (!(bytes > 0)) {
    throw usage(`--memory-limit must be an amount of memory, but is "${text}"`, 'write it like 8GB or 512MB');
  }
  return bytes;
}

/** As many as there are cores unless said otherwise, but never more than trials. Errors: `SweepError` of code `usage`. */
export function workerCount(asked: string | undefined, cores: number, trials: number): number {
  if (asked === undefined) return Math.max(1, Math.min(cores, trials));
  const workers = Number(asked);
  if (!/^\d+$/.test(asked) || workers < 1) {
    throw usage(`--workers must be a whole number from 1, but is "${asked}"`, `this machine has ${cores} cores`);
  }
  const most = Math.max(8, 4 * cores);
  if (workers > most) {
    throw usage(
      `--workers must be at most ${most} here, but is ${workers}`,
      `more than ${cores}, one for each core, gain nothing`,
    );
  }
  return Math.min(workers, Math.max(1, trials));
}
