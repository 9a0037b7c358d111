import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FramePace } from '../../../src/dashboard/terminal/frame-pace.ts';

/** Draws as soon as it may whenever something wants to be drawn; wishes are gaps in milliseconds, and whether a key wants it. */
function draw(wishes: readonly (readonly [number, boolean])[]): readonly number[] {
  const pace = new FramePace(0);
  const drawn: number[] = [];
  let now = 0;
  for (const [gap, urgent] of wishes) {
    now += gap;
    now += pace.wait(urgent, now);
    pace.drawn(now);
    drawn.push(now);
  }
  return drawn;
}

test('no second has more than ten frames, whatever wants to be drawn', () => {
  const wish = fc.tuple(fc.integer({ min: 0, max: 300 }), fc.boolean());
  fc.assert(
    fc.property(fc.array(wish, { maxLength: 200 }), (wishes) => {
      const drawn = draw(wishes);
      for (const start of drawn)
        expect(drawn.filter((at) => at >= start && at < start + 1000).length).toBeLessThanOrEqual(10);
    }),
  );
});

test('a key is answered at once, however busy the data are', () => {
  const pace = new FramePace(0);
  for (let now = 0; now < 5000; now += 1) {
    if (pace.wait(false, now) === 0) pace.drawn(now);
    expect(pace.wait(true, now)).toBe(0);
  }
});

test('what merely changes is drawn twice a second', () => {
  expect(draw(Array.from({ length: 5 }, () => [10, false] as const))).toEqual([10, 510, 1010, 1510, 2010]);
});

test('a key held down draws evenly', () => {
  const drawn = draw(Array.from({ length: 40 }, () => [33, true] as const));
  const gaps = drawn.slice(3).map((at, index) => at - drawn[index + 2]!);
  expect(Math.max(...gaps)).toBeLessThanOrEqual(130);
});
