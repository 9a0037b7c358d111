/** A line of a log as lines of the screen: when, how bad, and all of the message, however long it is. Pure. */

import { span } from '../line.ts';
import type { LogLine } from '../queries.ts';
import { clean, wrap } from '../text.ts';
import type { Span, Tone } from '../theme.ts';

interface LevelLook {
  readonly word: string;
  readonly tone: Tone;
  /** Of the message after the word. */
  readonly message: Tone;
}

const LEVELS: Readonly<Record<LogLine['level'], LevelLook>> = {
  debug: { word: '', tone: 'quiet', message: 'quiet' },
  info: { word: '', tone: 'plain', message: 'plain' },
  warning: { word: 'warning:', tone: 'warning', message: 'plain' },
  error: { word: 'error:', tone: 'bad', message: 'plain' },
};
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
/** Columns that the message has at least: on a narrower screen it goes below the time. */
const LEAST_WIDTH = 16;

/** At least one line; those after the first are indented. `now`: milliseconds since 1970. */
export function logLines({ at, level, message }: LogLine, width: number, now: number): readonly (readonly Span[])[] {
  const look = LEVELS[level];
  const time = `${formatLogTime(at, now)}  `;
  const indent = width - time.length < LEAST_WIDTH ? 0 : time.length;
  const text = `${look.word} ${message}`.split('\n').flatMap((line) => wrap(clean(line), width - indent));
  const lines = text.map((line, index) => {
    const word = index === 0 ? line.slice(0, look.word.length) : '';
    return [span(word, look.tone), span(line.slice(word.length), look.message)];
  });
  if (indent === 0) return [[span(time, 'quiet')], ...lines];
  return lines.map((line, index) => [span(index === 0 ? time : ' '.repeat(indent), 'quiet'), ...line]);
}

/** Local time of day, with the day where it is another one than today. */
export function formatLogTime(at: number, now: number): string {
  const moment = new Date(at);
  const time = [moment.getHours(), moment.getMinutes(), moment.getSeconds()].map(twoDigits).join(':');
  if (moment.toDateString() === new Date(now).toDateString()) return time;
  return `${MONTHS[moment.getMonth()]} ${twoDigits(moment.getDate())} ${time}`;
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}
