/** What the dashboard remembers between frames: the sweep it shows, the view on top, and what is being asked of its user. */

import { setTimeout } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import type { CommandName } from '../../db/store.ts';
import { Frame, type Notice, type Question } from './components/frame.tsx';
import { Help } from './components/help.tsx';
import { NO_HISTORY, remember, type History } from './history.ts';
import { Inquiry } from './inquiry.ts';
import { OVERHEAD, type ScreenSize } from './layout.ts';
import type { QueryPort } from './queries.ts';
import { NO_SNAPSHOT, type Snapshot } from './snapshot.ts';
import type { Theme } from './theme.ts';
import type { Key, KeyHelp, Scene, View, Wish } from './view.ts';
import { CompareView } from './views/compare.tsx';
import { FailuresView } from './views/failures.tsx';
import { LogView } from './views/log.tsx';
import { OverviewView } from './views/overview.tsx';
import { SweepsView } from './views/sweeps.tsx';
import { TrialView } from './views/trial.tsx';
import { TrialsView } from './views/trials.tsx';

/** What the session asks of the program around it. */
export interface SessionHost {
  /** Draws a frame soon; at once where a key waits for it. */
  changed(urgent: boolean): void;
  /** `q`: the user has seen enough. */
  leave(): void;
  /** Ctrl-C, once for each press. */
  interrupt(): void;
  /** Where the views' questions are answered. */
  readonly queries: QueryPort;
  /** Asks the sweep's coordinator; resolves to a sentence on what has come of it. */
  control(sweep: string, command: CommandName): Promise<string>;
  /** Shows another sweep from now on; absent where only one can be shown. */
  readonly openSweep?: ((sweep: string) => void) | undefined;
  /** What `q` does, in words. */
  readonly leaving: string;
  /** What Ctrl-C does, in words, where that is something else. */
  readonly interrupting?: string | undefined;
}

const GENERAL_KEYS: readonly KeyHelp[] = [
  { key: '?', effect: 'help' },
  { key: 'q', effect: 'leaves' },
];

const QUESTIONS: Readonly<Record<CommandName, Question>> = {
  pause: { text: 'Pause the sweep?', remark: 'Its workers finish the running chunk and wait.' },
  resume: { text: 'Let the sweep go on?', remark: '' },
  stop: { text: 'Stop the sweep?', remark: 'Results are kept, `resume` goes on later.' },
};

export class Session {
  readonly #host: SessionHost;
  readonly #theme: Theme;
  readonly #size: () => ScreenSize;
  #snapshot: Snapshot | null = null;
  #history: History = NO_HISTORY;
  #notice: Notice | null = null;
  /** What keeps trials from being started: said as long as it lasts, unless there is something newer. */
  #holding: Notice | null = null;
  #sweeps: SweepsView | undefined;
  #tabs: readonly View[] = newTabs();
  #tab = 0;
  /** Views opened from a tab, the newest last. */
  #above: readonly View[] = [];
  #question: CommandName | undefined;
  #helpIsOpen = false;
  #inquiry: Inquiry | undefined;
  #inquiryOf: View | undefined;

  constructor(host: SessionHost, theme: Theme, size: () => ScreenSize) {
    this.#host = host;
    this.#theme = theme;
    this.#size = size;
  }

  /** Lists the sweeps, for the user to choose one. */
  browse(): void {
    this.#sweeps = new SweepsView(this.#snapshot?.sweep);
    this.#host.changed(true);
    this.#ask();
  }

