/** When a coordinator that died is started again. */

import { expect, test } from 'vitest';
import { RestartPolicy } from '../src/restart-policy.ts';

const MINUTE = 60_000;

test('ten deaths within an hour are followed by a restart at once, the eleventh by none', () => {
  const policy = new RestartPolicy();
  const life = { ran: true, progressed: true, bisecting: false };
  for (let death = 0; death < 10; death += 1) {
    expect(policy.afterDeath({ ...life, endedAt: death * MINUTE })).toEqual({ type: 'restart', afterMilliseconds: 0 });
  }
  expect(policy.afterDeath({ ...life, endedAt: 10 * MINUTE })).toMatchObject({ type: 'give_up' });
});

test('deaths of more than an hour ago do not count', () => {
  const policy = new RestartPolicy();
  for (let death = 0; death < 100; death += 1) {
    const life = { ran: true, progressed: true, bisecting: false };
    expect(policy.afterDeath({ ...life, endedAt: death * 6 * MINUTE })).toMatchObject({ type: 'restart' });
  }
});

test('deaths while a culprit is looked for do not count', () => {
  const policy = new RestartPolicy();
  for (let death = 0; death < 50; death += 1) {
    const life = { ran: true, progressed: death % 8 === 7, bisecting: true };
    expect(policy.afterDeath({ ...life, endedAt: death })).toMatchObject({ type: 'restart' });
  }
});

test('a search for a culprit in which no trial ever gets on is given up: the machine is at fault', () => {
  const policy = new RestartPolicy();
  const life = { ran: true, progressed: false, bisecting: true };
  for (let death = 0; death < 19; death += 1) {
    expect(policy.afterDeath({ ...life, endedAt: death })).toMatchObject({ type: 'restart' });
  }
  expect(policy.afterDeath({ ...life, endedAt: 19 })).toMatchObject({ type: 'give_up' });
});

test('children that die before they train get longer pauses, and the third in a row is the last', () => {
  const policy = new RestartPolicy();
  const falseStart = { ran: false, progressed: false, bisecting: false, endedAt: 0 };
  const pause = (afterMilliseconds: number) => ({ type: 'restart', afterMilliseconds });
  expect(policy.afterDeath(falseStart)).toEqual(pause(200));
  expect(policy.afterDeath(falseStart)).toEqual(pause(400));
  expect(policy.afterDeath({ ...falseStart, ran: true })).toEqual(pause(0));
  expect(policy.afterDeath(falseStart)).toEqual(pause(200));
  expect(policy.afterDeath(falseStart)).toEqual(pause(400));
  expect(policy.afterDeath(falseStart)).toMatchObject({ type: 'give_up', reason: expect.stringContaining('3 times') });
});
