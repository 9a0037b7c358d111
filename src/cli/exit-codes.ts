/** How `run`, `resume` and `retry` end; documented in the help and the README. */

export const EXIT = { ended: 0, usage: 1, failedTrials: 2, stoppedEarly: 3, internal: 70 } as const;
