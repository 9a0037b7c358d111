/** One trial: its learning curves, and all that is known of it. */

import { Box } from 'ink';
import { LineView } from '../components/line-view.tsx';
import { fit, span } from '../line.ts';
import type { Answer, Query } from '../queries.ts';
import { moveCursor } from '../lists/scrolling.ts';
import type { Snapshot } from '../snapshot.ts';
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
  /** Whose curves are shown; the first until another one is chosen. */
  #metric: string | undefined;
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
    const { groups, index } = this.#curves(scene);
    const group = groups[index];
    const step = key === 'right' || key === 'm' ? 1 : key === 'left' || key === 'M' ? -1 : 0;
    if (group && step !== 0) {
      this.#metric = groups[(index + step + groups.length) % groups.length]?.title;
      this.#isLog = null;
      return DONE;
    }
    if (group && key === 'l') {
      this.#isLog = !(this.#isLog ?? suitsLog(group));
      return DONE;
    }
    return this.#scroll(key, scene);
  }

  keys(scene: Scene): readonly KeyHelp[] {
    const { groups } = this.#curves(scene);
    const canScroll = (this.#page(scene)?.most ?? 0) > 0;
    const { leftRight, upDown } = scene.theme.glyphs;
    return [
      ...(canScroll ? [{ key: upDown, effect: 'scrolls' }] : []),
      ...(groups.length > 1 ? [{ key: leftRight, effect: 'metric' }] : []),
      ...(groups.length > 0 ? [{ key: 'l', effect: 'log scale' }] : []),
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

  /** All there are, and which of them are shown. */
  #curves({ snapshot }: Scene): { readonly groups: readonly CurveGroup[]; readonly index: number } {
    const groups = curveGroups(this.#answer?.curves ?? [], snapshot.objective);
    return {
      groups,
      index: Math.max(
        0,
        groups.findIndex(({ title }) => title === this.#metric),
      ),
    };
  }

  /** Undefined until it has been read. */
  #page(scene: Scene): Page | undefined {
    const { snapshot, theme, area, now } = scene;
    const answer = this.#answer && freshened(this.#answer, snapshot);
    if (!answer) return undefined;
    const { groups, index } = this.#curves(scene);
    const group = groups[index];
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

/** With the epoch that the coordinator tells, which may be further than what is in the database. */
function freshened(answer: Answer<'trial'>, { running }: Snapshot): Answer<'trial'> {
  const { facts } = answer;
  const told = facts.state === 'running' ? running.find(({ trial }) => trial === facts.id) : undefined;
  return told ? { ...answer, facts: { ...facts, epochs: Math.max(facts.epochs, told.epoch) } } : answer;
}
