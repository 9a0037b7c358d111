/** Chance for tests of the core. */

/** Integers in [0, bound) from a small generator of its own, so that a failing case can be replayed from its seed. */
export function drawing(seed: number): (bound: number) => number {
  let state = seed >>> 0;
  return (bound) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * bound);
  };
}
