/** What happens in a sweep, in a line each: for its log, and for what is told without one. Pure. */

import { counted } from './counted.ts';

/** Where a trial is in its sweep. */
export interface TrialPlaceName {
  readonly config: number;
  readonly replicate: number;
}

/** `failed: config 3 rep 2, diverged at epoch 5: the training loss is not finite` */
export function failedLine(
  { config, replicate }: TrialPlaceName,
  { kind, epoch, message }: { readonly kind: string; readonly epoch: number | null; readonly message: string | null },
): string {
  const when = epoch === null ? '' : ` at epoch ${epoch}`;
  return `failed: config ${config} rep ${replicate}, ${kind}${when}${reason(message)}`;
}

/** Of an attempt without a result: its trial is tried again. */
export function lostLine({ config, replicate }: TrialPlaceName, message: string | null): string {
  return `lost, and tried again: config ${config} rep ${replicate}${reason(message)}`;
}

function reason(message: string | null): string {
  return message ? `: ${message}` : '';
}

/** `run 3 begins with 4 workers on backend native` */
export function runBegunLine(run: number, workers: number, backend: string): string {
  return `run ${run} begins with ${counted(workers, 'worker')} on backend ${backend}`;
}

const ENDS: Readonly<Record<string, string>> = {
  finished: 'every trial has ended',
  stopped: 'it was stopped; the next one goes on',
  deadline: 'the deadline has come; the next one goes on',
  restart: 'to give memory back; another coordinator goes on',
  failed: 'it could not go on',
};

/** @param outcome as the coordinator tells it, or as it is in the database; null where the process died */
export function runEndedLine(run: number, outcome: string | null): string {
  const how = outcome === null || outcome === 'lost' ? 'its process died' : (ENDS[outcome] ?? outcome);
  return `run ${run} ended: ${how}`;
}
