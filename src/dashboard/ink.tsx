/** The dashboard on a terminal: Ink lays out and reads keys, the painter draws, and all is given back at the end. */

import { render, type Instance } from 'ink';
import type { ReactNode } from 'react';
import type { Notice } from './components/frame.tsx';
import type { DashboardOptions, Display, DisplayEvent } from './display.ts';
import { FramePace } from './terminal/frame-pace.ts';
import { FrameSink } from './terminal/frame-sink.ts';
import { useKeys } from './terminal/use-keys.ts';
import { useUnmount } from './terminal/use-unmount.ts';
import type { ScreenSize } from './layout.ts';
import { Painter } from './terminal/painter.ts';
import { PlainDisplay } from './lines/plain.ts';
import { Session, type SessionHost } from './session.tsx';
import type { Snapshot } from './snapshot.ts';
import { themeFor, type Theme } from './theme.ts';
import type { Key } from './view.ts';

/** The last frame stays, so it may take a moment. */
const LAST_ANSWER_PATIENCE = 1000;
/** The clock in the header goes on between snapshots. */
const TICK = 1000;
const TICK_SLACK = 100;

export interface Terminal {
  readonly input: NodeJS.ReadStream;
  readonly output: NodeJS.WriteStream;
}

export function openDashboard(
  options: DashboardOptions,
  terminal: Terminal = { input: process.stdin, output: process.stdout },
): Display {
  return new InkDisplay(options, terminal, themeFor());
}

class InkDisplay implements Display {
  readonly #terminal: Terminal;
  readonly #painter: Painter;
  readonly #session: Session;
  readonly #ink: Instance;
  readonly #ticking: NodeJS.Timeout;
  /** Warnings and errors, said again below the last frame: the notice shows only the newest. */
  readonly #kept: Notice[] = [];
  #closed = false;
  #lastFrame = '';
  readonly #pace = new FramePace(performance.now());
  #pending: { readonly timer: NodeJS.Timeout; readonly urgent: boolean } | undefined;
  /** Takes over when our own drawing breaks: the run does not depend on it. */
  #fallback: PlainDisplay | undefined;

  constructor(options: DashboardOptions, terminal: Terminal, theme: Theme) {
    this.#terminal = terminal;
    const { input, output } = terminal;
    // A terminal that is gone (SIGHUP) answers writes with an error event, which must not end the process.
    if (!output.listeners('error').includes(ignore)) output.on('error', ignore);
    output.on('resize', this.#draw);
    this.#painter = new Painter((text) => output.write(text));
    this.#session = new Session(
      hostFor(options, (urgent) => this.#request(urgent)),
      theme,
      () => this.#size(),
    );
    const sink = new FrameSink(
      () => this.#size(),
      (frame) => {
        this.#lastFrame = frame;
        this.#painter.paint(frame, this.#size());
      },
    );
    // In debug mode Ink hands over every frame whole, without escape sequences around it.
    this.#ink = render(this.#tree(), {
      stdout: sink.asTerminal(),
      stdin: input,
      debug: true,
      exitOnCtrlC: false,
      patchConsole: false,
    });
    this.#ink.waitUntilExit().catch((error: unknown) => this.#fallBack(error));
    this.#ticking = setInterval(() => this.#tick(), TICK);
    this.#ticking.unref();
    if (options.openSweep && !options.sweep) this.#session.browse();
  }

  update(snapshot: Snapshot): void {
    this.#guarded(() => this.#session.update(snapshot));
    this.#fallback?.update(snapshot);
  }

  event(event: DisplayEvent): void {
    this.#fallback?.event(event);
    if (event.type === 'notice') this.#say(event);
    if (event.type === 'holding') {
      this.#session.hold(event.reason === null ? null : { level: 'warning', message: event.message });
    }
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    if (!this.#fallback) await this.#session.freshen(LAST_ANSWER_PATIENCE);
    if (this.#fallback) return this.#fallback.close();
    this.#draw();
    this.#release();
    const { output } = this.#terminal;
    if (this.#lastFrame !== '') output.write(`${this.#lastFrame}\n`);
    for (const { level, message } of this.#kept) output.write(`${level}: ${message}\n`);
  }

  #say({ level, message }: Notice): void {
    this.#session.say({ level, message });
    const known = this.#kept.some((notice) => notice.message === message);
    if (level !== 'info' && !known) this.#kept.push({ level, message });
  }

  /** A frame that came by itself has moved the clock on already. */
  #tick(): void {
    if (this.#pace.age(performance.now()) > TICK - TICK_SLACK) this.#session.tick();
  }

  /** Draws soon, but not more often than agreed. */
  #request(urgent: boolean): void {
    if (this.#closed || this.#fallback) return;
    if (this.#pending && (this.#pending.urgent || !urgent)) return;
    clearTimeout(this.#pending?.timer);
    this.#pending = { urgent, timer: setTimeout(this.#draw, this.#pace.wait(urgent, performance.now())) };
  }

  readonly #draw = (): void => {
    clearTimeout(this.#pending?.timer);
    this.#pending = undefined;
    this.#pace.drawn(performance.now());
    this.#ink.rerender(this.#tree());
  };

  #tree() {
    return (
      <Root
        onUnmount={() => this.#painter.leave()}
        onKey={(key) => this.#guarded(() => this.#session.onKey(key))}
        draw={() => (this.#closed ? this.#session.drawLast() : this.#session.draw())}
      />
    );
  }

  #size(): ScreenSize {
    const { columns, rows } = this.#terminal.output;
    return { columns: columns || 80, rows: rows || 24 };
  }

  #release(): void {
    clearInterval(this.#ticking);
    clearTimeout(this.#pending?.timer);
    this.#session.close();
    this.#terminal.output.off('resize', this.#draw);
    this.#ink.unmount();
    this.#painter.leave();
  }

  /** A defect of ours in the dashboard must not end a run. */
  #guarded(work: () => void): void {
    if (this.#fallback) return;
    try {
      work();
    } catch (error) {
      this.#fallBack(error);
    }
  }

  #fallBack(error: unknown): void {
    this.#release();
    this.#fallback = new PlainDisplay(this.#terminal.output);
    const reason = error instanceof Error ? error.message : String(error);
    this.#fallback.event({
      type: 'notice',
      level: 'error',
      message: `the dashboard broke, plain lines go on: ${reason}`,
    });
  }
}

/** `run` owns the sweep, so that Ctrl-C stops it; `watch` only looks on, and both keys leave. */
function hostFor(options: DashboardOptions, changed: SessionHost['changed']): SessionHost {
  const { command, queries, control, openSweep, onStop, onLeave } = options;
  const isRun = command === 'run';
  return {
    changed,
    queries,
    control,
    openSweep,
    leave: onLeave,
    interrupt: onStop,
    leaving: isRun ? 'leaves, the run goes on' : 'leaves',
    interrupting: isRun ? 'stops the run (twice: at once)' : undefined,
  };
}

function Root({
  onUnmount,
  onKey,
  draw,
}: {
  readonly onUnmount: () => void;
  readonly onKey: (key: Key) => void;
  readonly draw: () => ReactNode;
}) {
  useKeys(onKey);
  useUnmount(onUnmount);
  // Here, not by whoever renders this: what it throws is then Ink's to catch.
  return draw();
}

/** One for all displays of the process: it stays, since what follows a display is written to the same terminal. */
function ignore(): void {}
