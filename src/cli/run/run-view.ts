/** Shows one run: turns what the coordinator says, and what the database holds, into a display's snapshots and events. */

import type { Reader } from '../../../db/reader.ts';
import type { TrialRecord } from '../../../db/writes.ts';
import { counted } from '../../counted.ts';
import type { FromCoordinator } from '../../coordinator/messages.ts';
import type { Display, DisplayEvent, NoticeLevel } from '../../dashboard/display.ts';
import { SnapshotSource } from '../../dashboard/source.ts';
import type { AnySweep } from '../../definition/resolved.ts';
import { commandName } from '../command-name.ts';
import { databaseFlag } from '../next-step.ts';

export interface RunViewOptions {
  readonly sweep: AnySweep;
  readonly trials: readonly TrialRecord[];
  readonly database: string;
  readonly workers: number;
  readonly backend: string;
  readonly reader: Reader;
  readonly display: Display;
  /** What goes on when the dashboard has been left. */
  readonly openPlain: () => Promise<Display>;
}

type EndReason = Extract<DisplayEvent, { type: 'ended' }>['reason'];

export class RunView {
  readonly #options: RunViewOptions;
  readonly #source: SnapshotSource;
  readonly #places: ReadonlyMap<number, TrialRecord>;
  readonly #startedAt = Date.now();
  /** Undefined once it is closed: the terminal may be gone long before the run ends. */
  #display: Display | undefined;
  #leaving: Promise<void> | undefined;
  #hasBegun = false;

  constructor(options: RunViewOptions) {
    this.#options = options;
    this.#display = options.display;
    this.#places = new Map(options.trials.map((trial) => [trial.id, trial]));
    this.#source = new SnapshotSource(options.reader, options.sweep.name, {
      snapshot: (snapshot) => this.#display?.update(snapshot),
      failed: (error) => this.notice('warning', `the results cannot be shown now: ${String(error)}`),
    });
  }

  hear(message: FromCoordinator): void {
    switch (message.type) {
      case 'running':
        this.#begin(message.recovered);
        return;
      case 'report':
        for (const trial of message.started) this.#event({ type: 'trial_started', ...this.#place(trial) });
        for (const { trial, ...end } of message.ended)
          this.#event({ type: 'trial_ended', ...this.#place(trial), ...end });
        this.#source.refresh(message.running);
        return;
      case 'notice':
        this.notice(message.level, message.message);
        return;
      case 'holding':
        this.#event({ ...message, message: this.#sayHolding(message) });
        return;
      case 'dying':
      case 'ended':
      case 'failed':
      // The supervisor turns them into the run's end.
    }
  }

  notice(level: NoticeLevel, message: string): void {
    this.#event({ type: 'notice', level, message });
  }

  /** Shows how it ended, for the last time. */
  async end(reason: EndReason, exitCode: number): Promise<void> {
    this.#source.stop();
    await this.#leaving;
    if (!this.#display) return;
    this.#source.refresh([]);
    this.#source.read();
    const { states } = this.#options.reader.snapshot(this.#options.sweep.name);
    const seconds = (Date.now() - this.#startedAt) / 1000;
    this.#event({ type: 'ended', reason, exit_code: exitCode, states, seconds });
    await this.closeDisplay();
  }

  /** Closes the dashboard; the run goes on in plain lines. */
  leaveDashboard(): void {
    this.#leaving ??= (async () => {
      await this.closeDisplay();
      this.#display = await this.#options.openPlain();
      const { name } = this.#options.sweep;
      this.notice('info', `the run goes on; Ctrl-C stops it, \`watch ${name}\` shows the dashboard again`);
    })();
  }

  /** Gives the terminal back, whatever becomes of the run; once is enough. */
  async closeDisplay(): Promise<void> {
    const display = this.#display;
    this.#display = undefined;
    await display?.close();
  }

  /** Each coordinator of the run begins so; only the first is news. */
  #begin(recovered: number): void {
    if (!this.#hasBegun) this.#tellStart();
    if (recovered > 0) {
      this.notice(
        'info',
        `${counted(recovered, 'trial')} that ran when the last coordinator ended start again, from their checkpoints where they have some`,
      );
    }
    if (!this.#hasBegun) this.#source.start();
    this.#hasBegun = true;
  }

  #sayHolding({ reason, message }: Extract<FromCoordinator, { type: 'holding' }>): string {
    const { sweep, database } = this.#options;
    return reason === 'paused'
      ? `paused; to go on: ${commandName} resume ${sweep.name}${databaseFlag(database)}`
      : message;
  }

  #tellStart(): void {
    const { sweep, trials, database, workers, backend } = this.#options;
    this.#event({
      type: 'started',
      sweep: sweep.name,
      database,
      objective: sweep.objective.metric,
      goal: sweep.objective.goal,
      configs: sweep.configs.length,
      replicates: sweep.replicates.count,
      trials: trials.length,
      trials_ended: trials.filter(({ state }) => state !== 'queued' && state !== 'running').length,
      workers,
      backend,
    });
  }

  #place(id: number): {
    trial: number;
    config: number;
    replicate: number;
    params: AnySweep['configs'][number]['params'];
  } {
    const { config, replicate } = this.#places.get(id)!;
    return { trial: id, config, replicate, params: this.#options.sweep.configs[config]!.params };
  }

  #event(event: DisplayEvent): void {
    this.#display?.event(event);
  }
}
