/** One or two searched parameters against the objective: intervals on a common scale, or a heat map. */

import { Box } from 'ink';
import type { ReactNode } from 'react';
import { fitChoice, stepColumns, stepRows, type Choice } from '../compare/choice.ts';
import { choiceLine } from '../compare/choice-line.ts';
import type { Comparison } from '../compare/comparison.ts';
import { layMap } from '../compare/map-layout.ts';
import { deservesChart } from '../compare/level-chart.ts';
import { Picture } from '../compare/picture.tsx';
import { fitPlace, movePlace, placeOfBest, type Place, type Window } from '../compare/place.ts';
import { planCompare, type ComparePlan } from '../compare/plan.ts';
import { LineView } from '../components/line-view.tsx';
import { fit, span } from '../line.ts';
import type { Answer, Query } from '../queries.ts';
import { DONE, type Key, type KeyHelp, type Scene, type View, type Wish } from '../view.ts';

/** All that is known of the choice, laid out for an area. */
interface Shown {
  readonly comparison: Comparison;
  readonly plan: ComparePlan;
  readonly window: Window;
  readonly place: Place;
}

export class CompareView implements View {
  readonly title = 'Compare';
  readonly isTyping = false;
  #wanted: Choice | undefined;
  /** By their parameters: what has been seen before shows at once, until it is read anew. */
  readonly #known = new Map<string, Comparison>();
  /** Undefined until it is moved: until then the best is selected, whichever it is. */
  #place: Place | undefined;

  query({ snapshot }: Scene): Query | undefined {
    const choice = fitChoice(this.#wanted, snapshot.parameters);
    return choice && { kind: 'compare', sweep: snapshot.sweep, parameters: parametersOf(choice) };
  }

  receive(answer: Answer): void {
    if (answer.kind === 'compare') this.#known.set(keyOf(answer.parameters), answer);
  }

  onKey(key: Key, scene: Scene): Wish | undefined {
    const choice = fitChoice(this.#wanted, scene.snapshot.parameters);
    if (!choice) return undefined;
    const chosen = choose(choice, key, scene.snapshot.parameters);
    if (chosen) {
      this.#wanted = chosen;
      this.#place = undefined;
      return DONE;
    }
    const shown = this.#shown(choice, scene);
    const moved = shown && movePlace(shown.place, key, shown.comparison, shown.window);
    if (!moved) return undefined;
    this.#place = moved;
    return DONE;
  }

  keys({ snapshot, theme }: Scene): readonly KeyHelp[] {
    const choice = fitChoice(this.#wanted, snapshot.parameters);
    if (!choice) return [];
    const { upDown, leftRight } = theme.glyphs;
    const isMap = choice.columns !== undefined;
    const selecting = { key: isMap ? `${upDown} ${leftRight}` : upDown, effect: 'selects' };
    const intervals = { key: '95 %', effect: 'pointwise t intervals; other parameters pooled' };
    if (snapshot.parameters.length === 1) return [selecting, intervals];
    return [
      selecting,
      { key: isMap ? 'r' : `r ${leftRight}`, effect: isMap ? 'rows' : 'parameter' },
      { key: 'c', effect: isMap ? 'columns' : 'second parameter' },
      { key: 'R C', effect: 'the ones before' },
      intervals,
    ];
  }

  draw(scene: Scene): ReactNode {
    const { snapshot, theme, area } = scene;
    const width = area.columns;
    const choice = fitChoice(this.#wanted, snapshot.parameters);
    const say = (text: string) => (
      <LineView theme={theme} spans={fit([span(text, 'quiet')], width, theme.glyphs.ellipsis)} />
    );
    if (!choice) return say('nothing is searched: there is one config, and nothing to compare');
    const shown = this.#shown(choice, scene);
    const { parameters } = snapshot;
    return (
      <Box flexDirection="column">
        <LineView theme={theme} spans={choiceLine({ choice, parameters, shown, theme, width })} />
        {!shown && say('reading')}
        {shown?.comparison.cells.length === 0 && say('no trial has completed yet')}
        {shown && shown.comparison.cells.length > 0 && <Picture {...shown} theme={theme} width={width} />}
      </Box>
    );
  }

  /** Undefined until it has been read. */
  #shown(choice: Choice, { theme, area }: Scene): Shown | undefined {
    const comparison = this.#known.get(keyOf(parametersOf(choice)));
    if (!comparison) return undefined;
    const isMap = choice.columns !== undefined;
    const plan = planCompare(area.rows, {
      levels: comparison.levels[0]?.length ?? 0,
      isMap,
      chart: deservesChart(comparison),
    });
    const window = { rows: plan.rows, columns: isMap ? layMap(comparison, theme, area.columns).count : 1 };
    return { comparison, plan, window, place: fitPlace(this.#place ?? placeOfBest(comparison), comparison, window) };
  }
}

/** Undefined for a key that chooses nothing. With one parameter alone, left and right have no cells to move between. */
function choose(choice: Choice, key: Key, parameters: readonly string[]): Choice | undefined {
  if (parameters.length < 2) return undefined;
  const isFree = choice.columns === undefined;
  if (key === 'r' || (isFree && (key === 'right' || key === 'l'))) return stepRows(choice, parameters, 1);
  if (key === 'R' || (isFree && (key === 'left' || key === 'h'))) return stepRows(choice, parameters, -1);
  if (key === 'c') return stepColumns(choice, parameters, 1);
  if (key === 'C') return stepColumns(choice, parameters, -1);
  return undefined;
}

function parametersOf({ rows, columns }: Choice): readonly [string] | readonly [string, string] {
  return columns === undefined ? [rows] : [rows, columns];
}

function keyOf(parameters: readonly string[]): string {
  return JSON.stringify(parameters);
}
