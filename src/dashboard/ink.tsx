/** The dashboard on a terminal: Ink lays out and reads keys, the painter draws, and all is given back at the end. */

import { render, type Instance } from 'ink';
import type { ReactNode } from 'react';
import { DashboardView, type KeyHelp, type Notice } from './components/dashboard-view.tsx';
import type { Display, DisplayEvent, DisplayOptions } from './display.ts';
import { FrameSink } from './frame-sink.ts';
import { remember, type History } from './history.ts';
import { useKeys, type KeyActions } from './hooks/use-keys.ts';
import { useUnmount } from './hooks/use-unmount.ts';
import type { ScreenSize } from './layout.ts';
import { Painter } from './painter.ts';
import { PlainDisplay } from './plain.ts';
import type { Snapshot } from './snapshot.ts';
import { themeFor, type Theme } from './theme.ts';

/** At most ten frames a second. */
const FRAME_GAP = 100;
/** The clock in the header goes on between snapshots. */
const TICK = 1000;

export interface Terminal {
  readonly input: NodeJS.ReadStream;
  readonly output: NodeJS.WriteStream;
}

export function openDashboard(
  options: DisplayOptions,
  terminal: Terminal = { input: process.stdin, output: process.stdout },
): Display {
  return new InkDisplay(options, terminal, themeFor());
}

class InkDisplay implements Display {
  readonly #options: DisplayOptions;
  readonly #terminal: Terminal;
  readonly #theme: Theme;
  readonly #painter: Painter;
  readonly #ink: Instance;
  readonly #ticking: NodeJS.Timeout;
  #snapshot: Snapshot | null = null;
  #history: History = [];
  #notice: Notice | null = null;
  /** What keeps trials from being started. */
  #holding: Notice | null = null;
  /** Warnings and errors, said again below the last frame: the notice line shows only the newest. */
  readonly #kept: Notice[] = [];
  #ended = false;
  #closed = false;
  #lastFrame = '';
  #drawnAt = 0;
  #pending: NodeJS.Timeout | undefined;
  /** Takes over when our own drawing breaks: the run does not depend on it. */
  #fallback: PlainDisplay | undefined;

  constructor(options: DisplayOptions, terminal: Terminal, theme: Theme) {
    this.#options = options;
    this.#terminal = terminal;
    this.#theme = theme;
    const { input, output } = terminal;
    // A terminal that is gone (SIGHUP) answers writes with an error event, which must not end the process.
    if (!output.listeners('error').includes(ignore)) output.on('error', ignore);
    output.on('resize', this.#draw);
    this.#painter = new Painter((text) => output.write(text));
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
    this.#ticking = setInterval(() => this.#request(), TICK);
    this.#ticking.unref();
  }

  update(snapshot: Snapshot): void {
    this.#snapshot = snapshot;
    this.#history = remember(this.#history, snapshot, Date.now());
    this.#fallback?.update(snapshot);
    this.#request();
  }

  event(event: DisplayEvent): void {
    this.#fallback?.event(event);
    if (event.type === 'ended') this.#ended = true;
    if (event.type === 'notice') this.#say(event);
    if (event.type === 'holding') this.#hold(event);
    this.#request();
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    if (this.#fallback) return this.#fallback.close();
    this.#draw();
    this.#release();
    const { output } = this.#terminal;
    output.write(`${this.#lastFrame}\n`);
    for (const { level, message } of this.#kept) output.write(`${level}: ${message}\n`);
  }

  /** Said as long as it lasts, or until there is something newer. */
  #hold({ reason, message }: Extract<DisplayEvent, { type: 'holding' }>): void {
    if (this.#notice === this.#holding) this.#notice = null;
    this.#holding = reason === null ? null : { level: 'warning', message };
    this.#notice = this.#holding ?? this.#notice;
  }

  #say({ level, message }: Notice): void {
    this.#notice = { level, message };
    const known = this.#kept.some((notice) => notice.message === message);
    if (level !== 'info' && !known) this.#kept.push({ level, message });
  }

  /** Draws soon, but not more often than agreed. */
  #request(): void {
    if (this.#closed || this.#fallback || this.#pending) return;
    this.#pending = setTimeout(this.#draw, Math.max(0, this.#drawnAt + FRAME_GAP - Date.now()));
  }

  readonly #draw = (): void => {
    clearTimeout(this.#pending);
    this.#pending = undefined;
    this.#drawnAt = Date.now();
    this.#ink.rerender(this.#tree());
  };

  #tree() {
    return (
      <Root onUnmount={() => this.#painter.leave()} onInterrupt={this.#options.onStop} onQuit={this.#options.onLeave}>
        <DashboardView
          snapshot={this.#snapshot}
          history={this.#history}
          notice={this.#closed ? null : this.#notice}
          keys={this.#closed ? [] : this.#keys()}
          size={this.#size()}
          theme={this.#theme}
          now={Date.now()}
        />
      </Root>
    );
  }

  #keys(): readonly KeyHelp[] {
    if (this.#ended) return [{ key: 'q', effect: 'leaves' }];
    if (this.#options.command === 'watch') return [{ key: 'q', effect: 'leaves, the sweep goes on' }];
    return [
      { key: 'q', effect: 'leaves, the run goes on' },
      { key: 'Ctrl-C', effect: 'stops (twice: at once)' },
    ];
  }

  #size(): ScreenSize {
    const { columns, rows } = this.#terminal.output;
    return { columns: columns || 80, rows: rows || 24 };
  }

  #release(): void {
    clearInterval(this.#ticking);
    clearTimeout(this.#pending);
    this.#terminal.output.off('resize', this.#draw);
    this.#ink.unmount();
    this.#painter.leave();
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

function Root({
  onUnmount,
  children,
  ...keys
}: KeyActions & { readonly onUnmount: () => void; readonly children: ReactNode }) {
  useKeys(keys);
  useUnmount(onUnmount);
  return children;
}

/** One for all displays of the process: it stays, since what follows a display is written to the same terminal. */
function ignore(): void {}
