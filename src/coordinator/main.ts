/** The coordinator's process: obeys its supervisor over IPC, owns the worker threads, and alone writes results. */

import { setTimeout } from 'node:timers/promises';
import { pino } from 'pino';
import { Store } from '../../db/store.ts';
import type { LossCause, Write } from '../../db/writes.ts';
import { counted } from '../counted.ts';
import { SweepError } from '../errors.ts';
import { failedLine, lostLine, runBegunLine, runEndedLine } from '../event-lines.ts';
import { localExecutor } from '../executor/local.ts';
import type { CoreState, Stop } from './core/state.ts';
import { hasEnded } from './core/trial-states.ts';
import { type Begin, type FromCoordinator, type TrialEnd, parseToCoordinator } from './messages.ts';
import { heapLimit, offerToOomKiller } from './memory.ts';
import { runSweepHere } from './run-sweep.ts';

/** Milliseconds between reports on running trials. */
const REPORT_INTERVAL = 200;
/** Milliseconds that a chunk may still last when the supervisor has gone. */
const LEAVING_PATIENCE = 5000;
/** Milliseconds in which the supervisor should have heard why we die. */
const LAST_WORDS_PATIENCE = 1000;

// Standard output is the log file, which the supervisor has opened for us.
const log = pino({ base: { pid: process.pid } });

let stopRun: ((when: Stop) => void) | undefined;
let stopAsked: Stop | undefined;
let over = false;

function stop(when: Stop): void {
  log.info(when === 'chunk' ? 'asked to stop after the running chunk' : 'asked to stop at once');
  stopAsked = when;
  stopRun?.(when);
}

/** Without a supervisor there is nobody to report to; sending then fails, which is no matter. */
function send(message: FromCoordinator): void {
  if (process.connected) process.send?.(message, undefined, undefined, () => {});
}

process.on('message', (message) => {
  const received = parseToCoordinator(message);
  if (received.type === 'stop') stop(received.when);
  else void main(received);
});
// The supervisor is gone, perhaps killed: what is committed stays, and a later run goes on from there.
process.on('disconnect', () => {
  if (over) return;
  if (!stopRun) process.exit();
  stop('chunk');
  void setTimeout(LEAVING_PATIENCE, undefined, { ref: false }).then(() => stop('now'));
});
process.on('SIGTERM', () => stop('chunk'));
process.on('SIGINT', () => stop('chunk'));
process.on('SIGHUP', () => {});
// A defect of ours. What is committed stays, and the next coordinator goes on.
process.on('uncaughtException', (error) => {
  log.fatal(error);
  void die('crashed', error.message);
});

/** Resolves when the supervisor's end has taken it, and all before it: disconnecting throws away what waits in the pipe. */
function sendLast(message: FromCoordinator): Promise<void> {
  return new Promise((resolve) => {
    if (!process.connected || !process.send) return resolve();
    process.send(message, undefined, undefined, () => resolve());
  });
}

/** Says why, and dies at once: `process.exit` would wait for threads that native code holds. */
async function die(cause: LossCause, message: string): Promise<void> {
  log.fatal({ cause }, message);
  // A supervisor that was suspended reads nothing.
  await Promise.race([sendLast({ type: 'dying', cause, message }), setTimeout(LAST_WORDS_PATIENCE)]);
  process.kill(process.pid, 'SIGKILL');
}

async function main(begin: Begin): Promise<void> {
  log.info(begin, 'a coordinator begins');
  if (begin.previous) log.warn(`the coordinator before this one died: ${begin.previous.message}`);
  offerToOomKiller();
  let last: FromCoordinator;
  try {
    const store = Store.open(begin.database);
    try {
      const outcome = await runAndReport(store, begin);
      last = { type: 'ended', outcome };
    } finally {
      store.close();
    }
  } catch (error) {
    log.error(error);
    last = describe(error);
    process.exitCode = 1;
  }
  over = true;
  // It may take long: a supervisor that was suspended with Ctrl-Z reads nothing.
  await sendLast(last);
  if (process.connected) process.disconnect();
}

