import type { Answer, Query } from '../queries.ts';
import type { KeyHelp, View, Wish } from '../view.ts';

export class TrialView implements View {
  readonly title = 'Trial';
  readonly isTyping = false;

  readonly #trial: number;

  constructor(trial: number) {
    this.#trial = trial;
  }

  query(): Query | undefined {
    return { kind: 'trial', trial: this.#trial, points: 100 };
  }

  receive(_answer: Answer): void {}

  onKey(): Wish | undefined {
    return undefined;
  }

  keys(): readonly KeyHelp[] {
    return [];
  }

  draw() {
    return null;
  }
}
