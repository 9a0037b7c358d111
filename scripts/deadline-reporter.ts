/** A vitest reporter for runs that never end: where native code does not return, no timeout of a test can fire. */

import { relative } from 'node:path';
import type { Reporter, TestModule, Vitest } from 'vitest/node';

export class DeadlineReporter implements Reporter {
  readonly #minutes: number;
  readonly #unfinished = new Set<string>();
  #vitest: Vitest | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(minutes: number) {
    this.#minutes = minutes;
  }

  onInit(vitest: Vitest): void {
    this.#vitest = vitest;
  }

  onTestRunStart(): void {
    this.#timer = setTimeout(() => void this.#end(), this.#minutes * 60_000).unref();
  }

  onTestModuleQueued({ moduleId }: TestModule): void {
    this.#unfinished.add(relative('.', moduleId));
  }

  onTestModuleEnd({ moduleId }: TestModule): void {
    this.#unfinished.delete(relative('.', moduleId));
  }

  onTestRunEnd(): void {
    clearTimeout(this.#timer);
  }

  /** Names the files and stops the workers: asked a second time, vitest kills those that do not answer. */
  async #end(): Promise<void> {
    console.error(`Not finished after ${this.#minutes} minutes: ${[...this.#unfinished].join(', ')}`);
    process.exitCode = 1;
    const asked = this.#vitest!.cancelCurrentRun('test-failure');
    await this.#vitest!.cancelCurrentRun('test-failure');
    await asked;
  }
}
