/** What a rerun's process is asked and answers: plain data, checked where it arrives. */

import { z } from 'zod';

const request = z.object({
  /** Absolute path. */
  database: z.string(),
  /** Database ids. */
  sweep: z.number(),
  trials: z.array(z.number()),
  workers: z.number(),
  backend: z.enum(['native', 'wasm', 'cpu']),
});
export type RerunRequest = z.infer<typeof request>;

const answer = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('trained'),
    trial: z.number(),
    /** Recorded rows that were compared. */
    rows: z.number(),
    fingerprint: z.string(),
    /** What is not the same bits, the first few; empty where all are. */
    differences: z.array(z.string()),
  }),
  /** It could not go on. */
  z.object({ type: z.literal('failed'), message: z.string() }),
]);
export type RerunAnswer = z.infer<typeof answer>;

export function parseRerunRequest(message: unknown): RerunRequest {
  return request.parse(message);
}

export function parseRerunAnswer(message: unknown): RerunAnswer {
  return answer.parse(message);
}
