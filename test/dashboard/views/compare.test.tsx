/** The view Compare: what it asks, what keys do, and its picture at every size. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Comparison } from '../../../src/dashboard/compare/comparison.ts';
import { columnsOf } from '../../../src/dashboard/text.ts';
import type { Scene } from '../../../src/dashboard/view.ts';
import { CompareView } from '../../../src/dashboard/views/compare.tsx';
import { BY_DROPOUT, BY_DROPOUT_AND_L2, BY_MOMENTUM, BY_RATE_AND_WIDTH, cell, levels } from '../compare/examples.ts';
import { AREAS, ASCII, linesOf, press, sceneOf } from './scene.tsx';

const EXAMPLES = { BY_DROPOUT, BY_MOMENTUM, BY_DROPOUT_AND_L2, BY_RATE_AND_WIDTH };

/** A scene of a sweep that searches what is compared, and one parameter more. */
function sceneFor({ parameters }: Pick<Comparison, 'parameters'>, more: Partial<Scene> = {}): Scene {
  return sceneOf({ sweep: { parameters: [...parameters, 'batch_size'] }, ...more });
}

/** A view that shows the comparison. */
function viewOf(comparison: Comparison): CompareView {
  const view = new CompareView();
  if (comparison.parameters.length > 1) press(view, sceneFor(comparison), 'c');
  view.receive({ kind: 'compare', ...comparison });
  return view;
}

function detailOf(view: CompareView, scene: Scene): string | undefined {
  return linesOf(view, scene).find((line) => /^▸ \w+ [^ ]+(:|,)/.test(line));
}

