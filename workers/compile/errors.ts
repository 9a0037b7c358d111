/** The error of everything that cannot be compiled. */

/** Its message says what must hold, what was found, where, and what to do. */
export class CompileError extends Error {
  override readonly name = 'CompileError';
}