async function runAndReport(store: Store, begin: Begin): ReturnType<typeof runSweepHere> {
  const { workers, backend } = begin;
  const heap = heapLimit(begin.memoryLimit, workers);
  const onError = (error: unknown): void => log.warn(error, `a worker thread without trials ended: ${String(error)}`);
  let reporter: Reporter | undefined;
  let started: number | undefined;
  const outcome = await runSweepHere(
    store,
    begin,
    () => localExecutor({ workers, backend, heapLimit: heap, onError }),
    {
      onRunning: ({ run, recovered, core, sweep, stop: stopNow }) => {
        stopRun = stopNow;
        started = run;
        log.info(`${runBegunLine(run, workers, backend)}: ${counted(waitingTrials(core), 'trial')} to go`);
        const suspects = core.suspects.waiting + core.suspects.onProbation;
        send({ type: 'running', run, recovered, suspects });
        reporter = new Reporter(core, sweep.objective.metric);
        // It was asked for while the data were being loaded.
        if (stopAsked) setImmediate(stopNow, stopAsked);
      },
      onCommitted: (writes) => reporter?.note(writes),
      onNotice: (level, message) => {
        log[level === 'warning' ? 'warn' : 'info'](message);
        send({ type: 'notice', level, message });
      },
      onHolding: (reason, message) => {
        log[reason === 'disk' ? 'warn' : 'info'](message);
        send({ type: 'holding', reason, message });
      },
      onFatal: (cause, message) => void die(cause, message),
    },
  ).finally(() => reporter?.close());
  if (started !== undefined) log.info(runEndedLine(started, outcome));
  return outcome;
}

/** Gathers what happened and tells the supervisor a few times a second. */
class Reporter {
  readonly #core: CoreState;
  readonly #objective: string;
  readonly #timer = setInterval(() => this.#tell(), REPORT_INTERVAL);
  #started: number[] = [];
  #ended: TrialEnd[] = [];

  constructor(core: CoreState, objective: string) {
    this.#core = core;
    this.#objective = objective;
  }

  note(writes: readonly Write[]): void {
    for (const write of writes) {
      if (write.type === 'attempt_placed') this.#started.push(write.trial);
      if (write.type === 'trial_ended') {
        const { trial, end, seconds, metrics, values, own } = write;
        const column = metrics.findIndex((name) => name === this.#objective);
        if (end.state === 'failed') {
          const { kind, epochs: epoch, message } = end;
          log.warn({ trial, stack: end.stack }, failedLine(this.#core.trials.get(trial)!, { kind, epoch, message }));
        }
        this.#ended.push({
          trial,
          state: end.state,
          epochs: end.epochs,
          seconds,
          objective: own?.[this.#objective] ?? values[column] ?? null,
          failure_kind: end.state === 'failed' ? end.kind : null,
          message: end.state === 'failed' ? end.message : null,
        });
      }
      if (write.type === 'attempt_lost' && write.outcome === 'retried') {
        log.warn({ trial: write.trial }, lostLine(this.#core.trials.get(write.trial)!, write.message));
      }
    }
  }

  close(): void {
    clearInterval(this.#timer);
    this.#tell();
  }

  #tell(): void {
    const running = [...this.#core.cohorts.values()].flatMap((cohort) =>
      [...cohort.open].flatMap(({ id, attempt }) =>
        attempt?.slot === undefined ? [] : [{ trial: id, epoch: attempt.epoch, train_loss: attempt.train_loss }],
      ),
    );
    send({ type: 'report', started: this.#started, ended: this.#ended, running });
    this.#started = [];
    this.#ended = [];
  }
}

function waitingTrials({ trials }: CoreState): number {
  return [...trials.values()].filter(({ state }) => !hasEnded(state)).length;
}

function describe(error: unknown): FromCoordinator {
  if (error instanceof SweepError) return { type: 'failed', code: error.code, problems: [...error.problems] };
  const message = error instanceof Error ? error.message : String(error);
  return { type: 'failed', code: 'internal', problems: [{ message }] };
}
