/** The seam between a running sweep and what its user sees: the Ink dashboard, plain lines, or JSON events. */

import type { CommandName } from '../../db/store.ts';
import type { TrialState } from '../../db/writes.ts';
import type { Params } from '../definition/resolved.ts';
import type { Goal } from '../metrics.ts';
import type { QueryPort } from './queries.ts';
import type { Snapshot } from './snapshot.ts';

export type NoticeLevel = 'info' | 'warning' | 'error';

/** What happened, once each and in order. `--json` prints them as they are, see `json.ts`. */
export type DisplayEvent =
  | {
      readonly type: 'started';
      readonly sweep: string;
      readonly database: string;
      readonly objective: string;
      readonly goal: Goal;
      readonly configs: number;
      readonly replicates: number;
      /** All trials of the sweep, and those of them that had ended before this run. */
      readonly trials: number;
      readonly trials_ended: number;
      readonly workers: number | null;
      readonly backend: string | null;
    }
  | {
      readonly type: 'trial_started';
      readonly trial: number;
      readonly config: number;
      readonly replicate: number;
      readonly params: Params;
    }
  | {
      readonly type: 'trial_ended';
      readonly trial: number;
      readonly config: number;
      readonly replicate: number;
      readonly params: Params;
      readonly state: Extract<TrialState, 'completed' | 'pruned' | 'failed' | 'cancelled'>;
      /** Epochs trained. */
      readonly epochs: number;
      readonly seconds: number | null;
      /** The objective at the kept epoch; null where there is none. */
      readonly objective: number | null;
      /** Both null unless the trial failed. */
      readonly failure_kind: string | null;
      readonly message: string | null;
    }
  | { readonly type: 'notice'; readonly level: NoticeLevel; readonly message: string }
  | {
      readonly type: 'holding';
      /** Why nothing is started now; null when it goes on. */
      readonly reason: 'paused' | 'disk' | null;
      readonly message: string;
    }
  | {
      readonly type: 'ended';
      /** `finished`: every trial ended. The other reasons leave trials that a later run goes on with. */
      readonly reason: 'finished' | 'stopped' | 'deadline' | 'interrupted' | 'error';
      readonly exit_code: number;
      readonly states: Readonly<Record<TrialState, number>>;
      /** Seconds that this run took. */
      readonly seconds: number;
    };

/**
 * One run, seen. Calls are cheap: a display coalesces snapshots and draws at its own pace.
 * Nothing may be called after `close`.
 */
export interface Display {
  /** The newest state of the sweep; earlier ones that were not drawn yet are dropped. */
  update(snapshot: Snapshot): void;
  event(event: DisplayEvent): void;
  /** Draws what is newest for the last time and gives the terminal back as it was. Never rejects. */
  close(): Promise<void>;
}

export type DisplayMode = 'dashboard' | 'plain' | 'json';

/** What the dashboard needs besides what it is told. */
export interface DashboardOptions {
  /** `run` owns the sweep: `q` leaves the dashboard only, Ctrl-C stops. `watch` looks on: both leave. */
  readonly command: 'run' | 'watch';
  /** The sweep to show; undefined lets the user choose one. */
  readonly sweep: string | undefined;
  /** Ctrl-C in the dashboard, where the terminal sends no SIGINT; called once for each press. */
  readonly onStop: () => void;
  /** `q` in the dashboard. */
  readonly onLeave: () => void;
  /** Where the views ask; belongs to whoever opened it. */
  readonly queries: QueryPort;
  /** Pauses, resumes or stops a sweep; resolves to a sentence on what has come of it. */
  readonly control: (sweep: string, command: CommandName) => Promise<string>;
  /** Shows another sweep of the database; absent where only one can be shown. */
  readonly openSweep?: (sweep: string) => void;
}

/** `--plain` and `--json` win; else a dashboard where there is a terminal of a useful size that a person looks at. */
export function chooseMode(
  flags: { readonly plain?: boolean | undefined; readonly json?: boolean | undefined },
  environment: Readonly<Record<string, string | undefined>> = process.env,
  terminal: { readonly input: boolean; readonly output: boolean } = {
    input: process.stdin.isTTY,
    output: process.stdout.isTTY,
  },
): DisplayMode {
  if (flags.json) return 'json';
  const automatic = Boolean(environment['CI']) || environment['TERM'] === 'dumb';
  if (flags.plain || automatic || !terminal.input || !terminal.output) return 'plain';
  return 'dashboard';
}

/** Opens the display of a mode on this process's terminal. Ink and React are loaded only for the dashboard. */
export async function openDisplay(mode: DisplayMode, options: () => DashboardOptions): Promise<Display> {
  return mode === 'dashboard' ? openInk(options()) : openLines(mode);
}

export async function openLines(mode: Exclude<DisplayMode, 'dashboard'>): Promise<Display> {
  if (mode === 'json') {
    const { JsonDisplay } = await import('./lines/json.ts');
    return new JsonDisplay(process.stdout);
  }
  const { PlainDisplay } = await import('./lines/plain.ts');
  return new PlainDisplay(process.stdout);
}

async function openInk(options: DashboardOptions): Promise<Display> {
  // React's development build measures every render and keeps the measurements: too much for a whole night.
  process.env['NODE_ENV'] ??= 'production';
  const { openDashboard } = await import('./ink.tsx');
  return openDashboard(options);
}
