/** What a display and the thread behind its query port say to each other: plain data. */

import { SweepError, type Problem, type SweepErrorCode } from '../../errors.ts';
import type { Answer, Query } from '../queries.ts';

/** To the thread. */
export interface AskedQuery {
  readonly id: number;
  readonly query: Query;
}

/** An error as plain data: `code` is null where it is not a SweepError. */
export interface TroubleReport {
  readonly code: SweepErrorCode | null;
  readonly problems: readonly Problem[];
}

/** From the thread. */
export type GivenAnswer =
  { readonly id: number; readonly answer: Answer } | { readonly id: number; readonly trouble: TroubleReport };

export interface QueryThreadData {
  readonly database: string;
}

export function troubleOf(error: unknown): TroubleReport {
  if (error instanceof SweepError) return { code: error.code, problems: error.problems };
  return { code: null, problems: [{ message: error instanceof Error ? error.message : String(error) }] };
}

export function errorOf({ code, problems }: TroubleReport): Error {
  if (code !== null) return new SweepError(code, problems);
  return new Error(problems.map(({ message }) => message).join('\n'));
}
