/** The model of a trial for an export, opened once however many formats it is written in. */

import type { TrialFacts } from '../../db/read-trial.ts';
import type { Reader } from '../../db/reader.ts';
import type { OpenModel } from './open-model.ts';

/** Which trial's. */
interface Wanted {
  readonly database: string;
  readonly sweep: string;
  /** `CONFIG/REPLICATE`; the best by default. */
  readonly trial?: string | undefined;
}

/** To be closed: it holds a process once it has been opened. */
export class SharedModel {
  readonly #reader: Reader;
  readonly #wanted: Wanted;
  #known: { readonly opened: OpenModel; readonly trial: TrialFacts } | undefined;

  constructor(reader: Reader, wanted: Wanted) {
    this.#reader = reader;
    this.#wanted = wanted;
  }

  /** @throws SweepError as `chosenTrial` and `openModel` do */
  async open(onTrain: () => void) {
    if (this.#known) return this.#known;
    const [{ chosenTrial }, { openModel }] = await Promise.all([
      import('./chosen-trial.ts'),
      import('./open-model.ts'),
    ]);
    const { sweep, trial: place, database } = this.#wanted;
    const trial = chosenTrial(this.#reader, place === undefined ? sweep : `${sweep}/${place}`);
    const opened = await openModel({ database, trial: trial.id, onTrain });
    return (this.#known = { opened, trial });
  }

  close(): void {
    this.#known?.opened.close();
  }
}
