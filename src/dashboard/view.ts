/** A view of the dashboard: what one tab remembers, asks of the database, does with keys, and draws. */

import type { ReactNode } from 'react';
import type { History } from './history.ts';
import type { ScreenSize } from './layout.ts';
import type { Answer, Query } from './queries.ts';
import type { Snapshot } from './snapshot.ts';
import type { Theme } from './theme.ts';

/** A key that was pressed: one of these names, or the character itself (`j`, `/`, `G`). */
export type Key =
  | 'up'
  | 'down'
  | 'left'
  | 'right'
  | 'page-up'
  | 'page-down'
  | 'home'
  | 'end'
  | 'enter'
  | 'escape'
  | 'tab'
  | 'shift-tab'
  | 'backspace'
  | 'ctrl-u'
  | (string & {});

export interface KeyHelp {
  readonly key: string;
  readonly effect: string;
}

/** All that views may know besides their own memory. */
export interface Scene {
  readonly snapshot: Snapshot;
  readonly history: History;
  readonly theme: Theme;
  /** Columns and rows that the view may fill. */
  readonly area: ScreenSize;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** The frame stays in the scroll-back, where no key chooses anything. */
  readonly isLast?: boolean;
}

/** What a key asks of the dashboard around the view. */
export type Wish =
  /** The key did something inside the view. */
  | { readonly type: 'done' }
  | { readonly type: 'open-trial'; readonly trial: number }
  | { readonly type: 'open-sweep'; readonly sweep: string }
  /** To where one came from. */
  | { readonly type: 'back' };

export const DONE: Wish = { type: 'done' };

/** Views keep their memory themselves; only the dashboard calls them, and draws them anew after each call. */
export interface View {
  readonly title: string;
  /** Characters go into a line of text: no key has its usual meaning, but for Ctrl-C. */
  readonly isTyping: boolean;
  /** What it must know to be drawn; asked again when the answer may have changed. Undefined while it needs nothing. */
  query(scene: Scene): Query | undefined;
  /** The answer to the newest query that has been answered; older answers never come after newer ones. */
  receive(answer: Answer): void;
  /** Undefined: the key means nothing to this view, so it may have its general meaning. */
  onKey(key: Key, scene: Scene): Wish | undefined;
  /** Its own keys, the most important first: for the last line, and for the help. */
  keys(scene: Scene): readonly KeyHelp[];
  /** At most `scene.area.rows` lines, none wider than `scene.area.columns`. */
  draw(scene: Scene): ReactNode;
}
