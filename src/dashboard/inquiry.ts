/** Keeps what one view knows up to date: asks at once for something else, and again, unhurriedly, when the data change. */

import type { Answer, Query, QueryPort } from './queries.ts';

/** Milliseconds between two answers to the same question. */
const LEAST_GAP = 2000;
const LONGEST_GAP = 20_000;
/** An answer that cost c is followed by a pause of 50 c: looking on must not slow the sweep down. */
const PAUSE_PER_COST = 50;

export interface InquiryListener {
  /** `isNew`: to another question than the answer before. */
  answered(answer: Answer, isNew: boolean): void;
  failed(error: unknown): void;
}

export class Inquiry {
  readonly #port: QueryPort;
  readonly #listener: InquiryListener;
  #query: Query | undefined;
  /** The newest question, and the one that the newest answer belongs to, as text. */
  #wanted = '';
  #answered = '';
  #isStale = false;
  #isAsking = false;
  #isClosed = false;
  #notBefore = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(port: QueryPort, listener: InquiryListener) {
    this.#port = port;
    this.#listener = listener;
  }

  /** What the view wants to know now; the same question again costs nothing. */
  want(query: Query | undefined): void {
    const wanted = query ? JSON.stringify(query) : '';
    if (wanted === this.#wanted) return;
    this.#query = query;
    this.#wanted = wanted;
    this.#ask();
  }

  dataChanged(): void {
    this.#isStale = true;
    this.#ask();
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
  }

  #ask(): void {
    const query = this.#query;
    if (this.#isClosed || this.#isAsking || !query) return;
    const isNew = this.#wanted !== this.#answered;
    if (!isNew && !this.#isStale) return;
    clearTimeout(this.#timer);
    const wait = isNew ? 0 : this.#notBefore - performance.now();
    if (wait > 0) this.#timer = setTimeout(() => this.#ask(), wait).unref();
    else void this.#fetch(query, this.#wanted);
  }

  async #fetch(query: Query, wanted: string): Promise<void> {
    this.#isAsking = true;
    this.#isStale = false;
    const before = performance.now();
    const isNew = wanted !== this.#answered;
    try {
      const answer = await this.#port.ask(query);
      this.#isStale ||= answer.stale ?? false;
      if (!this.#isClosed) this.#listener.answered(answer, isNew);
    } catch (error) {
      if (!this.#isClosed) this.#listener.failed(error);
    }
    this.#isAsking = false;
    // Most of what the first answer costs is the start of whoever answers: it does not count.
    const isFirst = this.#answered === '';
    this.#answered = wanted;
    const now = performance.now();
    const pause = isFirst ? 0 : PAUSE_PER_COST * (now - before);
    this.#notBefore = now + Math.min(LONGEST_GAP, Math.max(LEAST_GAP, pause));
    this.#ask();
  }
}