  update(snapshot: Snapshot): void {
    if (this.#snapshot && this.#snapshot.sweep !== snapshot.sweep) this.#forget();
    const before = this.#snapshot;
    this.#snapshot = snapshot;
    this.#history = remember(this.#history, snapshot, Date.now());
    if (isDeepStrictEqual(before, snapshot)) return;
    this.#ask();
    this.#inquiry?.dataChanged();
    this.#host.changed(false);
  }

  say(notice: Notice): void {
    this.#notice = notice;
    this.#host.changed(true);
  }

  hold(holding: Notice | null): void {
    if (this.#notice === this.#holding) this.#notice = null;
    this.#holding = holding;
    this.#notice = holding ?? this.#notice;
    this.#host.changed(false);
  }

  /** Time has passed: a clock is shown that runs, or a list that nobody tells of changes. */
  tick(): void {
    if (this.#sweeps) this.#inquiry?.dataChanged();
    else if (this.#snapshot?.live) this.#host.changed(false);
  }

  onKey(key: Key): void {
    if (key === 'ctrl-c') {
      this.#host.interrupt();
      return;
    }
    // What was said has been read; what holds trials back goes on being said.
    this.#notice = this.#holding;
    if (this.#question !== undefined) this.#answer(this.#question, key);
    else if (this.#helpIsOpen) this.#helpIsOpen = false;
    else this.#obey(this.#view.onKey(key, this.#scene()) ?? this.#general(key));
    this.#ask();
    this.#host.changed(true);
  }

  /** The frame for now. */
  draw() {
    const scene = this.#scene();
    const view = this.#view;
    return (
      <Frame
        scene={scene}
        size={this.#size()}
        sweep={this.#sweeps ? null : this.#snapshot}
        tabs={this.#sweeps ? [view.title] : this.#titles()}
        active={this.#sweeps ? 0 : this.#tab}
        notice={this.#notice}
        question={this.#question === undefined ? null : QUESTIONS[this.#question]}
        keys={this.#helpIsOpen ? [{ key: 'any key', effect: 'closes the help' }] : this.#keys(view, scene)}
        generalKeys={this.#helpIsOpen || view.isTyping ? [] : GENERAL_KEYS}
      >
        {this.#helpIsOpen ? (
          <Help title={view.title} own={view.keys(scene)} general={this.#generalKeys()} scene={scene} />
        ) : (
          view.draw(scene)
        )}
      </Frame>
    );
  }

  /** Asks once more what the last frame shows; an answer that takes longer than `patience` milliseconds is given up. */
  async freshen(patience: number): Promise<void> {
    const overview = this.#tabs[0]!;
    const query = this.#snapshot && overview.query(this.#lastScene());
    if (!query) return;
    const over = new AbortController();
    const asked = this.#host.queries.ask(query).then(
      (answer) => overview.receive(answer),
      // The frame is then drawn from what is known.
      () => {},
    );
    await Promise.race([asked, setTimeout(patience, undefined, { signal: over.signal })]);
    over.abort();
  }

  /** The overview alone, for the last frame, which stays in the scroll-back. */
  drawLast() {
    const snapshot = this.#snapshot;
    if (!snapshot) return null;
    const scene = this.#lastScene();
    return (
      <Frame
        scene={scene}
        size={this.#size()}
        sweep={snapshot}
        tabs={[]}
        active={0}
        notice={null}
        question={null}
        keys={[]}
        generalKeys={[]}
      >
        {this.#tabs[0]!.draw(scene)}
      </Frame>
    );
  }

  close(): void {
    this.#inquiry?.close();
  }

  get #view(): View {
    return this.#sweeps ?? this.#above.at(-1) ?? this.#tabs[this.#tab]!;
  }

  #scene(): Scene {
    const { columns, rows } = this.#size();
    return {
      snapshot: this.#snapshot ?? NO_SNAPSHOT,
      history: this.#history,
      theme: this.#theme,
      area: { columns, rows: Math.max(1, rows - OVERHEAD) },
      now: Date.now(),
    };
  }

  #lastScene(): Scene {
    const { columns, rows } = this.#size();
    return { ...this.#scene(), area: { columns, rows: Math.max(1, rows - 2) }, isLast: true };
  }

  #titles(): readonly string[] {
    return this.#tabs.map((view, index) =>
      index === this.#tab ? (this.#above.at(-1)?.title ?? view.title) : view.title,
    );
  }

  /** Asks what the view on top wants to know. */
  #ask(): void {
    const view = this.#view;
    if (this.#inquiryOf !== view) {
      this.#inquiry?.close();
      this.#inquiryOf = view;
      this.#inquiry = new Inquiry(this.#host.queries, {
        answered: (answer, isNew) => {
          view.receive(answer);
          // What it knows now may make it ask for something else.
          this.#ask();
          this.#host.changed(isNew);
        },
        failed: (error) => this.say({ level: 'error', message: `this cannot be shown now: ${messageOf(error)}` }),
      });
    }
    if (this.#snapshot || this.#sweeps) this.#inquiry?.want(view.query(this.#scene()));
  }

  #obey(wish: Wish | undefined): void {
    switch (wish?.type) {
      case 'open-trial':
        this.#above = [...this.#above, new TrialView(wish.trial)];
        return;
      case 'open-sweep':
        this.#sweeps = undefined;
        if (wish.sweep !== this.#snapshot?.sweep) {
          this.#forget();
          this.#host.openSweep?.(wish.sweep);
        }
        return;
      case 'back':
        this.#back();
        return;
      case 'done':
      case undefined:
    }
  }

  /** What a key means in every view. */
  #general(key: Key): Wish | undefined {
    const number = /^[1-9]$/.test(key) ? Number(key) - 1 : undefined;
    if (key === 'q') this.#host.leave();
    else if (key === '?') this.#helpIsOpen = true;
    else if (key === 'escape') return { type: 'back' };
    else if (this.#sweeps) return undefined;
    else if (key === 'tab') this.#openTab((this.#tab + 1) % this.#tabs.length);
    else if (key === 'shift-tab') this.#openTab((this.#tab + this.#tabs.length - 1) % this.#tabs.length);
    else if (number !== undefined && number < this.#tabs.length) this.#openTab(number);
    else if (key === 'p') this.#control(this.#snapshot?.notice === null ? 'pause' : 'resume');
    else if (key === 'x') this.#control('stop');
    return undefined;
  }

  #openTab(index: number): void {
    this.#tab = index;
    this.#above = [];
  }

  #back(): void {
    if (this.#sweeps) {
      // Without a sweep behind it, there is nothing to go back to.
      if (this.#snapshot) this.#sweeps = undefined;
    } else if (this.#above.length > 0) this.#above = this.#above.slice(0, -1);
    else if (this.#tab !== 0) this.#openTab(0);
    else if (this.#host.openSweep) this.browse();
  }

  /** Asks before it does anything to a sweep, and says why it cannot. */
  #control(command: CommandName): void {
    if (this.#snapshot?.live) this.#question = command;
    else this.say({ level: 'info', message: 'no process runs this sweep now: there is nothing to pause or to stop' });
  }

  #answer(command: CommandName, key: Key): void {
    this.#question = undefined;
    const sweep = this.#snapshot?.sweep;
    if (key !== 'y' && key !== 'Y') return;
    if (sweep === undefined) return;
    this.say({ level: 'info', message: 'asking the coordinator' });
    this.#host.control(sweep, command).then(
      (message) => this.say({ level: 'info', message }),
      (error: unknown) => this.say({ level: 'error', message: messageOf(error) }),
    );
  }

  /** For the last line. */
  #keys(view: View, scene: Scene): readonly KeyHelp[] {
    const own = view.keys(scene);
    if (view.isTyping) return own;
    const canGoBack = this.#above.length > 0 || (this.#sweeps && this.#snapshot);
    return [...own, ...(canGoBack ? [{ key: 'esc', effect: 'back' }] : []), ...this.#sweepKeys()];
  }

  /** For the help. */
  #generalKeys(): readonly KeyHelp[] {
    const { interrupting, leaving, openSweep } = this.#host;
    return [
      ...this.#sweepKeys(),
      { key: 'esc', effect: openSweep ? 'back, at last to all sweeps' : 'back' },
      { key: 'q', effect: leaving },
      ...(interrupting === undefined ? [] : [{ key: 'Ctrl-C', effect: interrupting }]),
    ];
  }

  /** What applies wherever a sweep is shown. */
  #sweepKeys(): readonly KeyHelp[] {
    if (this.#sweeps) return [];
    const { live, notice } = this.#snapshot ?? NO_SNAPSHOT;
    return [
      { key: `tab 1-${this.#tabs.length}`, effect: 'views' },
      ...(live
        ? [
            { key: 'p', effect: notice === null ? 'pauses' : 'resumes' },
            { key: 'x', effect: 'stops' },
          ]
        : []),
    ];
  }

  /** All that belongs to the sweep shown so far. */
  #forget(): void {
    this.#snapshot = null;
    this.#history = NO_HISTORY;
    this.#notice = null;
    this.#holding = null;
    this.#tabs = newTabs();
    this.#tab = 0;
    this.#above = [];
  }
}

function newTabs(): readonly View[] {
  return [new OverviewView(), new TrialsView(), new CompareView(), new FailuresView(), new LogView()];
}

/** One line; the hint of our own errors stands on lines of its own. */
function messageOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n', 1)[0] ?? '';
}
