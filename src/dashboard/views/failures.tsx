import type { Answer, Query } from '../queries.ts';
import type { KeyHelp, View, Wish } from '../view.ts';

export class FailuresView implements View {
  readonly title = 'Failures';
  readonly isTyping = false;

  query(): Query | undefined {
    return undefined;
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
