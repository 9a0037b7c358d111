/** Who is suspect, who is guilty, and in which order suspects are tried. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Loss, LossCause } from '../../../db/writes.ts';
import { Suspects, convicted, isSuspect } from '../../../src/coordinator/core/suspects.ts';

function loss(cause: LossCause | null, alone = false): Loss {
  return { cause, alone };
}

/** `count` SIGKILLs, the newest `alone` of them without company. */
function kills(count: number, alone: number): Loss[] {
  return Array.from({ length: count }, (_, index) => loss('killed', index < alone));
}

describe('losses', () => {
  test.each([
    ['none', [], null],
    ['a crash alone', [loss('crashed', true)], 'crashed'],
    ['a stall alone after a crash in company', [loss('stalled', true), loss('crashed')], 'stalled'],
    ['a crash in company', [loss('crashed'), loss('out_of_memory', true)], null],
    ['a stop that nobody explains', [loss(null, true), loss('crashed', true)], null],
    ['seven kills alone', kills(7, 7), null],
    ['eight kills, three of them alone', kills(8, 3), 'crashed'],
    ['eight kills, two of them alone', kills(8, 2), null],
    ['eight kills, three of them alone, among stops', [...kills(3, 3), loss(null), ...kills(5, 0)], 'crashed'],
  ] as const)('%s: convicted of %s', (_, losses, kind) => {
    expect(convicted(losses)).toBe(kind);
  });

  test.each([
    ['none', [], false],
    ['a stop that nobody explains', [loss(null, true)], false],
    ['four kills', kills(4, 0), false],
    ['five kills', kills(5, 0), true],
    ['one crash in company', [loss('crashed')], true],
    ['memory that ran out before two kills', [...kills(2, 0), loss('out_of_memory')], true],
  ] as const)('%s: suspect is %s', (_, losses, suspect) => {
    expect(isSuspect(losses)).toBe(suspect);
  });
});

describe('suspects', () => {
  test('are tried by halves, those with the most losses first, the last one alone', () => {
    const losses = new Map([
      ['a', 1],
      ['b', 3],
      ['c', 1],
      ['d', 3],
      ['e', 3],
      ['f', 1],
    ]);
    const suspects = new Suspects(losses.keys(), (name) => losses.get(name)!);
    const groups: (readonly string[])[] = [];
    while (suspects.pending) {
      const group = suspects.nextGroup();
      groups.push(group);
      for (const name of group) suspects.ended(name);
    }
    expect(groups).toEqual([['b', 'd'], ['e'], ['a', 'c'], ['f']]);
  });

  test('are through with their second checkpoint or their end, and not before', () => {
    const suspects = new Suspects(['a', 'b', 'c', 'd'], () => 1);
    expect(suspects.nextGroup()).toEqual(['a', 'b']);
    suspects.checkpointed('a');
    suspects.checkpointed('c');
    expect([suspects.isOnProbation('a'), suspects.onProbation, suspects.waiting]).toEqual([true, 2, 2]);
    suspects.checkpointed('a');
    expect([suspects.isOnProbation('a'), suspects.onProbation]).toEqual([false, 1]);
    expect(() => suspects.nextGroup()).toThrow('A group of suspects is on probation already.');
    suspects.ended('b');
    expect(suspects.nextGroup()).toEqual(['c']);
  });

  test('give away a culprit within as many deaths as it takes to halve them down to one, and one more', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 300 }), fc.nat(), (count, pick) => {
        const culprit = pick % count;
        const losses = new Map(Array.from({ length: count }, (_, index) => [index, 1]));
        let deaths = 0;
        for (let guilty = false; !guilty;) {
          const suspects = new Suspects(losses.keys(), (index) => losses.get(index)!);
          let group = suspects.nextGroup();
          while (!group.includes(culprit)) {
            for (const index of group) {
              suspects.ended(index);
              losses.delete(index);
            }
            group = suspects.nextGroup();
          }
          deaths += 1;
          guilty = group.length === 1;
          for (const index of group) losses.set(index, losses.get(index)! + 1);
        }
        expect(deaths).toBeLessThanOrEqual(Math.ceil(Math.log2(count)) + 1);
      }),
    );
  });
});
