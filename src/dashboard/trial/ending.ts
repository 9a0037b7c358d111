/** How a trial stands, or why it stopped and what was kept of it, as sentences. Pure. */

import type { FailureKind } from '../../../src/executor/executor.ts';
import type { TrialState } from '../../../db/writes.ts';
import { counted } from '../../counted.ts';
import { goalOf, parseMetricName, type Goal } from '../../metrics.ts';
import type { Answer, Curve } from '../queries.ts';

type TrialAnswer = Omit<Answer<'trial'>, 'kind'>;
type Facts = TrialAnswer['facts'];

/** What decides which of two values of the objective is better. */
export interface Objective {
  readonly metric: string;
  readonly goal: Goal;
}

const FAILURES: Readonly<Record<FailureKind, string>> = {
  diverged: 'diverged',
  error: 'an error',
  out_of_memory: 'out of memory',
  crashed: 'crashed its process',
  stalled: 'gave no sign of life',
  timed_out: 'took too long',
};

/** Such as `early stopping at epoch 31 of 200; kept 24, where validation_loss is lowest`. */
export function endingOf({ facts, curves, checkpoint }: TrialAnswer, objective: Objective): string {
  const sentences: Readonly<Record<TrialState, () => string>> = {
    queued: () => waiting(facts, checkpoint?.epoch),
    running: () => training(facts),
    paused: () => `paused at ${epochOf(facts)}`,
    completed: () => [stopped(facts), kept(facts, curves, objective)].filter(Boolean).join('; '),
    pruned: () => [`pruned at ${epochOf(facts)}`, kept(facts, curves, objective)].filter(Boolean).join('; '),
    failed: () => `${failure(facts.failure_kind)} at ${epochOf(facts)}`,
    cancelled: () => `cancelled at ${epochOf(facts)}`,
  };
  return sentences[facts.state]();
}

/** `epoch 31 of 200`; the length of a module's own trial is known to the module alone, and then its budget is not said. */
export function epochOf({ epochs, budget }: Pick<Facts, 'epochs' | 'budget'>): string {
  return epochs > budget ? `epoch ${epochs}` : `epoch ${epochs} of ${budget}`;
}

function waiting({ attempts }: Facts, checkpoint: number | undefined): string {
  const lost = attempts.length === 0 ? '' : ` after ${counted(attempts.length, 'attempt')}`;
  return `waits for a worker${lost}${checkpoint === undefined ? '' : `, goes on from epoch ${checkpoint}`}`;
}

function training(facts: Facts): string {
  const attempt = facts.attempts.at(-1);
  if (attempt?.worker === null || attempt?.worker === undefined) return 'waits in a worker for a free slot';
  return `trains on worker ${attempt.worker}: ${epochOf(facts)}`;
}

function stopped(facts: Facts): string {
  if (facts.stop_reason === 'early_stopping') return `early stopping at ${epochOf(facts)}`;
  return facts.epochs === facts.budget ? `all ${counted(facts.epochs, 'epoch')}` : counted(facts.epochs, 'epoch');
}

function failure(kind: string | null): string {
  const known: Readonly<Record<string, string>> = FAILURES;
  return known[kind ?? ''] ?? kind ?? 'failed';
}

function kept({ kept_epoch: epoch, epochs }: Facts, curves: readonly Curve[], objective: Objective): string {
  if (epoch === null) return '';
  const best = bestAt(epoch, curves, objective);
  return [epoch === epochs ? 'kept the last' : `kept ${epoch}`, best].filter(Boolean).join(', ');
}

/** The curve of which this epoch is the best: looked for in the one that most stop by, the objective, then the others. */
function bestAt(epoch: number, curves: readonly Curve[], objective: Objective): string {
  const first = ['validation_loss', objective.metric];
  const ordered = [
    ...first.flatMap((name) => curves.find(({ metric }) => metric === name) ?? []),
    ...curves.filter(({ metric }) => metric.startsWith('validation_') && !first.includes(metric)),
  ];
  for (const { metric, epochs, values } of ordered) {
    const base = parseMetricName(metric)?.metric;
    const goal = metric === objective.metric ? objective.goal : base && goalOf(base);
    const value = values[epochs.indexOf(epoch)];
    if (goal === undefined || value === null || value === undefined) continue;
    const isBest = values.every((other) => other === null || (goal === 'minimize' ? value <= other : value >= other));
    if (isBest) return `where ${metric} is ${goal === 'minimize' ? 'lowest' : 'highest'}`;
  }
  return '';
}
