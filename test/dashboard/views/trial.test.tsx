/** The view of one trial: curves and facts in every size, and what its keys do. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { layPage } from '../../../src/dashboard/trial/page.ts';
import { curveGroups } from '../../../src/dashboard/trial/curves.ts';
import { columnsOf } from '../../../src/dashboard/text.ts';
import { TrialView } from '../../../src/dashboard/views/trial.tsx';
import { SNAPSHOTS, STARTED } from '../../frames/snapshots.ts';
import { curveOf, FAILED, QUEUED, RUNNING, STOPPED, trialWith, type TrialAnswer } from '../trial/answers.ts';
import { AREAS, ASCII, linesOf, press, sceneOf, UNICODE } from './scene.tsx';

// The clock on the wall is that of Greenwich here.
process.env['TZ'] = 'UTC';

const LATER = STARTED + 90_000;
const scenes = AREAS.map((area) => sceneOf({ area, now: LATER }));
const [normal, wide, small] = scenes as [(typeof scenes)[0], (typeof scenes)[0], (typeof scenes)[0]];

function viewOf(answer: TrialAnswer): TrialView {
  const view = new TrialView(answer.facts.id);
  view.receive(answer);
  return view;
}

describe('the view of a trial', () => {
  it('shows curves above facts', () => {
    expect(linesOf(viewOf(STOPPED), normal)).toMatchSnapshot();
  });

  it('shows facts beside curves on a wide screen', () => {
    expect(linesOf(viewOf(STOPPED), wide)).toMatchSnapshot();
  });

  it('shows the curves first on a small screen, and the facts by scrolling', () => {
    const view = viewOf(STOPPED);
    expect(linesOf(view, small)).toMatchSnapshot();
    press(view, small, 'page-down');
    expect(linesOf(view, small)).toMatchSnapshot();
    press(view, small, 'end', 'home');
    expect(linesOf(view, small)[0]).toContain('1-7 of');
  });

  it('shows a failure with its message, its advice and its attempts, and a gap where the loss was not finite', () => {
    expect(linesOf(viewOf(FAILED), normal)).toMatchSnapshot();
  });

  it('says what there is to say of a trial that has not begun', () => {
    expect(linesOf(viewOf(QUEUED), normal)).toMatchSnapshot();
  });

  it('shows the metrics of a module by their names', () => {
    const own = { curves: [curveOf('reward', [1, 3, 2])], checkpoint: null };
    expect(linesOf(viewOf(trialWith({ metrics: { reward: 3, steps: 1200 } }, own)), normal)).toMatchSnapshot();
  });

  it('keeps to ASCII where it must', () => {
    for (const answer of [STOPPED, FAILED, RUNNING]) {
      for (const scene of scenes)
        expect(linesOf(viewOf(answer), { ...scene, theme: ASCII }).join('')).toMatch(/^[\x20-\x7e]*$/);
    }
  });

  it('goes through the metrics, and begins anew with the scale that suits each', () => {
    const view = viewOf(STOPPED);
    const title = () => linesOf(view, wide)[1]?.split('  ')[0];
    expect(title()).toBe('loss');
    press(view, wide, 'l');
    expect(title()).toBe('loss log');
    press(view, wide, 'right');
    expect(title()).toBe('accuracy');
    press(view, wide, 'm');
    expect(title()).toBe('loss');
    press(view, wide, 'left');
    expect(title()).toBe('accuracy');
  });

  it('turns the scale that it has chosen itself', () => {
    const view = viewOf(trialWith({}, { curves: [curveOf('train_loss', [100, 1, 0.1])] }));
    expect(linesOf(view, wide)[1]).toContain('loss log');
    press(view, wide, 'l');
    expect(linesOf(view, wide)[1]).not.toContain('log');
  });

  it('grows with its trial, and stays on the metric that was chosen', () => {
    const view = viewOf({ ...RUNNING, curves: RUNNING.curves.map((curve) => firstOf(curve, 10)) });
    press(view, normal, 'right');
    expect(linesOf(view, normal).slice(1, 13)).toMatchSnapshot();
    view.receive(RUNNING);
    expect(linesOf(view, normal).slice(1, 13)).toMatchSnapshot();
  });

  it('is as far as the coordinator says, where the database lags behind', () => {
    const [one] = SNAPSHOTS.running.running;
    const told = { running: [{ ...one!, trial: RUNNING.facts.id, epoch: 34 }] };
    const ending = (answer: TrialAnswer) => linesOf(viewOf(answer), sceneOf({ sweep: told, area: wide.area }))[1];
    expect(ending(RUNNING)).toContain('epoch 34 of 200');
    expect(ending(STOPPED)).toContain('epoch 31 of 200');
  });

  it('stays linear where nothing can be shown on a logarithmic scale', () => {
    const view = viewOf(trialWith({}, { curves: [curveOf('train_r2', [-3, -2, -1])] }));
    const before = linesOf(view, wide);
    press(view, wide, 'l');
    expect(linesOf(view, wide)).toEqual(before);
  });

  it('keeps to the metric by its name where a newer answer has more of them', () => {
    const view = viewOf(trialWith({}, { curves: [curveOf('reward', [1])] }));
    press(view, wide, 'right');
    view.receive(trialWith({}, { curves: [curveOf('length', [1]), curveOf('reward', [1, 2])] }));
    expect(linesOf(view, wide)[1]).toContain('reward');
  });

  it('names only keys that do something', () => {
    const keys = (answer: TrialAnswer, scene: (typeof scenes)[0]) =>
      viewOf(answer)
        .keys(scene)
        .map(({ key }) => key);
    expect(keys(STOPPED, small)).toEqual(['↑↓', '←→', 'l']);
    expect(keys(STOPPED, wide)).toEqual(['←→', 'l']);
    expect(keys(QUEUED, normal)).toEqual([]);
    expect(new TrialView(1).keys(normal)).toEqual([]);
  });

  it('leaves other keys to the dashboard, and all of them as long as nothing is known', () => {
    expect(press(viewOf(STOPPED), normal, 'q')).toBeUndefined();
    expect(press(viewOf(QUEUED), normal, 'l')).toBeUndefined();
    expect(press(new TrialView(1), normal, 'down')).toBeUndefined();
    expect(linesOf(new TrialView(1), normal)).toEqual(['reading']);
  });
});

describe('the page of a trial', () => {
  it('is never wider or taller than its area, whatever the trial', () => {
    const name = fc.oneof(fc.string({ maxLength: 60 }), fc.constantFrom('活性化関数', 'validation_loss', 'train_loss'));
    const value = fc.oneof(fc.double(), fc.constant(null));
    const answer = fc
      .record({
        base: fc.constantFrom(STOPPED, QUEUED, RUNNING, FAILED),
        params: fc.dictionary(name, fc.oneof(fc.double(), name)),
        metrics: fc.dictionary(name, value),
        message: fc.option(fc.string({ maxLength: 300 })),
        curves: fc.array(fc.tuple(name, fc.array(value, { maxLength: 20 })), { maxLength: 3 }),
      })
      .map(({ base, params, metrics, message, curves }) =>
        trialWith(
          { ...base.facts, params, metrics, attempts: base.facts.attempts.map((each) => ({ ...each, message })) },
          { curves: curves.map(([metric, values]) => curveOf(metric, values)) },
        ),
      );
    fc.assert(
      fc.property(
        answer,
        fc.integer({ min: 1, max: 200 }),
        fc.integer({ min: 1, max: 50 }),
        fc.nat(60),
        fc.constantFrom(UNICODE, ASCII),
        (some, columns, rows, top, theme) => {
          const [group] = curveGroups(some.curves, 'validation_accuracy');
          const page = layPage({
            answer: some,
            objective: { metric: 'validation_accuracy', goal: 'maximize' },
            chart: group && { group, keptEpoch: some.facts.kept_epoch, isLog: null },
            theme,
            area: { columns, rows },
            now: LATER,
            top,
          });
          expect(page.lines.length).toBeLessThanOrEqual(rows);
          expect(page.top).toBe(Math.min(top, page.most));
          for (const line of page.lines) {
            expect(columnsOf(line.map(({ text }) => text).join(''))).toBeLessThanOrEqual(columns);
          }
        },
      ),
    );
  });

  it('shows every line somewhere', () => {
    const view = viewOf(FAILED);
    const last = Array.from({ length: 20 }, () => {
      press(view, small, 'down');
      return linesOf(view, small).at(-1);
    });
    expect(last).toMatchSnapshot();
  });
});

function firstOf(curve: TrialAnswer['curves'][number], count: number): TrialAnswer['curves'][number] {
  return { ...curve, epochs: curve.epochs.slice(0, count), values: curve.values.slice(0, count) };
}
