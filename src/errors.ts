/** The one error that users see: a stable code, and what must hold, what was found, where, and what to do. */

export type SweepErrorCode =
  | 'usage' // a command line that cannot be carried out
  | 'definition' // the sweep file, or what it refers to
  | 'data' // the data that a definition names
  | 'database' // the SQLite file
  | 'conflict' // a sweep that exists with another definition, or is held by another process
  | 'backend' // the numerical backend cannot be had
  | 'internal'; // a defect of ours

/** A place in a file; `line` and `column` count from 1 and are absent where the format has no positions. */
export interface Position {
  readonly file: string;
  readonly line?: number;
  readonly column?: number;
}

/** One mistake. `message` says what must hold and what was found; `hint` what to do. */
export interface Problem {
  readonly message: string;
  readonly position?: Position;
  /** Path inside the definition, such as `search.l2.range`. */
  readonly path?: string;
  readonly hint?: string;
}

/** `file:line:col path: message (hint)`, as much of it as is known. */
export function formatProblem(problem: Problem): string {
  const { position, path, message, hint } = problem;
  const place = position
    ? [position.file, position.line, position.column].filter((part) => part !== undefined).join(':') + ' '
    : '';
  const subject = path ? `${path}: ` : '';
  return `${place}${subject}${message}${hint ? ` (${hint})` : ''}`;
}

export class SweepError extends Error {
  override readonly name = 'SweepError';
  readonly code: SweepErrorCode;
  /** All mistakes at once; never empty. */
  readonly problems: readonly Problem[];

  constructor(code: SweepErrorCode, problems: Problem | readonly Problem[]) {
    const list = 'message' in problems ? [problems] : problems;
    super(list.map(formatProblem).join('\n'));
    this.code = code;
    this.problems = list;
  }
}
