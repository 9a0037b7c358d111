/** One trial: its learning curves, and all that is known of it. */

import { Box } from 'ink';
import { LineView } from '../components/line-view.tsx';
import { fit, span } from '../line.ts';
import type { Answer, Query } from '../queries.ts';
import { moveCursor } from '../scrolling.ts';
import { curveGroups, suitsLog, type CurveGroup } from '../trial/curves.ts';
import { layPage, type Page } from '../trial/page.ts';
import { DONE, type Key, type KeyHelp, type Scene, type View, type Wish } from '../view.ts';

/** Recorded epochs for each column: as many as it has dots, with the lowest and the highest of each. */
const POINTS_PER_COLUMN = 4;

export class TrialView implements View {
  readonly title = 'Trial';
  readonly isTyping = false;
  readonly #trial: number;
  #answer: Answer<'trial'> | undefined;
  /** Index of the metric whose curves are shown. */
  #metric = 0;
  /** Chosen by the user; null for what suits the values. */
  #isLog: boolean | null = null;
  #top = 0;

  constructor(trial: number) {
    this.#trial = trial;
  }

  query({ area }: Scene): Query {
    return { kind: 'trial', trial: this.#trial, points: POINTS_PER_COLUMN * area.columns };
  }

  receive(answer: Answer): void {
    if (answer.kind === 'trial') this.#answer = answer;
  }

  onKey(key: Key, scene: Scene): Wish | undefined {
    const groups = this.#groups(scene);
    const step = key === 'right' || key === 'm' ? 1 : key === 'left' || key === 'M' ? -1 : 0;
    if (step !== 0 && groups.length > 0) {
      this.#metric = (this.#metric + step + groups.length) % groups.length;
      this.#isLog = null;
      return DONE;
    }
    const group = groups[this.#metric];
    if (key === 'l' && group) {
      this.#isLog = !(this.#isLog ?? suitsLog(group));
      return DONE;
    }
    return this.#scroll(key, scene);
  }

  keys(scene: Scene): readonly KeyHelp[] {
    const groups = this.#groups(scene);
    const canScroll = (this.#page(scene)?.most ?? 0) > 0;
    const { leftRight, upDown } = scene.theme.glyphs;
    return [
      ...(groups.length > 1 ? [{ key: leftRight, effect: 'metric' }] : []),
      ...(groups.length > 0 ? [{ key: 'l', effect: 'log scale' }] : []),
      ...(canScroll ? [{ key: upDown, effect: 'scrolls' }] : []),
    ];
  }

  draw(scene: Scene) {
    const { theme, area } = scene;
    const lines = this.#page(scene)?.lines ?? [fit([span('reading', 'quiet')], area.columns, theme.glyphs.ellipsis)];
    return (
      <Box flexDirection="column">
        {lines.map((spans, row) => (
          <LineView key={row} theme={theme} spans={spans} />
        ))}
      </Box>
    );
  }

  #groups({ snapshot }: Scene): readonly CurveGroup[] {
    return curveGroups(this.#answer?.curves ?? [], snapshot.objective);
  }

  /** Undefined until it has been read. */
  #page(scene: Scene): Page | undefined {
    const answer = this.#answer;
    if (!answer) return undefined;
    const { snapshot, theme, area, now } = scene;
    const group = this.#groups(scene)[this.#metric];
    return layPage({
      answer,
      objective: { metric: snapshot.objective, goal: snapshot.goal },
      chart: group && { group, keptEpoch: answer.facts.kept_epoch, isLog: this.#isLog },
      theme,
      area,
      now,
      top: this.#top,
    });
  }

  #scroll(key: Key, scene: Scene): Wish | undefined {
    const page = this.#page(scene);
    // Each place that it can be scrolled to is a row to choose.
    const moved = page && moveCursor({ selected: page.top, top: page.top }, key, page.most + 1, page.window);
    if (!moved) return undefined;
    this.#top = moved.selected;
    return DONE;
  }
}
