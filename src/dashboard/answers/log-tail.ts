/** The newest lines of a sweep's log: only its end is read, and afterwards only what has been added. */

import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import type { LogLine } from '../queries.ts';

/** Bytes at the end of a log that are shown, about. */
const WINDOW = 4 * 2 ** 20;
const MOST_LINES = 50_000;
const NEWLINE = 10;

export class LogTail {
  readonly #file: string;
  /** Oldest first. */
  #lines: string[] = [];
  /** A last line that has no end yet. */
  #rest = '';
  #inode = 0;
  /** Where the first byte lies that belongs to no line yet. */
  #end = 0;
  #changedAt = 0;

  constructor(file: string) {
    this.#file = file;
  }

  /** Whether there is a log; reads what is new in it. */
  update(): boolean {
    let file: number;
    try {
      file = openSync(this.#file, 'r');
    } catch {
      return false;
    }
    try {
      const { ino, size, mtimeMs } = fstatSync(file);
      if (ino !== this.#inode || size < this.#end) this.#forget(ino);
      if (size - this.#end > WINDOW) {
        this.#forget(ino);
        // The first newline ends a line whose beginning is not read.
        this.#add(readFrom(file, size - WINDOW, size), size - WINDOW, 1);
      } else this.#add(readFrom(file, this.#end, size), this.#end, 0);
      this.#changedAt = mtimeMs;
    } finally {
      closeSync(file);
    }
    return true;
  }

  get total(): number {
    return this.#lines.length + (this.#rest === '' ? 0 : 1);
  }

  /** Newest first. */
  lines(offset: number, count: number): LogLine[] {
    const end = this.total - offset;
    return Array.from({ length: Math.max(0, Math.min(count, end)) }, (_, index) => this.#line(end - 1 - index));
  }

  #forget(inode: number): void {
    this.#lines = [];
    this.#inode = inode;
    this.#end = 0;
  }

  /** @param skip lines at its beginning that are not whole */
  #add(bytes: Buffer, at: number, skip: number): void {
    const whole = bytes.lastIndexOf(NEWLINE) + 1;
    if (whole > 0)
      this.#lines.push(
        ...bytes
          .toString('utf8', 0, whole - 1)
          .split('\n')
          .slice(skip),
      );
    if (this.#lines.length > MOST_LINES) this.#lines = this.#lines.slice(-MOST_LINES);
    this.#rest = bytes.toString('utf8', whole);
    this.#end = at + whole;
  }

  #text(index: number): string {
    return this.#lines[index] ?? this.#rest;
  }

  #line(index: number): LogLine {
    const text = this.#text(index);
    return parseLine(text) ?? { at: this.#timeNear(index), level: 'info', message: text.trimEnd() };
  }

  /** What native libraries print has no time: it was written soon after the line before it. */
  #timeNear(index: number): number {
    for (let before = index - 1; before >= 0; before -= 1) {
      const known = parseLine(this.#text(before));
      if (known) return known.at;
    }
    for (let after = index + 1; after < this.total; after += 1) {
      const known = parseLine(this.#text(after));
      if (known) return known.at;
    }
    return this.#changedAt;
  }
}

function readFrom(file: number, from: number, to: number): Buffer {
  const bytes = Buffer.alloc(to - from);
  const length = readSync(file, bytes, 0, bytes.length, from);
  return bytes.subarray(0, length);
}

/** A line that our logger has written; undefined for any other. */
function parseLine(text: string): LogLine | undefined {
  if (!text.startsWith('{')) return undefined;
  let line: unknown;
  try {
    line = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof line !== 'object' || line === null || !('time' in line) || !('level' in line)) return undefined;
  const { time, level } = line;
  if (typeof time !== 'number' || typeof level !== 'number') return undefined;
  return { at: time, level: levelOf(level), message: 'msg' in line ? String(line.msg) : text };
}

/** Pino's levels. */
function levelOf(level: number): LogLine['level'] {
  if (level >= 50) return 'error';
  if (level >= 40) return 'warning';
  return level >= 30 ? 'info' : 'debug';
}
