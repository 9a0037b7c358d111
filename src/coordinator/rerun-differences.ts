/** Compares a trial as the database has it with the same trial trained once more, bit for bit. Pure. */

import { type Numbers, type RecordedTrial, numbersOf } from '../../db/recorded-trial.ts';
import type { AttemptEnd, CohortEvent, EpochRow } from '../executor/executor.ts';

/** Beyond these, more differences say nothing new. */
const SHOWN = 3;

/** Gathers the events of one trial into what the store would have made of them. */
export class Retraining {
  #names: readonly string[] = [];
  readonly #rows = new Map<number, Numbers>();
  readonly #layers = new Map<number, Numbers>();
  #end: Extract<CohortEvent, { type: 'trial_ended' }> | undefined;
  fingerprint = '';

  hear(event: CohortEvent): void {
    if (event.type === 'cohort_started') {
      this.#names = event.metrics;
      this.fingerprint = event.fingerprint;
    } else if (event.type === 'progress') {
      for (const row of event.rows) this.#add(row);
    } else if (event.type === 'trial_ended') {
      this.#end = event;
    }
  }

  /** Undefined where the trial has not ended. */
  get trial(): RecordedTrial | undefined {
    if (!this.#end) return undefined;
    const { end, metrics, own } = this.#end;
    const results = end.state === 'completed' ? this.#numbers(metrics, own) : {};
    return { ...endFacts(end), epochs: end.epochs, results, rows: this.#rows, layers: this.#layers };
  }

  #add({ epoch, values, layers = [], own }: EpochRow): void {
    this.#rows.set(epoch, this.#numbers(values, own));
    const named = layers.flatMap(({ layer, ...row }) =>
      Object.entries(row).map(([name, value]) => [`${layer}.${name}`, value] as const),
    );
    if (named.length > 0) this.#layers.set(epoch, numbersOf(named));
  }

  #numbers(values: readonly (number | null)[], own: EpochRow['own']): Numbers {
    return numbersOf(own ? Object.entries(own) : this.#names.map((name, index) => [name, values[index]] as const));
  }
}

function endFacts(end: AttemptEnd): Pick<RecordedTrial, 'state' | 'failure_kind' | 'stop_reason' | 'kept_epoch'> {
  return end.state === 'completed'
    ? { state: 'completed', failure_kind: null, stop_reason: end.stop_reason, kept_epoch: end.kept_epoch }
    : { state: 'failed', failure_kind: end.kind, stop_reason: null, kept_epoch: null };
}

/** Sentences such as `epoch 7 train_loss: recorded 0.25, now 0.5`; empty where the two are the same. */
export function differencesOf(recorded: RecordedTrial, now: RecordedTrial): string[] {
  const all = allDifferences(recorded, now);
  return all.length > SHOWN ? [...all.slice(0, SHOWN), `and ${all.length - SHOWN} more`] : all;
}

function allDifferences(recorded: RecordedTrial, now: RecordedTrial): string[] {
  const facts = (['state', 'failure_kind', 'stop_reason', 'epochs', 'kept_epoch'] as const).flatMap((name) =>
    difference(name, recorded[name], now[name]),
  );
  return [
    ...facts,
    ...inNumbers('result', recorded.results, now.results),
    ...inRows('epoch', recorded.rows, now.rows),
    ...inRows('layers at epoch', recorded.layers, now.layers),
  ];
}

function inRows(what: string, recorded: RecordedTrial['rows'], now: RecordedTrial['rows']): string[] {
  const epochs = [...new Set([...recorded.keys(), ...now.keys()])].toSorted((a, b) => a - b);
  return epochs.flatMap((epoch) => inNumbers(`${what} ${epoch}`, recorded.get(epoch) ?? {}, now.get(epoch) ?? {}));
}

function inNumbers(where: string, recorded: Numbers, now: Numbers): string[] {
  const names = [...new Set([...Object.keys(recorded), ...Object.keys(now)])];
  return names.flatMap((name) => difference(`${where} ${name}`, recorded[name] ?? null, now[name] ?? null));
}

/** SQLite does not tell -0 from 0, and nothing else is equal with other bits. */
function difference(where: string, recorded: string | number | null, now: string | number | null): string[] {
  return recorded === now ? [] : [`${where}: recorded ${recorded ?? 'none'}, now ${now ?? 'none'}`];
}