describe('the picture', () => {
  for (const [name, comparison] of Object.entries(EXAMPLES)) {
    for (const area of AREAS) {
      it(`draws ${name} in ${area.columns}x${area.rows}`, () => {
        const lines = linesOf(viewOf(comparison), sceneFor(comparison, { area }));
        expect(`\n${lines.join('\n')}\n`).toMatchSnapshot();
      });
    }
  }

  it('is never wider or taller than its area', () => {
    const area = fc.record({ columns: fc.integer({ min: 1, max: 200 }), rows: fc.integer({ min: 1, max: 60 }) });
    fc.assert(
      fc.property(fc.constantFrom(...Object.values(EXAMPLES)), area, (comparison, size) => {
        const lines = linesOf(viewOf(comparison), sceneFor(comparison, { area: size }));
        expect(lines.length).toBeLessThanOrEqual(size.rows);
        for (const line of lines) expect(columnsOf(line)).toBeLessThanOrEqual(size.columns);
      }),
      { numRuns: 30 },
    );
  });

  it('needs nothing but ASCII where there is nothing more', () => {
    for (const comparison of Object.values(EXAMPLES)) {
      const text = linesOf(viewOf(comparison), sceneFor(comparison, { theme: ASCII })).join('');
      expect(text).toMatch(/^[\x20-\x7e]*$/);
    }
  });

  it('marks the least mean as the best where less is better', () => {
    const lines = linesOf(viewOf(BY_MOMENTUM), sceneFor(BY_MOMENTUM));
    expect(lines.find((line) => /★ best +–/.test(line))).toMatch(/^▸ +0\.9 +0\.220/);
  });

  it('cleans and shortens long names of choices', () => {
    const choices = levels('sgd\u001b[2J', 'x'.repeat(90), 'adam');
    const lines = linesOf(viewOf({ ...BY_DROPOUT, levels: [choices] }), sceneFor(BY_DROPOUT));
    // eslint-disable-next-line no-control-regex
    expect(lines.join('')).not.toMatch(/\u001b\[2J/);
    const shortened = lines.filter((line) => /x{5}…/.test(line));
    expect(shortened.map((line) => line.includes('0.9793'))).toEqual([true, true]);
  });
});

describe('what it says instead of a picture', () => {
  it('knows sweeps that search nothing', () => {
    const scene = sceneOf({ sweep: { parameters: [] } });
    const view = new CompareView();
    expect(view.query(scene)).toBeUndefined();
    expect(view.keys(scene)).toEqual([]);
    expect(press(view, scene, 'c')).toBeUndefined();
    expect(linesOf(view, scene)).toEqual(['nothing is searched: there is one config, and nothing to compare']);
  });

  it('waits for the first completed trial', () => {
    const view = viewOf({ ...BY_DROPOUT, cells: [] });
    expect(linesOf(view, sceneFor(BY_DROPOUT))).toEqual([
      'r rows dropout  c columns none',
      'no trial has completed yet',
    ]);
    expect(() => press(view, sceneFor(BY_DROPOUT), 'down', 'end')).not.toThrow();
  });

  it('offers no choice where there is one parameter', () => {
    const scene = sceneOf({ sweep: { parameters: ['dropout'] } });
    const view = viewOf(BY_DROPOUT);
    expect(linesOf(view, scene)[0]).toBe('dropout  the only parameter that is searched');
    expect(view.keys(scene).map(({ key }) => key)).toEqual(['↑↓', '95 %']);
    press(view, scene, 'c', 'r', 'right');
    expect(view.query(scene)).toMatchObject({ parameters: ['dropout'] });
  });
});

describe('the choice of parameters', () => {
  const scene = sceneOf({ sweep: { parameters: ['dropout', 'l2', 'batch_size'] } });

  it('is asked for', () => {
    const view = new CompareView();
    expect(view.query(scene)).toEqual({ kind: 'compare', sweep: scene.snapshot.sweep, parameters: ['dropout'] });
    press(view, scene, 'right', 'c');
    expect(view.query(scene)).toMatchObject({ parameters: ['l2', 'dropout'] });
    press(view, scene, 'C', 'R');
    expect(view.query(scene)).toMatchObject({ parameters: ['dropout'] });
  });

  it('never shows the answer to another choice under its name', () => {
    const view = viewOf(BY_DROPOUT);
    press(view, scene, 'r');
    expect(linesOf(view, scene)).toEqual(['r rows l2  c columns none', 'reading']);
    view.receive({ kind: 'compare', ...BY_DROPOUT });
    expect(linesOf(view, scene)[1]).toBe('reading');
    view.receive({ kind: 'compare', ...BY_DROPOUT, parameters: ['l2'] });
    expect(linesOf(view, scene)[1]).toMatch(/^test_accuracy by l2 /);
    press(view, scene, 'R');
    expect(linesOf(view, scene)[1]).toMatch(/^test_accuracy by dropout /);
  });
});

describe('the selected cell', () => {
  it('is the best, and goes along with it, until it is moved', () => {
    const view = viewOf(BY_DROPOUT);
    const scene = sceneFor(BY_DROPOUT);
    expect(detailOf(view, scene)).toMatch(/^▸ dropout 0\.2: 0\.9793 \(0\.9753 to 0\.9833\) {2}n 17 .*★ best/);
    const changed = { ...BY_DROPOUT, cells: [...BY_DROPOUT.cells.slice(1), cell(0, 0, 0.99)] };
    view.receive({ kind: 'compare', ...changed });
    expect(detailOf(view, scene)).toMatch(/^▸ dropout 0: 0\.9900/);
    press(view, scene, 'down', 'j');
    view.receive({ kind: 'compare', ...BY_DROPOUT });
    expect(detailOf(view, scene)).toMatch(/^▸ dropout 0\.4: 0\.9761/);
  });

  it('moves in both directions of a map, also to where nothing has completed', () => {
    const view = viewOf(BY_DROPOUT_AND_L2);
    const scene = sceneFor(BY_DROPOUT_AND_L2);
    press(view, scene, 'left');
    expect(detailOf(view, scene)).toMatch(/^▸ dropout 0\.2, l2 0: 0\.9793/);
    press(view, scene, 'end', 'l', 'l', 'l');
    expect(detailOf(view, scene)).toBe('▸ dropout 0.4, l2 0.001: no completed trial');
  });

  it('is always in sight: the map scrolls under it', () => {
    const view = viewOf(BY_RATE_AND_WIDTH);
    const scene = sceneFor(BY_RATE_AND_WIDTH, { area: AREAS[2] });
    press(view, scene, 'home', ...Array<string>(9).fill('left'));
    expect(linesOf(view, scene)[0]).toBe('r learning_rate 1-3/12  c width 1-7/10');
    press(view, scene, 'end', ...Array<string>(9).fill('right'));
    const lines = linesOf(view, scene);
    expect(lines[0]).toBe('r learning_rate  c width');
    expect(lines[5]).toMatch(/▸.{2}$/);
  });

  it('leaves keys that mean nothing here to the dashboard', () => {
    expect(press(viewOf(BY_DROPOUT), sceneFor(BY_DROPOUT), 'q')).toBeUndefined();
  });
});
