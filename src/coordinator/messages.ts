/** What the supervisor and the coordinator's process say to each other: plain data, checked where it arrives. */

import { z } from 'zod';

const backend = z.enum(['native', 'wasm', 'cpu']);
const lossCause = z.enum(['crashed', 'out_of_memory', 'stalled', 'killed']);

/** Everything that a coordinator must know; the sweep itself is in the database. */
const begin = z.object({
  type: z.literal('begin'),
  /** Absolute path. */
  database: z.string(),
  /** Database id of the sweep. */
  sweep: z.number(),
  workers: z.number(),
  backend,
  /** Milliseconds since 1970 at which the run stops; null for none. */
  deadline: z.number().nullable(),
  /** Where data files and modules lie now, by their SHA-256: the sweep may have been moved since it was made. */
  files: z.record(z.string(), z.string()),
  /** Seconds between two checkpoints of a trial at least. */
  checkpointSeconds: z.number(),
  /** Bytes of resident memory above which the coordinator ends, to be started again. */
  memoryLimit: z.number(),
  /** Whether workers are given up to other sweeps that run on this database. */
  share: z.boolean(),
  /** What took the coordinator before this one down; null for a first one, and after an end that was meant. */
  previous: z.object({ cause: lossCause, message: z.string() }).nullable(),
});

const toCoordinator = z.discriminatedUnion('type', [
  begin,
  z.object({ type: z.literal('stop'), when: z.enum(['chunk', 'now']) }),
]);
export type Begin = z.infer<typeof begin>;
export type ToCoordinator = z.infer<typeof toCoordinator>;

const trialEnd = z.object({
  trial: z.number(),
  state: z.enum(['completed', 'failed']),
  epochs: z.number(),
  seconds: z.number(),
  /** The objective at the kept epoch. */
  objective: z.number().nullable(),
  failure_kind: z.string().nullable(),
  message: z.string().nullable(),
});
const freshTrial = z.object({ trial: z.number(), epoch: z.number(), train_loss: z.number().nullable() });
const problem = z.object({
  message: z.string(),
  position: z
    .object({ file: z.string(), line: z.number().exactOptional(), column: z.number().exactOptional() })
    .exactOptional(),
  path: z.string().exactOptional(),
  hint: z.string().exactOptional(),
});

const fromCoordinator = z.discriminatedUnion('type', [
  /** It holds the sweep, and training begins. */
  z.object({
    type: z.literal('running'),
    run: z.number(),
    recovered: z.number(),
    /** Trials that may have taken a coordinator down and wait to be tried apart from the others. */
    suspects: z.number(),
  }),
  /** What has been committed since the last report, and where the running trials are. */
  z.object({
    type: z.literal('report'),
    started: z.array(z.number()),
    ended: z.array(trialEnd),
    running: z.array(freshTrial),
  }),
  z.object({ type: z.literal('notice'), level: z.enum(['info', 'warning', 'error']), message: z.string() }),
  /** Why nothing is started at this moment; null when it goes on. */
  z.object({ type: z.literal('holding'), reason: z.enum(['paused', 'disk']).nullable(), message: z.string() }),
  /** It must end, cannot in good order, and sends itself SIGKILL: no other end is sure where native code holds a thread. */
  z.object({ type: z.literal('dying'), cause: lossCause, message: z.string() }),
  /** `restart`: memory is to be given back, and the next coordinator goes on. */
  z.object({ type: z.literal('ended'), outcome: z.enum(['finished', 'stopped', 'deadline', 'restart']) }),
  /** It could not go on; everything committed stays. */
  z.object({
    type: z.literal('failed'),
    code: z.enum(['usage', 'definition', 'data', 'database', 'conflict', 'backend', 'internal']),
    problems: z.array(problem),
  }),
]);
export type FromCoordinator = z.infer<typeof fromCoordinator>;
export type TrialEnd = z.infer<typeof trialEnd>;
export type RunOutcome = Extract<FromCoordinator, { type: 'ended' }>['outcome'];

export function parseToCoordinator(message: unknown): ToCoordinator {
  return toCoordinator.parse(message);
}

export function parseFromCoordinator(message: unknown): FromCoordinator {
  return fromCoordinator.parse(message);
}
