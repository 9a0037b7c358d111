/** Signals and Ctrl-C of a run: the first asks to stop at the next chunk, the second at once, the third kills. */

export type InterruptLevel = 'chunk' | 'now' | 'kill';

const LEVELS: readonly InterruptLevel[] = ['chunk', 'now', 'kill'];

export interface InterruptListener {
  readonly onInterrupt: (level: InterruptLevel) => void;
  /** The terminal is gone. */
  readonly onHangUp: () => void;
}

export class Interrupts {
  readonly #listener: InterruptListener;
  readonly #handlers: readonly (readonly [NodeJS.Signals, () => void])[];
  #count = 0;
  #first: 'SIGINT' | 'SIGTERM' | undefined;

  constructor(listener: InterruptListener) {
    this.#listener = listener;
    this.#handlers = [
      ['SIGINT', () => this.interrupt('SIGINT')],
      ['SIGTERM', () => this.interrupt('SIGTERM')],
      ['SIGHUP', () => listener.onHangUp()],
    ];
    for (const [signal, handler] of this.#handlers) process.on(signal, handler);
  }

  /** Also what Ctrl-C means where a dashboard reads the keys itself. */
  interrupt(signal: 'SIGINT' | 'SIGTERM'): void {
    this.#first ??= signal;
    const level = LEVELS[Math.min(this.#count, LEVELS.length - 1)]!;
    this.#count += 1;
    this.#listener.onInterrupt(level);
  }

  /** 128 plus the number of the signal that came first; undefined while none has. */
  get exitCode(): 130 | 143 | undefined {
    if (this.#first === undefined) return undefined;
    return this.#first === 'SIGINT' ? 130 : 143;
  }

  close(): void {
    for (const [signal, handler] of this.#handlers) process.off(signal, handler);
  }
}
